import type { Model } from '../../contract/models.ts'
import { bootstrapVerdict, ignoresQueries, type RerankerCard } from '../../contract/reranking.ts'
import { tellsHurt, type Hurt, type Mining } from '../../contract/minings.ts'
import type { RetrieverCard } from '../../contract/retrievers.ts'
import { bytes, counted, duration, percent, table } from './table.ts'

/** What a mining found and whether it may be trained on, for people. */
export function miningText({ id, name, report, settings, iteration }: Mining): string {
  const { gate, pairs, tasks } = report
  const signed = (value: number | null): string => (value === null ? '' : value.toFixed(4))
  const rows = tasks.map((row) => [
    row.task,
    row.group,
    String(row.sets),
    row.baseLoss?.toFixed(3) ?? '',
    signed(row.ownRows),
    signed(row.sameGroup),
    signed(row.others)
  ])
  const numbers = ['sets', 'base loss', 'own rows', 'same group', 'others']
  return [
    `${name} (${id}): ${counted(report.sets, 'query set', 'query sets')} of ${counted(tasks.length, 'task', 'tasks')}, iteration ${iteration}, usefulness by ${settings.usefulness}.`,
    report.reliability === null
      ? `${pairs.positive} useful and ${pairs.negative} other candidates, by the labels that they came with.`
      : `${pairs.positive} useful and ${pairs.negative} other candidates; reliability ${report.reliability.toFixed(2)}; mined in ${duration(report.cpuSeconds)} of processor time, ${(report.cpuSeconds / Math.max(1, report.trials)).toFixed(3)} s a trial.`,
    table(['task', 'group', ...numbers], rows, numbers),
    gate.open
      ? 'The gate is open: a reranker can be trained on this.'
      : 'The gate is closed: this is not fit to train on.',
    ...gate.checks.map(({ holds, text }) => `  ${holds === null ? '·' : holds ? '✓' : '✗'} ${text}`),
    hurtText(report.hurt)
  ].join('\n')
}

/** Whether it can be told before that tuning hurts. */
function hurtText(hurt: Hurt | null): string {
  if (hurt === null)
    return 'Whether tuning helps can be told before: not known, since it was mined before the lab asked or was not mined here.'
  const { cases, tasks, helped, judged } = hurt
  const found = `tuning helps in ${percent(helped)} of ${counted(cases, 'case', 'cases')} of ${counted(tasks, 'task', 'tasks')}`
  if (judged === null)
    return `Whether tuning helps can be told before: not known, ${found}, ${hurt.unknown === 'too-few' ? 'which are too few to judge' : 'so that there is nothing to tell apart'}.`
  return (
    `Whether tuning helps ${tellsHurt(judged) ? 'can' : 'cannot'} be told before, from the inputs, each task by the others alone: ${scoresText(judged)}; ${found}.` +
    (hurt.newKind === null
      ? ''
      : ` Of a target of a new kind, with nothing of its group upstream, it ${tellsHurt(hurt.newKind) ? 'can' : 'cannot'}: ${scoresText(hurt.newKind)}.`)
  )
}

function scoresText({ brier, always, baseRate, againstAlways, againstBaseRate }: NonNullable<Hurt['judged']>): string {
  const p = (value: number): string => (value < 0.001 ? 'p < 0.001' : `p = ${value.toFixed(3)}`)
  return (
    `Brier score ${brier.toFixed(3)} against ${always.toFixed(3)} for tuning always (${p(againstAlways.p)}) ` +
    `and ${baseRate.toFixed(3)} for how often it helps on the others (${p(againstBaseRate.p)})`
  )
}

export function modelText(model: Model): string {
  const facts = [
    `${model.name} (${model.id})`,
    `role ${model.role}, ${model.architecture}, ${model.parameters} parameters, ${bytes(model.bytes)}`,
    `source ${model.source}, licence ${model.licence}`,
    `fingerprint ${model.fingerprint}`
  ]
  return [
    ...facts,
    ...(model.reranker === null ? [] : [cardText(model.reranker)]),
    ...(model.retriever === null ? [] : [retrieverText(model.retriever)])
  ].join('\n')
}

