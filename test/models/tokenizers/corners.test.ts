import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadTokenizer } from '../../../src/main/models/tokenizers/load.ts'

/** Made by test/oracle/tokenizer_corners.py with Hugging Face's Rust tokenizers. */
const corners = JSON.parse(readFileSync(join(import.meta.dirname, 'golden', 'corners.json'), 'utf8')) as {
  texts: string[]
  kinds: Record<string, { tokenizer: object; ids: number[][] }>
}

test.each(Object.entries(corners.kinds))('%s: the same ids for every line', async (_, { tokenizer, ids }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-tokenizer-'))
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
  const ours = await loadTokenizer(folder).finally(() => rmSync(folder, { recursive: true }))
  const wrong = corners.texts.filter((text, at) => String(ours.encode(text)) !== String(ids[at]))
  expect(wrong).toEqual([])
})
