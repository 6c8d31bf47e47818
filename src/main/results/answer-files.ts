import type { Prediction } from '../contract/runs.ts'
import { readAnswers } from '../run-files/answers.ts'
import { RunFolder } from '../run-files/run-folder.ts'
import type { RunFolders } from './compared-run.ts'
import { Recent } from './recent.ts'

/** The test rows of a target; every run on it shares one copy, since inputs are long and runs are many. */
export interface TestRows {
  exampleIds: readonly number[]
  inputs: readonly string[]
  references: readonly (readonly string[])[]
  sourceItems: readonly number[]
}

/** What a run answered to the rows of a target. Scores by metric, NaN where a row has none. */
export interface Answers {
  rows: TestRows
  outputs: readonly string[]
  scores: ReadonlyMap<string, Float64Array>
}

/** Reads the answers of runs from their folders and keeps those used last: some 300 kB for 1,000 rows. */
export class AnswerFiles {
  readonly #folders: RunFolders
  readonly #answers = new Recent<Promise<Answers>>(200)
  readonly #rows = new Recent<TestRows>(24)

  constructor(folders: RunFolders) {
    this.#folders = folders
  }

  /** Throws `run-files-missing`, `run-damaged`. */
  read(runId: string, targetId: string): Promise<Answers> {
    return this.#answers.get(`${runId}/${targetId}`, () => this.#load(runId, targetId))
  }

  async #load(runId: string, targetId: string): Promise<Answers> {
    const predictions = await readAnswers(new RunFolder(this.#folders(runId)).answers(targetId))
    const rows = this.#share(targetId, predictions)
    const names = [...new Set(predictions.flatMap((one) => Object.keys(one.scores)))]
    return {
      rows,
      outputs: predictions.map((one) => one.output),
      scores: new Map(names.map((name) => [name, Float64Array.from(predictions, (one) => one.scores[name] ?? NaN)]))
    }
  }

  #share(targetId: string, predictions: readonly Prediction[]): TestRows {
    const known = this.#rows.peek(targetId)
    const same =
      known?.exampleIds.length === predictions.length &&
      predictions.every((one, row) => one.exampleId === known.exampleIds[row])
    if (known && same) return known
    const rows = {
      exampleIds: predictions.map((one) => one.exampleId),
      inputs: predictions.map((one) => one.input),
      references: predictions.map((one) => one.references),
      sourceItems: predictions.map((one) => one.sourceItem)
    }
    this.#rows.set(targetId, rows)
    return rows
  }
}
