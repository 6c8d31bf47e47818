import { createWriteStream, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { createGzip, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src/main/contract/error.ts'
import { dataFiles } from '../../../src/main/data/import/unpack.ts'
import { tar, zip } from './archives.ts'
import { importFiles, importPaths, newFolder } from './run-import.ts'

const good = '{"input":"q","output":"a"}'

describe('bad lines', () => {
  it.each([
    ['broken JSON', '{"input":"q","out', 'record', 'valid JSON'],
    ['no input', '{"output":"a"}', 'input', 'a text; found nothing'],
    ['an input that is null', '{"input":null,"output":"a"}', 'input', 'found null'],
    ['an input that is a list', '{"input":["a","b"],"output":"a"}', 'input', 'found a list'],
    ['an empty input', '{"input":"  ","output":"a"}', 'input', 'not empty'],
    ['an output that is an object', '{"input":"q","output":{"a":1}}', 'output', 'found an object'],
    ['no outputs', '{"input":"q","output":[]}', 'output', 'a list of texts'],
    ['a line that is a number', '42', 'record', 'an object'],
    ['deep nesting', `{"input":"q","output":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 'output', 'a text'],
    [
      'Latin-1 among UTF-8',
      Buffer.concat([Buffer.from('{"input":"éé","x":"'), Buffer.from('é"}', 'latin1')]),
      'record',
      'UTF-8'
    ],
    ['binary', Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x80]), 'record', 'UTF-8']
  ])('%s: told with file, line, field and what was expected', async (_, line, field, expected) => {
    const file = Buffer.concat([Buffer.from(`${good}\n`), Buffer.from(line as string), Buffer.from(`\n${good}\n`)])
    const strict = importFiles({ 'x.jsonl': file })
    await expect(strict).rejects.toMatchObject({
      code: 'too-many-bad-lines',
      message: expect.stringContaining(`x.jsonl, line 2, ${field}: expected `) as string
    })
    const { examples, rejected, output } = await importFiles({ 'x.jsonl': file }, { skipLimit: 1 })
    expect(examples).toHaveLength(2)
    expect(output.rejected).toBe(1)
    expect(rejected).toMatchObject([{ line: 2, field, expected: expect.stringContaining(expected) as string }])
    expect(rejected[0]!.text.length).toBeLessThanOrEqual(500)
  })

  it('in an array: the rest is read', async () => {
    const rows = `[["a",["b"],"c"],\n["x",[],"y"],\n["q",["a\\x"],"z"],\n[${'['.repeat(300)}1${']'.repeat(300)}],\n["d",["e"],"f"]]`
    const { examples, rejected } = await importFiles({ 'x.json': rows }, { skipLimit: 9 })
    expect(examples.map((example) => example.input)).toEqual(['a', 'd'])
    expect(rejected.map(({ line, field }) => [line, field])).toEqual([
      [2, 'outputs'],
      [3, 'record'],
      [4, 'record']
    ])
  })

  it('in a table: fields too many or too few', async () => {
    const { examples, rejected } = await importFiles(
      { 'x.csv': 'input,output\na,b\na,b,c\n"x\ny",z\nd\n' },
      { skipLimit: 9 }
    )
    expect(examples.map((example) => example.input)).toEqual(['a', 'x\ny'])
    expect(rejected.map(({ line }) => line)).toEqual([3, 6])
  })

  it('leave no dataset behind when they are too many', async () => {
    const folder = newFolder()
    const path = join(folder, 'x.jsonl')
    writeFileSync(path, `${good}\n{}\n{}\n{}\n`)
    await expect(importPaths([path], { skipLimit: 2 }, folder)).rejects.toMatchObject({ code: 'too-many-bad-lines' })
    expect(readdirSync(folder)).toEqual(['x.jsonl'])
  })
})

it('a line of 1 GB is set aside in bounded memory', async () => {
  const folder = newFolder()
  const path = join(folder, 'long.jsonl.gz')
  const packed = createGzip({ level: 1 })
  packed.pipe(createWriteStream(path))
  const block = Buffer.alloc(1 << 22, 'x')
  packed.write(`${good}\n{"input":"`)
  for (let n = 0; n < 256; n++) if (!packed.write(block)) await once(packed, 'drain')
  packed.end(`"}\n${good}\n`)
  await once(packed, 'end')
  let peak = 0
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20)
  const before = process.memoryUsage.rss()
  const { examples, rejected } = await importPaths([path], { skipLimit: 1 }, folder)
  clearInterval(timer)
  expect(examples).toHaveLength(2)
  expect(rejected).toMatchObject([{ line: 2, expected: expect.stringContaining('16 MB') as string }])
  expect(peak - before).toBeLessThan(300e6)
})

describe('files that cannot be read', () => {
  const zipped = gzipSync(`${good}\n`.repeat(1000))
  it.each([
    ['an empty file', 'x.jsonl', '', 'format-unknown'],
    ['random bytes', 'x.json', Buffer.from([1, 2, 3, 0, 0, 200, 201]), 'format-unknown'],
    ['plain prose without answers', 'x.txt', 'Once upon a time there was', 'mapping-needed'],
    ['a list of numbers', 'x.json', '[1, 2, 3]', 'format-unknown'],
    ['an array that is cut', 'x.json', '[["a",["b"],"c"],["d",["e"]', 'json-cut'],
    ['an array with a hole', 'x.json', '[["a",["b"],"c"] ["d",["e"],"f"]]', 'json-broken'],
    ['text after the array', 'x.json', '[["a",["b"],"c"]] more', 'json-broken'],
    ['cut gzip', 'x.jsonl.gz', zipped.subarray(0, zipped.length / 2), 'file-damaged'],
    ['damaged gzip', 'x.jsonl.gz', Buffer.concat([zipped.subarray(0, 30), Buffer.alloc(50)]), 'file-damaged'],
    ['damaged Parquet', 'x.parquet', 'PAR1 and then nothing of the kind', 'file-damaged'],
    ['query sets', 'fewshot.json', '{"16": {"round#0": []}}', 'query-sets-file'],
    ['a quote that stays open', 'x.csv', `input,output\n${'"a, b",c\n'.repeat(9)}"c,d\ne,f\n`, 'table-quote-open'],
    ['nothing but a header', 'x.csv', 'input,output\n', 'no-examples']
  ])('%s', async (_, name, content, code) => {
    await expect(importFiles({ [name]: content })).rejects.toMatchObject({ code })
  })

  it('are named', async () => {
    await expect(importPaths(['/nowhere/x.json'])).rejects.toMatchObject({ code: 'file-missing' })
  })
})

describe('archives', () => {
  const jsonl = `${good}\n`
  it('zip and tar are read, other files in them passed over', async () => {
    const files = { 'data/a.jsonl': jsonl, 'data/notes.txt': 'x', 'b/c.csv': 'input,output\nx,y\n' }
    for (const [name, bytes] of [
      ['x.zip', zip(files)],
      ['x.tar', tar(files)],
      ['x.tar.gz', gzipSync(tar(files))]
    ] as const) {
      const { examples, folder } = await importFiles({ [name]: bytes })
      expect(examples.map((example) => example.input)).toEqual(['q', 'x'])
      expect(readdirSync(folder).sort()).toEqual(['examples.db', name].sort())
    }
  })

  it.each(['../../evil.jsonl', '/etc/evil.jsonl', 'a/../../evil.jsonl', 'C:\\evil.jsonl', '..\\evil.jsonl'])(
    'refuses %s',
    async (name) => {
      for (const [file, bytes] of [
        ['x.zip', zip({ [name]: jsonl })],
        ['x.tar', tar({ [name]: jsonl })]
      ] as const)
        await expect(importFiles({ [file]: bytes })).rejects.toMatchObject({ code: 'archive-unsafe' })
      expect(existsSync('/etc/evil.jsonl')).toBe(false)
    }
  )

  it('a small file that unpacks to far more than the disk holds is stopped, and nothing of it stays', async () => {
    const folder = newFolder()
    const path = join(folder, 'bomb.tar.gz')
    writeFileSync(path, gzipSync(tar({ 'a.jsonl': 'x'.repeat(200 << 20) })))
    const scratch = join(folder, 'scratch')
    let looks = 0
    const room = () => {
      if (++looks === 3) throw new LabError('disk-full', 'full')
    }
    await expect(dataFiles([path], scratch, room).next()).rejects.toMatchObject({ code: 'disk-full' })
    expect(readdirSync(scratch)).toEqual([])
  })

  it('links in a tar are passed over, cut ones are told', async () => {
    const link = tar({ 'a.jsonl': jsonl })
    const other = tar({ 'link.jsonl': '' })
    other[156] = 0x32
    other.write('/etc/passwd', 157, 'latin1')
    const { examples } = await importFiles({ 'x.tar': Buffer.concat([other.subarray(0, 512), link]) })
    expect(examples).toHaveLength(1)
    const cut = tar({ 'a.jsonl': jsonl.repeat(200) }).subarray(0, 1500)
    await expect(importFiles({ 'x.tar': cut })).rejects.toMatchObject({ code: 'file-damaged' })
  })
})
