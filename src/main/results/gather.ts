import { isTuned } from '../contract/strategies.ts'
import { isUnscored, type Column, type Comparison } from '../contract/comparison.ts'
import type { AnswerTable, ReportData, ShownExample } from '../evaluation/report/report-data.ts'
import { columnOf } from '../evaluation/columns.ts'
import { mean } from '../sums/sums.ts'
import type { AnswerFiles } from './answer-files.ts'
import type { ComparedRun } from './compared-run.ts'
import { exampleRows } from './example-rows.ts'
import type { RetrievedSets } from './retrieved-sets.ts'

const mostExamples = 12
const mostDiffering = 4

/** What of a report stands in the lab's tables; plain data, so that a worker can make the rest of the files of the runs. */
export interface ReportSources extends Pick<ReportData, 'experiments' | 'scores' | 'identities'> {
  runs: readonly ComparedRun[]
  /** What people call the things that the settings name by id. */
  names: readonly (readonly [id: string, name: string])[]
  /** What is to be said beside what the comparison says by itself. */
  warnings: readonly string[]
}

/** Reads what runs answered and retrieved. */
export interface ResultFiles {
  answers: AnswerFiles
  retrieved: RetrievedSets
}

/** Gathers everything that a report shows. Throws `run-files-missing`, `run-damaged`. */
export async function gatherReport(
  comparison: Comparison,
  { runs, names, warnings, ...sources }: ReportSources,
  { answers, retrieved }: ResultFiles
): Promise<ReportData> {
  return {
    ...sources,
    comparison: { ...comparison, warnings: [...comparison.warnings, ...warnings] },
    names: new Map(names),
    runs,
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
  return [...byPair.values()].map(({ a, b, values }) => ({ a, b, jaccard: mean(values) }))
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
