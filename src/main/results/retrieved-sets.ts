import { isTuned } from '../contract/strategies.ts'
import type { HeatMapBy } from '../contract/answers.ts'
import type { RetrievedExample, Run } from '../contract/runs.ts'
import { columnOf } from '../evaluation/columns.ts'
import { countTasks, heatMapOf, overlapOf, type HeatMap } from '../evaluation/retrieved.ts'
import { readRetrieved } from '../run-files/retrieved.ts'
import type { ComparedRun, RunFolders } from './compared-run.ts'
import { runsOfRound } from './example-rows.ts'
import { Recent } from './recent.ts'

/** A retrieved example with its texts and the query that brought it. */
export interface RetrievedText extends RetrievedExample {
  input: string
  outputs: string[]
  queryText: string | null
}

const shown = 50

/** What runs retrieved, read from their folders. */
export class RetrievedSets {
  readonly #folders: RunFolders
  readonly #sets = new Recent<Promise<RetrievedText[]>>(60)

  constructor(folders: RunFolders) {
    this.#folders = folders
  }

  /** In the order of the selector; nothing for runs that retrieve nothing. Throws `run-damaged`. */
  read(run: Run): Promise<RetrievedText[]> {
    return this.#sets.get(run.id, () => this.#load(run))
  }

  /** Where each column's examples for a target came from, and how much the columns have in common. */
  async ofTarget(runs: readonly ComparedRun[], targetId: string, round: number) {
    const sets = await Promise.all(
      runsOfRound(runs, targetId, round).map(async (run) => ({ run, retrieved: await this.read(run) }))
    )
    const columns = sets
      .filter(({ retrieved }) => retrieved.length > 0)
      .map(({ run, retrieved }) => ({
        column: columnOf(run).key,
        runId: run.id,
        total: retrieved.length,
        tasks: countTasks(retrieved),
        top: retrieved.slice(0, shown),
        ids: retrieved.map((example) => example.exampleId)
      }))
    const overlap = columns.flatMap((a, at) =>
      columns.slice(at + 1).map((b) => ({ a: a.column, b: b.column, ...overlapOf(a.ids, b.ids) }))
    )
    return { columns: columns.map(({ ids: _, ...column }) => column), overlap }
  }

  /** Group or task × target of one column over all its rounds. */
  async heatMap(
    runs: readonly ComparedRun[],
    column: string,
    targets: readonly { id: string; name: string }[],
    by: HeatMapBy = 'group'
  ): Promise<HeatMap> {
    const ofColumn = runs.filter((run) => columnOf(run).key === column)
    const withSets = await Promise.all(
      targets.map(async (target) => {
        const mine = ofColumn.filter((run) => run.targetIds.includes(target.id))
        return { ...target, retrieved: (await Promise.all(mine.map((run) => this.read(run)))).flat() }
      })
    )
    return heatMapOf(withSets, by)
  }

  async #load(run: Run): Promise<RetrievedText[]> {
    if (!isTuned(run.strategy)) return []
    // Runs that tune on labels only retrieve nothing.
    const file = await readRetrieved(this.#folders(run.id))
    const textOf = (query: number): string | null => {
      const [text, answer] = [file?.queries[query] ?? null, file?.answers?.[query] ?? null]
      return text === null || answer === null ? text : `${text} → ${answer}`
    }
    return (file?.retrieved ?? []).map((one) => ({ ...one, queryText: one.query === null ? null : textOf(one.query) }))
  }
}
