import type { ExperimentSpec } from '../../contract/experiments.ts'
import type { QuestionOutput } from '../../contract/questions.ts'
import { indicesOf, isTuned } from '../../contract/strategies.ts'
import { scoredPairs, tunedExamples } from '../../costs/tuned-examples.ts'
import type { PlannedRun } from './plan-runs.ts'

export type Speed = QuestionOutput<'measure-speed'>

export type ModelSize = Pick<EstimateFacts, 'parameters' | 'hiddenSize'>

/** What is known about a model and the targets for an estimate. */
export interface EstimateFacts {
  speed: Speed
  parameters: number
  hiddenSize: number
  /** Test rows that are really there, and the mean length of an input, by target. */
  targets: ReadonlyMap<string, { rows: number; inputLength: number }>
}

type Costed = Pick<PlannedRun, 'strategy' | 'targetIds'>

/** Seconds that a run takes; where it takes over weights, only those of its answers. */
export function runSeconds(
  spec: ExperimentSpec,
  run: Costed,
  { speed, targets }: EstimateFacts,
  takesOver = false
): number {
  const rows = run.targetIds.reduce(
    (sum, id) => sum + Math.min(spec.evaluation.testExamples, targets.get(id)?.rows ?? 0),
    0
  )
  const evaluate = speed.startSeconds + rows * speed.evaluateSecondsPerExample
  if (!isTuned(run.strategy) || takesOver) return evaluate
  const searches = indicesOf(run.strategy, spec.retrieval).length > 0
  const retrieve = searches ? speed.startSeconds + spec.queries * speed.embedSecondsPerExample : 0
  const pairs = scoredPairs(run.strategy, spec.retrieval, spec.queries)
  const rerank = pairs === 0 ? 0 : speed.startSeconds + pairs * speed.rerankSecondsPerPair
  const tune = speed.startSeconds + tunedExamples(spec, spec.queries) * spec.tune.epochs * speed.tuneSecondsPerExample
  return evaluate + retrieve + rerank + tune
}

/** Bytes of a run's answers, of what it tuned, and the most that it takes while it tunes. */
export function runBytes(
  spec: ExperimentSpec,
  run: Costed,
  facts: EstimateFacts
): { answers: number; weights: number; whileTuning: number } {
  const answers = run.targetIds.reduce((sum, id) => {
    const target = facts.targets.get(id)
    return sum + Math.min(spec.evaluation.testExamples, target?.rows ?? 0) * ((target?.inputLength ?? 0) + 300)
  }, 0)
  if (!isTuned(run.strategy)) return { answers, weights: 0, whileTuning: 0 }
  const patch = 4 * tunedParameters(spec, facts)
  // A checkpoint holds the tuned weights and, with AdamW, two moments; a new one is written beside the old one.
  const moments = spec.tune.optimizer === 'adamw' ? 2 : 0.01
  return { answers, weights: weightBytes(spec, run, facts), whileTuning: 2 * patch * (1 + moments) }
}

/** Bytes of what a run has tuned: a patch of the base model for each stage; before an adapter's second stage a whole model. */
export function weightBytes(
  spec: ExperimentSpec,
  { strategy }: Pick<PlannedRun, 'strategy'>,
  facts: ModelSize
): number {
  if (!isTuned(strategy)) return 0
  const patch = 4 * tunedParameters(spec, facts)
  if (spec.tune.merge !== 'two-stage') return patch
  return patch + (spec.tune.method === 'lora' ? 4 * facts.parameters : patch)
}

/** How many weights a tuning changes; for blocks and adapters a close guess from the model's size. */
function tunedParameters(spec: ExperimentSpec, { parameters, hiddenSize }: ModelSize): number {
  const { method, lastBlocks, loraRank } = spec.tune
  // A decoder block of width d has about 16 d² weights, an encoder block about 12 d².
  const block = 28 * hiddenSize ** 2
  const blocks = Math.max(1, Math.round((parameters * 0.7) / block))
  if (method === 'last-blocks') return Math.min(parameters, lastBlocks * block)
  // Query and value projections: two in every encoder block, four in every decoder block.
  if (method === 'lora') return Math.min(parameters, blocks * 6 * 2 * hiddenSize * loraRank)
  return parameters
}
