import { join } from 'node:path'
import type { DatasetFile } from '../contract/dataset-file.ts'
import type { RetrievedExample } from '../contract/runs.ts'
import type { RetrievalSettings } from '../contract/run-settings.ts'
import type { StrategyName } from '../contract/strategies.ts'
import { writeWhole } from '../files/durable.ts'
import { runFiles, type RetrievedRecord } from './files.ts'
import { RunFolder } from './run-folder.ts'

/** Everything that says what was retrieved, for what and how, with the texts: a file for people and for the next phase. */
export async function saveRetrieved(
  folder: string,
  about: {
    dataset: DatasetFile
    strategy: StrategyName
    settings: RetrievalSettings
    seed: number
    queries: readonly string[]
    /** Of each query, where inputs and answers were searched for together. */
    answers?: readonly (string | null)[]
    /** Fingerprint of the index that was searched. */
    index: string | null
    retrieved: readonly RetrievedExample[]
  }
): Promise<void> {
  const { dataset, retrieved, ...rest } = about
  const head = JSON.stringify({ format: 1, ...rest, dataset: dataset.contentHash }, null, 2)
  const lines = retrieved.map((one) => {
    const { input, outputs } = dataset.get(one.exampleId)
    return `    ${JSON.stringify({ ...one, input, outputs })}`
  })
  // One example a line, so that the file can be searched, compared and cut with ordinary tools.
  const text = `${head.slice(0, -2)},\n  "retrieved": [\n${lines.join(',\n')}\n  ]\n}\n`
  await writeWhole(join(folder, runFiles.retrieved.name), text)
}

/**
 * Reads what `saveRetrieved` wrote; null where there is none.
 * @throws LabError `run-damaged`
 */
export function readRetrieved(folder: string): Promise<RetrievedRecord | null> {
  return new RunFolder(folder).read(runFiles.retrieved)
}
