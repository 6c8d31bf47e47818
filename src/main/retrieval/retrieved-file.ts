import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { DatasetFile } from '../contract/dataset-file.ts'
import { LabError } from '../contract/error.ts'
import { retrievalSettingsSchema, retrievedExampleSchema, strategySchema } from '../contract/experiments.ts'
import type { RetrievedExample, RetrievalSettings } from '../contract/experiments.ts'
import type { StrategyName } from '../contract/strategies.ts'
import { writeWhole } from '../files/durable.ts'

const fileSchema = z.object({
  format: z.literal(1),
  strategy: strategySchema,
  seed: z.int(),
  dataset: z.string(),
  index: z.string().nullable(),
  settings: retrievalSettingsSchema,
  queries: z.array(z.string()),
  retrieved: z.array(retrievedExampleSchema.extend({ input: z.string(), outputs: z.array(z.string()) }))
})
export type RetrievedFile = z.infer<typeof fileSchema>

export const retrievedName = 'retrieved.json'

/** Everything that says what was retrieved, for what and how, with the texts: a file for people and for the next phase. */
export async function saveRetrieved(
  folder: string,
  about: {
    dataset: DatasetFile
    strategy: StrategyName
    settings: RetrievalSettings
    seed: number
    queries: readonly string[]
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
  await writeWhole(join(folder, retrievedName), text)
}

/**
 * Reads what `saveRetrieved` wrote; null where there is none.
 * @throws LabError `retrieved-damaged`
 */
export async function readRetrieved(folder: string): Promise<RetrievedFile | null> {
  const path = join(folder, retrievedName)
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new LabError('retrieved-damaged', `The file ${path} is damaged. Delete it and run the retrieval again.`, {
      cause,
      details: { path }
    })
  }
}