function cardText(card: RerankerCard): string {
  const { quality, minings, tasks, pairs } = card
  const rows = card.byTask.map((row) => [
    row.task,
    row.group,
    String(row.sets),
    row.auc.toFixed(3),
    percent(row.accuracy),
    row.ndcg.toFixed(3)
  ])
  const numbers = ['sets', 'AUC', 'accuracy', 'NDCG']
  const order =
    card.agreement === null
      ? []
      : [
          `Its order agrees with the reranker before by τ = ${card.agreement.toFixed(3)} (AUC before ${card.previousAuc?.toFixed(3)}): ${verdicts[bootstrapVerdict(card)]}`
        ]
  return [
    `trained on ${pairs.train} pairs of ${card.data.name}, from ${card.base.name}; iteration ${card.iteration}`,
    `mined by ${minings.map((one) => `${one.model} (${one.usefulness}, ${counted(one.sets, 'set', 'sets')})`).join(', ')}`,
    ...(card.overridden ? ['The gate was closed, and it was trained all the same.'] : []),
    ...(card.settings.shuffledLabels ? ['A control: its labels were shuffled.'] : []),
    `AUC ${quality.auc.toFixed(3)}, accuracy ${percent(quality.accuracy)}, NDCG ${quality.ndcg.toFixed(3)} on ${counted(tasks.validation.length, 'task', 'tasks')} that it was not trained on:`,
    table(['task', 'group', ...numbers], rows, numbers),
    ...relationOf(card),
    ...nearnessOf(card),
    ...order
  ].join('\n')
}

/** What a retriever was trained on and how good it is, beside the vectors without it. */
export function retrieverText(card: RetrieverCard): string {
  const row = (name: string, quality: RetrieverCard['quality']): string[] => [
    ...[name, quality.auc.toFixed(3), quality.recall === null ? '' : percent(quality.recall), quality.ndcg.toFixed(3)]
  ]
  const rows = [
    row('the vectors without it', card.before),
    row('with it', card.quality),
    ...(card.teacher === null ? [] : [row(`the reranker ${card.distilled}`, card.teacher)])
  ]
  return [
    `a head on the ${card.index.representation} vectors of ${card.base}, learnt from ${card.distilled ?? 'labels'} on ${card.data.name}`,
    ...(card.overridden ? ['The gate was closed, and it was trained all the same.'] : []),
    ...(card.settings.shuffledLabels ? ['A control: its labels were shuffled.'] : []),
    `On ${counted(card.tasks.validation.length, 'task', 'tasks')} that it was not trained on (${counted(card.quality.sets, 'query set', 'query sets')}):`,
    table(['vectors', 'AUC', 'recall', 'NDCG'], rows, ['AUC', 'recall', 'NDCG'])
  ].join('\n')
}

/** What it knew before it saw a label. */
function nearnessOf({ nearness }: RerankerCard): string[] {
  if (nearness === null) return []
  const { pairs, auc, teacherAuc } = nearness
  return [
    `Before it saw a label it learnt to tell near from far by ${counted(pairs, 'pair', 'pairs')}: AUC ${auc.toFixed(3)} then, ${teacherAuc.toFixed(3)} for the vectors that taught it.`
  ]
}

/** Whether the order comes from reading both texts. */
function relationOf({ quality }: RerankerCard): string[] {
  const { otherQueriesAuc: other } = quality
  if (other === null) return []
  return [
    `With the queries of another group its AUC is ${other.toFixed(3)}: near or below 0.5 it reads both texts, as high as above it only knows which examples are good for everything.`,
    ...(ignoresQueries(quality)
      ? [
          'So it hardly looks at the query. Mine candidates of more groups for each query set (--source random), and train again.'
        ]
      : [])
  ]
}

export const verdicts = {
  'go-on': 'another iteration may bring more.',
  settled: 'the order no longer changes; another iteration would bring the same.',
  worse: 'it is worse than the one before; keep that one.'
} as const
