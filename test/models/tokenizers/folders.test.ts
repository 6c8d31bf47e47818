import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { loadTokenizer } from '../../../src/main/models/tokenizers/load.ts'

/** Folders of tokenizers as they lie on hubs (test/oracle/tokenizer_folders.py): the ids are those of Transformers. */
const { lines, cases } = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, 'golden', 'folders.json.gz'))).toString('utf8')
) as { lines: string[]; cases: { name: string; files: Record<string, string>; ids: number[][] | null }[] }

/** What the lab does not read, by name: with the tokenizer.json beside it, it does. */
const refused: Record<string, RegExp> = {
  't5 of bpe': /spiece.model was trained with the algorithm "bpe".*tokenizer.json/
}

test.each(cases)('$name', async ({ name, files, ids }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-tokenizer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), Buffer.from(content, 'base64'))
  if (refused[name]) return expect(loadTokenizer(folder)).rejects.toThrow(refused[name])
  const tokenizer = await loadTokenizer(folder)
  expect(lines.map((line) => [line, tokenizer.encode(line)])).toEqual(lines.map((line, at) => [line, ids?.[at]]))
})
