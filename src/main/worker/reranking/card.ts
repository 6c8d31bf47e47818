import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ZodType } from 'zod'
import { LabError } from '../../contract/error.ts'
import { rerankerCardSchema, type RerankerCard } from '../../contract/reranking.ts'
import { retrieverCardSchema, type RetrieverCard } from '../../contract/retrievers.ts'
import { writeWhole } from '../../files/durable.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'

/** What a training of the lab writes into a model's folder about itself. Written last: a folder with a card is a finished model. */
class CardFile<Card> {
  readonly #name: string
  readonly #what: string
  readonly #schema: ZodType<Card>

  constructor(name: string, what: string, schema: ZodType<Card>) {
    this.#name = name
    this.#what = what
    this.#schema = schema
  }

  isIn(folder: string): boolean {
    return existsSync(join(folder, this.#name))
  }

  /**
   * Null for models that no such training has made.
   * @throws LabError `model-file-invalid`
   */
  async read(folder: string): Promise<Card | null> {
    if (!this.isIn(folder)) return null
    const path = join(folder, this.#name)
    refuseLfsPointer(path)
    try {
      return this.#schema.parse(JSON.parse(await readFile(path, 'utf8')))
    } catch (cause) {
      throw new LabError(
        'model-file-invalid',
        `${path} is not what the training of a ${this.#what} writes. Delete the file to install the model without what it says.`,
        { cause, details: { path } }
      )
    }
  }

  async write(folder: string, card: Card): Promise<void> {
    await writeWhole(join(folder, this.#name), `${JSON.stringify(card, null, 2)}\n`)
  }
}

export const rerankerCards = new CardFile<RerankerCard>('reranker.json', 'reranker', rerankerCardSchema)
export const retrieverCards = new CardFile<RetrieverCard>('retriever.json', 'retriever', retrieverCardSchema)
