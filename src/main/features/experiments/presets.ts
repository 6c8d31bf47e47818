import { demoSettings } from './demo.ts'
import type { ExperimentSpec, PresetName } from '../../contract/experiments.ts'
import { evaluationSettingsSchema, retrievalSettingsSchema, tuneSettingsSchema } from '../../contract/run-settings.ts'
import type { Model } from '../../contract/models.ts'

type PresetSpec = Omit<ExperimentSpec, 'name' | 'models' | 'datasetId' | 'targetIds'>

/**
 * Where an experiment starts from. The schemas' own defaults are the paper's numbers, which were chosen for a model of
 * 406 million parameters. For another model what depends on its size is fitted to it.
 */
export function presetSpec(
  preset: PresetName,
  model: (Pick<Model, 'parameters'> & Partial<Pick<Model, 'foundRate'>>) | null = null
): PresetSpec {
  const spec = structuredClone(presets[preset])
  if (model === null) return spec
  const { parameters, foundRate } = model
  const found = foundRate?.method === spec.tune.method ? foundRate.rate : null
  return fitted(spec, parameters, found)
}

/** Two rates that were tried: the paper's for BART0, and the demo's for the model that comes with the lab. */
const paperModel = { parameters: 406e6, learningRate: 6e-6 }
const demoModel = { parameters: 1.3e6, learningRate: 1e-3 }

/** Below this many parameters a model is treated as the demo treats its own: more examples, larger steps, shorter texts. */
const tiny = 10e6

/**
 * Learning rate by size: on a straight line through the two rates that were tried, both axes logarithmic, and rounded
 * to one digit, as nobody knows it better than that.
 */
function learningRateFor(parameters: number): number {
  const slope =
    Math.log(demoModel.learningRate / paperModel.learningRate) / Math.log(demoModel.parameters / paperModel.parameters)
  const rate = paperModel.learningRate * (parameters / paperModel.parameters) ** slope
  return Number(Math.min(demoModel.learningRate, rate).toPrecision(1))
}

/** `found`: what a range test with this very model has found is better than what its size says. */
function fitted(spec: PresetSpec, parameters: number, found: number | null): PresetSpec {
  // The very sizes of the paper keep the very number of the paper.
  const near = Math.abs(Math.log(parameters / paperModel.parameters)) < 0.15
  const learningRate = found ?? (near ? paperModel.learningRate : learningRateFor(parameters))
  const { queryLearningRate } = spec.tune
  const rates = {
    learningRate,
    queryLearningRate: queryLearningRate && queryLearningRate * (learningRate / paperModel.learningRate)
  }
  if (parameters >= tiny) return { ...spec, tune: { ...spec.tune, ...rates } }
  const { retrieval, tune, evaluation } = demoSettings
  return {
    ...spec,
    retrieval: { ...spec.retrieval, budget: spec.retrieval.budget * (retrieval.budget / paper.retrieval.budget) },
    // What a preset is there for stays as it says.
    tune: { ...spec.tune, ...tune, ...differing(spec.tune, paper.tune), ...rates },
    evaluation: { ...spec.evaluation, ...evaluation }
  }
}

function differing<T extends object>(of: T, from: T): Partial<T> {
  return Object.fromEntries(Object.entries(of).filter(([name, value]) => value !== from[name as keyof T])) as Partial<T>
}

const paper: PresetSpec = {
  strategies: ['zero-shot', 'random', 'semantic', 'dense'],
  rounds: 5,
  queries: 16,
  retrieval: retrievalSettingsSchema.parse({}),
  tune: tuneSettingsSchema.parse({}),
  evaluation: evaluationSettingsSchema.parse({}),
  ablateGroups: [],
  planned: [],
  sweep: [],
  tuneFor: null,
  retrievalSeed: null,
  trainingSeed: null,
  seed: 42,
  provider: 'auto'
}

const presets: Readonly<Record<PresetName, PresetSpec>> = {
  /** A first impression in a fraction of the time: fewer rounds, examples and test rows, greedy answers. */
  quick: {
    ...paper,
    rounds: 2,
    retrieval: { ...paper.retrieval, budget: 128 },
    evaluation: { ...paper.evaluation, testExamples: 200, beams: 1 }
  },
  paper,
  /** What the released code does where it differs from what is told of it; docs/paper-code.md has the table. */
  'paper-code': {
    ...paper,
    strategies: ['zero-shot', 'random', 'semantic', 'dense', 'recross'],
    retrieval: { ...paper.retrieval, deduplicate: false, over: 'by-merge' },
    tune: {
      ...paper.tune,
      ...{ epochs: 1, schedule: 'constant', labelSmoothing: 0.1, lossReduction: 'sum', answers: 'drawn' },
      ...{ repeatQueries: true, queryLearningRate: 1e-5, queryEpochs: 5 }
    },
    evaluation: { ...paper.evaluation, mendDoubled: true, firstMetric: 'soft-em' }
  },
  /** Twice the rounds and every strategy: for differences that the paper's size cannot show. */
  thorough: {
    ...paper,
    strategies: ['zero-shot', 'random', 'semantic', 'dense', 'lexical'],
    rounds: 10
  }
}
