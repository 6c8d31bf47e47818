import { isTuned } from '../../contract/strategies.ts'
import { isUnscored, type Column, type Comparison } from '../../contract/comparison.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import type { Identity } from '../../contract/runs.ts'
import type { AnswerTable, ReportData, ScoreLine, ShownExample } from '../../evaluation/report/report-data.ts'
import { columnOf } from '../../evaluation/columns.ts'
import { meanOf } from '../../evaluation/summary.ts'
import { RunFolder } from '../../run-files/run-folder.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import type { AnswerFiles } from './answers.ts'
import { chosenByLabels } from '../experiments/chosen-rate.ts'
import { exampleRows } from './example-rows.ts'
import type { RetrievedSets } from './retrieved-sets.ts'
import { resolveSubject, type ComparedRun } from './subject.ts'

const mostExamples = 12
const mostDiffering = 4

/** Gathers everything that a report shows. */
export async function gatherReport(
  comparison: Comparison,
  parts: { store: Store; home: HomeFolder; command: string; answers: AnswerFiles; retrieved: RetrievedSets }
): Promise<ReportData> {
  const { store, home, command, answers, retrieved } = parts
  const compared = resolveSubject({ store, home }, comparison.subject)
  const { experiments, names, runs } = compared
  const identities = identitiesOf(home, runs)
  return {
    comparison: { ...comparison, warnings: [...comparison.warnings, ...rateWarnings(store, experiments)] },
    experiments: experiments.map((one) => ({ ...one, command: `${command} experiment repeat ${one.id}` })),
    names: new Map([...identities.map(({ id, name }) => [id, name] as const), ...namesOf(store, experiments)]),
    scores: experiments.flatMap(({ id }) => scoreLines(store, id, runs, names)),
    runs,
    identities,
    retrieval: await Promise.all(
      comparison.columns
        .filter((column) => isTuned(column.strategy))
        .map(async (column) => ({ column, heatMap: await retrieved.heatMap(runs, column.key, comparison.targets) }))
    ),
    overlap: await meanOverlap(comparison, runs, retrieved),
    quality: null,
    examples: await pickExamples(comparison, runs, answers),
    madeAt: new Date().toISOString()
  }
}

/** Where labels of queries have chosen a learning rate that was tuned with. */
function rateWarnings(store: Store, experiments: readonly { spec: ExperimentSpec }[]): string[] {
  const said = experiments
    .filter(({ spec }) => spec.strategies.some(isTuned))
    .map(({ spec }) => chosenByLabels(store.models.find(spec.models.base), spec.tune))
  return [...new Set(said.filter((one) => one !== null))]
}

/** Every answer of the compared runs, by target. Throws `run-files-missing`. */
export async function gatherAnswers({ comparison, runs }: ReportData, answers: AnswerFiles): Promise<AnswerTable[]> {
  const tables: AnswerTable[] = []
  for (const { id: targetId, name: target } of comparison.targets) {
    const mine = runs.filter((run) => run.targetIds.includes(targetId))
    const read = []
    for (const run of mine) read.push({ run, ...(await answers.read(run.id, targetId)) })
    const rows = read[0]?.rows
    if (!rows) continue
    tables.push({
      ...{ targetId, target },
      rows: rows.exampleIds.map((exampleId, at) => ({
        ...{ exampleId, sourceItem: rows.sourceItems[at]!, input: rows.inputs[at]!, references: rows.references[at]! }
      })),
      runs: read.map(({ run, outputs, scores }) => ({
        ...{ runId: run.id, column: columnOf(run).label, round: run.round, seed: run.seed, outputs },
        scores: Object.fromEntries(
          [...scores].map(([metric, values]) => [
            metric,
            [...values].map((value) => (Number.isNaN(value) ? null : value))
          ])
        )
      }))
    })
  }
  return tables
}

/** The stored scores of an experiment's compared runs. */
function scoreLines(
  store: Store,
  experimentId: string,
  runs: readonly ComparedRun[],
  names: ReadonlyMap<string, string>
): ScoreLine[] {
  const mine = runs.filter((run) => run.source === null || run.source.id === experimentId)
  const byId = new Map(mine.map((run) => [run.id, run]))
  return store.scores.ofExperiment(experimentId).flatMap((score) => {
    const run = byId.get(score.runId)
    if (!run) return []
    const { round, seed, seconds } = run
    const target = names.get(score.targetId) ?? score.targetId
    return [{ ...score, target, column: columnOf(run).label, round, seed, seconds: seconds?.total ?? null }]
  })
}

