/** Lines drawn at random, over tokenizers with random added tokens: the ids are those of Hugging Face's own library. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadTokenizer } from '../../../src/main/models/tokenizers/load.ts'
import { modelFolder } from './fixtures.ts'

interface Variant {
  kind: string
  added: object[]
  lines: string[]
  ids: number[][]
}
const file = join(import.meta.dirname, 'golden', 'fuzz.json')
const variants = JSON.parse(readFileSync(file, 'utf8')) as Variant[]

test.each(variants.map((variant, number) => ({ ...variant, number })))(
  '$kind, variant $number',
  async ({ kind, added, lines, ids }) => {
    const { folder, remove } = modelFolder(kind, 'tokenizer.json')
    onTestFinished(remove)
    const path = join(folder, 'tokenizer.json')
    const definition = JSON.parse(readFileSync(path, 'utf8')) as { added_tokens: object[] }
    definition.added_tokens = added
    writeFileSync(path, JSON.stringify(definition))
    const tokenizer = await loadTokenizer(folder)
    expect(lines.map((line) => [line, tokenizer.encode(line)])).toEqual(lines.map((line, at) => [line, ids[at]]))
  }
)
