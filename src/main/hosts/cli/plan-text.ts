import { overWords } from '../../contract/embedded-over.ts'
import type { ExperimentPlan, ExperimentSpec, KeepWeights } from '../../contract/experiments.ts'
import { variantKey } from '../../contract/sweep.ts'
import { bytes, duration, table } from './table.ts'

/** A plan for people: what runs, how long, what it can show, what to take care of. */
export function planText(spec: ExperimentSpec, plan: ExperimentPlan, nameOf: (targetId: string) => string): string {
  const reused = plan.runs.filter((run) => run.reusesRunId !== null).length
  const build = plan.indices.filter((index) => !index.exists)
  const lines = [
    `${spec.name}: ${plan.runs.length} runs${reused === 0 ? '' : `, ${reused} of them computed before`}`,
    ...(build.length === 0
      ? []
      : [
          `First: ${build.map((index) => `the ${index.representation} index${index.over === 'both' ? ` ${overWords.both}` : ''} (${duration(index.estimatedSeconds)})`).join(', ')}`
        ]),
    ...(plan.reranking === null
      ? []
      : [
          `Reranking: ${plan.reranking.pairsPerRun} pairs of query and candidate in each of its runs (${duration(plan.reranking.secondsPerRun)})`
        ]),
    `About ${duration(plan.estimatedSeconds)}, ${bytes(plan.estimatedBytesMemory)} of memory, ${bytes(plan.estimatedBytesDisk)} of disk`,
    `Of what is tuned it keeps ${keptWords[plan.weights.keep]}: ${bytes(plan.weights.bytes[plan.weights.keep])} (all: ${bytes(plan.weights.bytes.all)}, best: ${bytes(plan.weights.bytes.best)}; --set keepWeights=none, best or all)`,
    '',
    runTable(plan),
    '',
    ...plan.shared,
    ...plan.places
  ]
  const detectable = plan.detectable.map(
    ({ targetId, rows, sourceItems, points, withOneMoreRound, withTenMoreItems, measured }) => [
      nameOf(targetId),
      String(rows),
      String(sourceItems),
      `${points.toFixed(1)} points`,
      withOneMoreRound.toFixed(1),
      withTenMoreItems.toFixed(1),
      measured ? 'earlier runs' : 'what is usual'
    ]
  )
  return [
    ...lines,
    '',
    `Smallest difference that will show, 80 % of the time (${plan.forOtherQuerySets ? 'other items, other query sets' : 'other items, these query sets alone'}, all comparisons corrected together):`,
    table(
      ['target', 'rows', 'source items', 'difference', 'one more round', 'ten more items', 'judged by'],
      detectable,
      ['rows', 'source items', 'difference', 'one more round', 'ten more items']
    ),
    ...(plan.warnings.length === 0 ? [] : ['', 'Take care:', ...plan.warnings.map((warning) => `- ${warning}`)])
  ].join('\n')
}

const keptWords: Record<KeepWeights, string> = {
  none: 'nothing',
  best: 'the best round of each strategy and target',
  all: 'everything'
}

/** The runs that the plan makes, a line per strategy; an ablation is a line of its own. */
function runTable({ runs }: ExperimentPlan): string {
  const byName = Map.groupBy(runs, ({ strategy, ablatedGroup, variant }) =>
    [
      ablatedGroup === null ? strategy : `${strategy} without ${ablatedGroup}`,
      ...(variant.length === 0 ? [] : [variantKey(variant)])
    ].join(', ')
  )
  const rows = [...byName].map(([name, own]) => [
    name,
    String(own.length),
    String(own.filter((run) => run.reusesRunId !== null).length),
    String(own.filter((run) => run.tunedByRunId !== null).length),
    duration(own.reduce((total, run) => total + run.estimatedSeconds, 0))
  ])
  return table(['strategy', 'runs', 'reused', 'tuned before', 'time'], rows, ['runs', 'reused', 'tuned before', 'time'])
}