/** What people call the things that specs name by id, as far as they are still there. */
export function namesOf(store: Store, experiments: readonly { spec: ExperimentSpec }[]): Map<string, string> {
  const found = experiments.flatMap(({ spec }) => [
    ...modelsOf(spec).map((id) => store.models.find(id)),
    store.datasets.find(spec.datasetId),
    ...spec.targetIds.map((id) => store.targets.find(id))
  ])
  return new Map(found.flatMap((thing) => (thing ? [[thing.id, thing.name] as const] : [])))
}

function modelsOf({ models }: ExperimentSpec): string[] {
  return Object.values(models).filter((id) => id !== null)
}

/** What the runs were made from, each thing once, as they kept it: some of it may be gone by now. */
export function identitiesOf(home: HomeFolder, runs: readonly { id: string }[]): Identity[] {
  const all = runs.flatMap((run) => {
    try {
      return new RunFolder(home.run(run.id)).askedNow(home.path).identities
    } catch {
      // A run without its files shows its scores still.
      return []
    }
  })
  const once = [...new Map(all.map((one) => [`${one.kind} ${one.hash}`, one])).values()]
  return kinds.flatMap((kind) => once.filter((one) => one.kind === kind))
}

const kinds = ['base model', 'sentence encoder', 'upstream data', 'index', 'target']

async function meanOverlap(
  comparison: Comparison,
  runs: readonly ComparedRun[],
  retrieved: RetrievedSets
): Promise<ReportData['overlap']> {
  const rounds = [...new Set(runs.filter((run) => isTuned(run.strategy)).map((run) => run.round))]
  const byPair = new Map<string, { a: string; b: string; values: number[] }>()
  for (const target of comparison.targets) {
    for (const round of rounds) {
      const { overlap } = await retrieved.ofTarget(runs, target.id, round)
      for (const { a, b, jaccard } of overlap) {
        const pair = byPair.get(`${a}\n${b}`) ?? { a, b, values: [] }
        pair.values.push(jaccard)
        byPair.set(`${a}\n${b}`, pair)
      }
    }
  }
  return [...byPair.values()].map(({ a, b, values }) => ({ a, b, jaccard: meanOf(values) }))
}

/**
 * For every target one row that the best tuned strategy fixed and one that it broke; short ones are easier to read. Of
 * questions without right answers those that it answers otherwise than the untuned model.
 */
async function pickExamples(
  comparison: Comparison,
  runs: readonly ComparedRun[],
  answers: AnswerFiles
): Promise<ShownExample[]> {
  const unscored = isUnscored(comparison)
  const column = unscored
    ? (comparison.columns.findLast(({ baseline }) => baseline !== null) ?? null)
    : bestColumn(comparison)
  if (column === null) return []
  const shown: ShownExample[] = []
  for (const target of comparison.targets) {
    for (const kind of unscored ? (['differs'] as const) : (['fixed', 'broken'] as const)) {
      const request = {
        targetId: target.id,
        round: 0,
        metric: comparison.metric,
        filter: kind === 'differs' ? ('differ' as const) : kind,
        column: column.key,
        against: column.baseline!,
        text: '',
        limit: 100,
        offset: 0
      }
      const { rows } = await exampleRows(runs, answers, request)
      const shortest = [...rows].sort((a, b) => a.input.length - b.input.length).slice(0, unscored ? mostDiffering : 1)
      for (const row of shortest)
        shown.push({ kind, target: target.name, column: column.key, against: column.baseline!, row })
    }
  }
  return shown.slice(0, mostExamples)
}

/** The tuned column with the best mean over all targets, among those that have an untuned model beside them. */
function bestColumn({ cells, columns }: Comparison): Column | null {
  const mean = (column: Column) =>
    cells.find((cell) => cell.targetId === null && cell.column === column.key)?.summary?.mean
  const tuned = columns.filter((column) => column.baseline !== null && mean(column) !== undefined)
  return tuned.sort((a, b) => mean(b)! - mean(a)!)[0] ?? null
}
