import { texts } from '../texts/texts.ts'

type Words = Readonly<Record<string, string>>

const experiments = texts.experiments
const { fields, further } = experiments.wizard
const { rerank } = fields
const precisions: Words = further.precisions

/** Names, the same in every language. */
const optimizers: Words = { adamw: 'AdamW', adafactor: 'Adafactor' }

/** What the values of a setting are called; the forms call them the same. */
const valuesOf: Readonly<Record<string, Words>> = {
  strategies: texts.strategies,
  'retrieval.selector': experiments.selectors,
  'retrieval.over': further.overs,
  'retrieval.rerank.candidates': texts.strategies,
  'retrieval.rerank.by': { ...texts.strategies, ...experiments.judges },
  'retrieval.rerank.pairing': rerank.pairings,
  'retrieval.rerank.aggregate': rerank.aggregates,
  'retrieval.rerank.score': experiments.judgements,
  'tune.method': fields.methods,
  'tune.optimizer': optimizers,
  'tune.schedule': further.schedules,
  'tune.lossReduction': further.lossReductions,
  'tune.answers': further.answersOf,
  'tune.merge': fields.merges,
  'tune.precision': precisions,
  'tune.base': further.bases,
  'evaluation.precision': precisions,
  'evaluation.firstMetric': texts.metrics,
  provider: Object.fromEntries(
    Object.entries(texts.settings.compute.providers).map(([name, said]) => [name, said.name])
  ),
  keepWeights: Object.fromEntries(Object.entries(texts.use.keep.choices).map(([name, said]) => [name, said.title]))
}

/** What a screen calls a setting; `label` is the lab's own word, for a setting of a later version. */
export function settingName(path: string, label: string): string {
  return (texts.settingNames as Words)[path] ?? label
}

/** The value of a setting as a screen says it, given as the lab tells it: several of a list stand behind each other. */
export function settingValue(path: string, value: string): string {
  const strategies: Words = texts.strategies
  if (path === 'planned') {
    const against = (pair: string): string =>
      pair
        .split(' against ')
        .map((name) => strategies[name] ?? name)
        .join(' – ')
    return value.split(', ').map(against).join(', ')
  }
  const words = valuesOf[path]
  if (words === undefined) return (experiments.plainValues as Words)[value] ?? value
  return value
    .split(', ')
    .map((one) => words[one] ?? (experiments.plainValues as Words)[one] ?? one)
    .join(', ')
}
