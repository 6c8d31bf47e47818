import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDataset } from '../data/dataset.ts'
import { commonWords, languageName, languageOf } from '../data/language.ts'
import { loadTokenizer } from '../models/tokenizers/load.ts'
import type { Tokenizer } from '../models/tokenizers/tokenizer.ts'
import { defineJob } from './job.ts'

/** Reads a sample of every dataset with a model's tokenizer: lengths, what it does not know, the script; nothing is computed. */
export const job = defineJob({
  kind: 'token-fit',
  async run({ input, signal }) {
    const tokenizer = await loadTokenizer(input.folder)
    const datasets = input.datasets.map(({ id, dataset }) => {
      signal.throwIfAborted()
      const file = openDataset(dataset)
      try {
        return { id, ...fitOf(sampled(file, input.rows), tokenizer, input.prefix) }
      } finally {
        file.close()
      }
    })
    return { vocabulary: tokenizer.vocabularySize, languages: await cardLanguages(input.folder), datasets }
  }
})

/** Rows spread evenly over the file. */
function sampled(file: ReturnType<typeof openDataset>, most: number) {
  const wanted = Math.min(most, file.count)
  return file.getMany(Array.from({ length: wanted }, (_, at) => 1 + Math.floor((at * file.count) / wanted)))
}

function fitOf(rows: readonly { input: string; outputs: readonly string[] }[], tokenizer: Tokenizer, prefix: string) {
  const answers = rows.flatMap(({ outputs }) => outputs.slice(0, 1))
  const texts = [...rows.map(({ input }) => input), ...answers]
  const bare = tokenizer.encodeBatch(texts, { special: false })
  const { unk } = tokenizer.special
  const tokens = bare.reduce((sum, ids) => sum + ids.length, 0)
  return {
    rows: rows.length,
    tokens,
    unknown: unk === null ? 0 : bare.reduce((sum, ids) => sum + ids.filter((id) => id === unk).length, 0),
    bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    inputs: tokenizer.encodeBatch(rows.map(({ input }) => prefix + input)).map(({ length }) => length),
    answers: tokenizer.encodeBatch(answers.map((answer) => prefix + answer)).map(({ length }) => length),
    script: scriptOf(texts),
    language: languageOfRows(
      rows.map(({ input, outputs }) => `${input}\n${outputs[0] ?? ''}`),
      tokenizer
    )
  }
}

/** The language of most rows, where enough of them say theirs; null where they do not. */
function languageOfRows(texts: readonly string[], tokenizer: Tokenizer) {
  const counts = new Map<string, number>()
  for (const text of texts) {
    const code = languageOf(text)
    if (code !== null) counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  if (!most || most[1] < fewestRows) return null
  const [code, rows] = most
  const whole = (language: string): number => {
    // One- and two-letter words are pieces of any vocabulary.
    const words = commonWords(language).filter((word) => word.length > 2)
    const one = words.filter(
      (word) => tokenizer.encode(`x ${word}`, undefined, { special: false }).length <= besideX + 1
    )
    return one.length / Math.max(1, words.length)
  }
  const besideX = tokenizer.encode('x', undefined, { special: false }).length
  return { code, name: languageName(code)!, share: rows / texts.length, whole: whole(code), wholeEnglish: whole('en') }
}

/** Fewer rows of a language say nothing about a data set. */
const fewestRows = 20

const scripts = [
  ...['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Devanagari', 'Bengali', 'Tamil', 'Telugu', 'Thai', 'Georgian'],
  ...['Armenian', 'Hangul', 'Hiragana', 'Katakana', 'Han']
].map((name) => ({ name, pattern: new RegExp(String.raw`\p{Script=${name}}`, 'gu') }))

/** The script that most letters have, with its share among those of the scripts above; null where there are no letters. */
function scriptOf(texts: readonly string[]): { name: string; share: number } | null {
  const counts = scripts.map(({ name, pattern }) => ({
    name,
    count: texts.reduce((sum, text) => sum + (text.match(pattern)?.length ?? 0), 0)
  }))
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  const most = counts.reduce((a, b) => (b.count > a.count ? b : a))
  return all === 0 ? null : { name: most.name, share: most.count / all }
}

/** What the front matter of a model's card gives as `language`, on one line or as a list; none where it says nothing. */
async function cardLanguages(folder: string): Promise<string[]> {
  const card = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '')
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1] ?? ''
  const found = /^languages?:[ \t]*(.*)((?:\r?\n[ \t]*- .*)*)/m.exec(front)
  if (!found) return []
  return [...`${found[1]}\n${found[2]}`.matchAll(/[A-Za-z]{2,}(?:-[A-Za-z]+)*/g)].map(([code]) => code.toLowerCase())
}
