import { Random } from '../../src/main/random/random.ts'
import type { StrategyName } from '../../src/main/contract/strategies.ts'
import type { ComparisonInput, RunAnswers, TargetRows } from '../../src/main/evaluation/comparison-input.ts'

/** Probability of a right answer, by strategy and target. */
export type Skill = Partial<Record<StrategyName, Record<string, number>>>

/** A made-up experiment whose true scores are known: every strategy answers with its own probability of being right. */
export function makeExperiment(
  skill: Skill,
  options: { items?: number; variants?: number; rounds?: number; seed?: number } = {}
): ComparisonInput {
  const { items = 80, variants = 3, rounds = 3, seed = 1 } = options
  const random = new Random(seed)
  const names = [...new Set(Object.values(skill).flatMap((byTarget) => Object.keys(byTarget)))]
  const targets: TargetRows[] = names.map((name) => ({
    id: `target-${name}`,
    name,
    references: Array.from({ length: items * variants }, () => ['yes']),
    sourceItems: Array.from({ length: items * variants }, (_, row) => Math.floor(row / variants))
  }))
  const runs = Object.entries(skill).flatMap(([strategy, byTarget]) =>
    Array.from({ length: strategy === 'zero-shot' ? 1 : rounds }, (_, round): RunAnswers => ({
      runId: `${strategy}-${round}`,
      strategy: strategy as StrategyName,
      ablatedGroup: null,
      round,
      seconds: 30 + round,
      retrieved: [],
      loss: null,
      outputs: new Map(
        targets.map((target) => {
          const luck = Array.from({ length: items }, () => random.chance(byTarget[target.name]!))
          const answer = (item: number) => (random.chance(0.8) ? luck[item]! : random.chance(byTarget[target.name]!))
          return [target.id, target.sourceItems.map((item) => (answer(item) ? 'yes' : 'no'))]
        })
      )
    }))
  )
  return {
    subject: { experimentId: 'experiment-1' },
    name: 'Made-up',
    metric: 'em',
    metrics: ['em', 'soft-em'],
    targets,
    runs
  }
}
