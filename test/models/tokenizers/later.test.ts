/**
 * The tokenizers of DeBERTa-v2 and v3 (spm.model alone, tokenizer.json of version 4) and of ModernBERT, with random settings and
 * added tokens, on lines drawn at random: the ids are those of Transformers 5. Made by test/oracle/deberta_tokenizer.py.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { withCharsmap } from './fixtures.ts'
import { loadTokenizer } from '../../../src/main/models/tokenizers/load.ts'

interface Variant {
  kind: string
  type: string
  config: Record<string, unknown>
  added: Record<string, number>
  lines: string[]
  ids: number[][]
  pairs: number[][]
}
const golden = join(import.meta.dirname, 'golden', 'later')
const variants = JSON.parse(readFileSync(join(golden, 'ids.json'), 'utf8')) as Variant[]

function folderOf({ kind, type, config, added }: Omit<Variant, 'lines' | 'ids' | 'pairs'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-tokenizer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(golden, kind), folder, { recursive: true })
  withCharsmap(folder)
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: type }))
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config))
  if (Object.keys(added).length > 0) writeFileSync(join(folder, 'added_tokens.json'), JSON.stringify(added))
  return folder
}

test.each(variants.map((variant, number) => ({ ...variant, number })))('$kind, variant $number', async (variant) => {
  const notes: string[] = []
  const tokenizer = await loadTokenizer(folderOf(variant), { notes })
  const { lines, ids, pairs } = variant
  expect(lines.map((line) => [line, tokenizer.encode(line)])).toEqual(lines.map((line, at) => [line, ids[at]]))
  const own = pairs.map((_, at) => tokenizer.encode(lines[at]!, lines[at + 4]))
  expect(own).toEqual(pairs)
  // Where version 4 differs, it is said.
  expect(notes.filter((note) => note.includes('Transformers 4 did'))).toHaveLength(
    variant.kind === 'deberta-fast' ? 1 : 0
  )
})

test('a SentencePiece model of another family is not read as DeBERTa’s', async () => {
  const folder = folderOf({ kind: 'deberta-spm', type: 'xlnet', config: {}, added: {} })
  await expect(loadTokenizer(folder)).rejects.toMatchObject({ code: 'tokenizer-unsupported' })
})
