/** Large files of a hub are looked at by their beginnings: what the look shows, and how few bytes were asked for. */
import { parquetWriteBuffer } from 'hyparquet-writer'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { lookAtHub } from '../../../src/main/data/download/look-at-hub.ts'
import { HubServer, type HubFile } from '../hub-server.ts'

/** Texts that no packing makes much shorter. */
let state = 1
const noise = (length: number): string => {
  let text = ''
  while (text.length < length) text += (state = Math.imul(state, 1664525) + 1013904223) >>> 0
  return text
}
const rows = Array.from({ length: 2400 }, (_, n) => ({
  question: `question ${n}, "quoted",\nin two lines? ${noise(4000)}`,
  answer: n % 2 ? 'yes' : 'no'
}))
const json = JSON.stringify(rows)
const jsonl = rows.map((row) => JSON.stringify(row)).join('\n')
const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`
const csv = `question,answer\n${rows.map((row) => `${cell(row.question)},${row.answer}\n`).join('')}`
const parquet = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'question', data: rows.map(({ question }) => question), type: 'STRING' },
      { name: 'answer', data: rows.map(({ answer }) => answer), type: 'STRING' }
    ],
    rowGroupSize: 200,
    codec: 'UNCOMPRESSED'
  })
)

async function look(path: string, content: Buffer, trouble?: HubFile['trouble']) {
  const folder = mkdtempSync(join(tmpdir(), 'look-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const hub = await HubServer.start()
  hub.files.set(`acme/large/${path}`, { content, lfs: true, ...(trouble ? { trouble } : {}) })
  const folders = { fetched: join(folder, 'fetched'), unpacked: join(folder, 'unpacked') }
  for (const one of Object.values(folders)) mkdirSync(one)
  const looked = () =>
    lookAtHub(
      {
        ...{ repo: 'acme/large', revision: 'main', config: null, split: null, kind: 'upstream', format: null },
        ...{ reading: {}, mapping: null, mirror: hub.address, token: null, proxy: null, cache: null }
      },
      folders,
      { signal: new AbortController().signal, log: () => undefined, firstWait: 1 }
    )
  const { preview } = await looked()
  const asked = (): number =>
    hub.requests
      .map(({ range }) => /^bytes=(\d+)-(\d+)$/.exec(range ?? ''))
      .reduce((sum, found) => sum + (found ? Number(found[2]) - Number(found[1]) + 1 : 0), 0)
  const whole = hub.requests.some(({ path: at, range }) => at.includes(path) && range === undefined)
  return { preview, asked, whole, looked }
}

test.each([
  ['train.jsonl', Buffer.from(jsonl)],
  ['train.csv', Buffer.from(csv)],
  ['train.json', Buffer.from(json)],
  ['data.json', Buffer.from(JSON.stringify({ version: '1', data: rows }))],
  ['train.jsonl.gz', gzipSync(`${jsonl}\n`.repeat(3), { level: 1 })],
  ['train.csv.zst', zstdCompressSync(csv + csv.slice(csv.indexOf('\n') + 1).repeat(2))],
  ['train.parquet', parquet]
])('%s', async (path, content) => {
  expect(content.length).toBeGreaterThan(8 << 20)
  const { preview, asked, whole, looked } = await look(path, content)
  expect(whole).toBe(false)
  expect(asked()).toBeLessThan(content.length / 3)
  expect(preview).toMatchObject({ columns: ['question', 'answer'], mapping: { input: 'question', output: 'answer' } })
  expect(preview!.findings.filter(({ level }) => level === 'stop')).toEqual([])
  expect(preview!.problems).toEqual([])
  expect(preview!.rows.map(({ input, outputs }) => [input, ...outputs])).toEqual(
    rows.slice(0, 10).map(({ question, answer }) => [question, answer])
  )
  // Another look fetches nothing more.
  const before = asked()
  expect((await looked()).preview).toEqual(preview)
  expect(asked()).toBe(before)
})

test('a server without ranges sends the whole file, up to 64 MB; by column, what a cut leaves out is not known', async () => {
  const { preview } = await look('train.jsonl', Buffer.from(jsonl), { kind: 'no-ranges', times: 100 })
  expect(preview!.rows).toHaveLength(10)
  const columns = { question: rows.map(({ question }) => question), answer: rows.map(({ answer }) => answer) }
  const byColumn = await look('train.json', Buffer.from(JSON.stringify(columns)))
  expect(byColumn.preview!.rows[0]).toMatchObject({ input: rows[0]!.question, outputs: ['no'] })
})
