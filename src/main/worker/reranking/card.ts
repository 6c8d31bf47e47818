import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { rerankerCardSchema, type RerankerCard } from '../../contract/reranking.ts'
import { writeWhole } from '../../files/durable.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'

const name = 'reranker.json'

export function hasRerankerCard(folder: string): boolean {
  return existsSync(join(folder, name))
}

/**
 * What a reranker's folder says about its training; null for models that the lab has not trained.
 * @throws LabError `model-file-invalid`
 */
export async function readRerankerCard(folder: string): Promise<RerankerCard | null> {
  if (!hasRerankerCard(folder)) return null
  const path = join(folder, name)
  refuseLfsPointer(path)
  try {
    return rerankerCardSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new LabError(
      'model-file-invalid',
      `${path} is not what the training of a reranker writes. Delete the file to install the model without what it says.`,
      { cause, details: { path } }
    )
  }
}

/** Written last: a folder with a card is a finished model. */
export async function writeRerankerCard(folder: string, card: RerankerCard): Promise<void> {
  const path = join(folder, name)
  await writeWhole(path, `${JSON.stringify(card, null, 2)}\n`)
}
