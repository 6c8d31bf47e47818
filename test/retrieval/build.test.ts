import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { neighbourLibrary } from '../../native/index.ts'
import { defaultHnsw, rowsOfHnsw } from '../../src/main/contract/index-settings.ts'
import { buildIndex } from '../../src/main/retrieval/build.ts'
import { readManifest } from '../../src/main/retrieval/manifest.ts'
import { openIndex } from '../../src/main/retrieval/open-index.ts'
import { verifyIndex } from '../../src/main/retrieval/verify.ts'
import { needs } from '../needs.ts'
import { buildOptions, builtIndex, taskDataset, temporaryFolder, wordEncoder } from './fixtures.ts'

const home = temporaryFolder()
const dataset = taskDataset(home.path, 300)
afterAll(() => {
  dataset.close()
  home.remove()
})
let folders = 0
const newFolder = (): string => join(home.path, `index-${folders++}`)

describe('building an index', () => {
  it('writes vectors that are those of the texts, and nothing else stays in the folder', async () => {
    const folder = newFolder()
    const encoder = wordEncoder()
    const manifest = await builtIndex(dataset, folder, encoder)
    expect(readdirSync(folder).sort()).toEqual(['manifest.json', 'vectors.f32'])
    expect(manifest.vectors).toMatchObject({ count: 300, dimension: 24, chunkRows: 32, precision: 'fp32' })
    const index = await openIndex(folder)
    const rows = Uint32Array.of(0, 31, 32, 299)
    const read = index.read(rows)
    for (const [place, row] of rows.entries()) {
      for await (const { vectors } of wordEncoder().embed([dataset.get(row + 1).input])) {
        expect(read.slice(place * 24, place * 24 + 24)).toEqual(vectors)
      }
    }
    index.close()
  })

  it('keeps 16-bit vectors in half the space, near the 32-bit ones', async () => {
    const folder = newFolder()
    await builtIndex(dataset, folder, wordEncoder(), { vectorPrecision: 'fp16' })
    expect(statSync(join(folder, 'vectors.f16')).size).toBe(300 * 24 * 2)
    const full = newFolder()
    await builtIndex(dataset, full, wordEncoder())
    const [half, single] = [await openIndex(folder), await openIndex(full)]
    const rows = Uint32Array.from({ length: 300 }, (_, row) => row)
    const [a, b] = [half.read(rows), single.read(rows)]
    expect(Math.max(...a.map((number, i) => Math.abs(number - b[i]!)))).toBeLessThan(2 ** -11)
    expect(a).not.toEqual(b)
    half.close()
    single.close()
  })

  it('builds nothing a second time', async () => {
    const folder = newFolder()
    const first = await builtIndex(dataset, folder, wordEncoder())
    const again = wordEncoder()
    expect(await builtIndex(dataset, folder, again)).toEqual(first)
    expect(again.texts).toBe(0)
  })

  it('adds a graph to vectors that are there, and keeps the graph for another build', async () => {
    const folder = newFolder()
    await builtIndex(dataset, folder, wordEncoder())
    const again = wordEncoder()
    const manifest = await builtIndex(dataset, folder, again, { search: 'hnsw' })
    expect(again.texts).toBe(0)
    expect(manifest.hnsw).toMatchObject({ file: 'graph.hnsw', m: 16, efConstruction: 200 })
    expect(manifest.recall).toBeGreaterThanOrEqual(0.95)
    expect(readdirSync(folder).sort()).toEqual(['graph.hnsw', 'manifest.json', 'vectors.f32'])
  })

  it('of an earlier lab is read under the names of today', async () => {
    const folder = newFolder()
    const manifest = await builtIndex(dataset, folder, wordEncoder(), { search: 'hnsw' })
    const { hnsw, seconds, ...rest } = manifest
    const old = { ...rest, graph: hnsw, seconds: { embed: seconds.embed, graph: seconds.hnsw } }
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(old))
    expect(await readManifest(folder)).toEqual(manifest)
  })

  it(
    'keeps the rows of a graph in 8 bits where that is asked for, and finds the same; asked otherwise, it is built anew',
    needs(neighbourLibrary().hnswRows.includes('int8'), 'graphs of 8-bit rows are the addon’s'),
    async () => {
      const folder = newFolder()
      const small = { ...defaultHnsw, rows: 'int8' as const }
      const manifest = await builtIndex(dataset, folder, wordEncoder(), { search: 'hnsw', hnsw: small })
      expect(manifest.hnsw?.rows).toBe('int8')
      const whole = newFolder()
      const other = await builtIndex(dataset, whole, wordEncoder(), { search: 'hnsw' })
      expect(other.hnsw?.rows).toBe('fp32')
      expect(manifest.hnsw!.bytes).toBeLessThan(other.hnsw!.bytes)
      const [a, b] = [await openIndex(folder), await openIndex(whole)]
      expect([a.searchedBy, b.searchedBy]).toEqual(['graph 16 200 from 64 in 8 bits', 'graph 16 200 from 64'])
      const queries = a.read(Uint32Array.of(3, 100, 250))
      const how: string[] = []
      const found = await a.search(queries, 5, null, (said) => how.push(said))
      expect(found).toEqual(await b.search(queries, 5))
      expect(how).toEqual([expect.stringMatching(/through the graph/)])
      a.close()
      b.close()
      const again = wordEncoder()
      expect((await builtIndex(dataset, folder, again, { search: 'hnsw' })).hnsw?.rows).toBe('fp32')
      expect(again.texts).toBe(0)
    }
  )

  it('by itself it keeps 8 bits where 32 would take more than half a gigabyte, with the addon', () => {
    const auto = (rows: number, builder: 'addon' | 'hnswlib-node' = 'addon') => rowsOfHnsw({}, rows, 384, builder)
    expect([auto(300_000), auto(1_000_000), auto(1_000_000, 'hnswlib-node')]).toEqual(['fp32', 'int8', 'fp32'])
    expect(rowsOfHnsw({ rows: 'fp32' }, 1e7, 384, 'addon')).toBe('fp32')
  })

  it('resumes after an abort at the last finished chunk, with the same checksums', async () => {
    const folder = newFolder()
    const abort = new AbortController()
    const encoder = wordEncoder()
    const stopped = builtIndex(dataset, folder, encoder, {
      signal: abort.signal,
      report: ({ done }) => {
        if (done > 100) abort.abort(new Error('stop'))
      }
    })
    await expect(stopped).rejects.toThrow('stop')
    expect(await readManifest(folder)).toBeNull()
    await expect(openIndex(folder)).rejects.toMatchObject({ code: 'index-missing' })
    const second = wordEncoder()
    const manifest = await builtIndex(dataset, folder, second)
    expect(second.texts).toBe(300 - 96)
    const whole = await builtIndex(dataset, newFolder(), wordEncoder())
    expect(manifest.vectors.checksums).toEqual(whole.vectors.checksums)
  })

  it('survives kill -9 at the last finished chunk', async () => {
    const folder = newFolder()
    const child = fork(join(import.meta.dirname, 'endless-build.ts'), [dataset.path, folder])
    await once(child, 'message')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const finished = readFileSync(join(folder, 'done-0.jsonl'), 'utf8').trim().split('\n').length
    expect(finished).toBeGreaterThanOrEqual(3)
    const encoder = wordEncoder()
    const manifest = await builtIndex(dataset, folder, encoder)
    expect(encoder.texts).toBe(300 - finished * 32)
    expect((await verifyIndex(folder, manifest)).badChunks).toEqual([])
  })

  it('embeds a chunk again if its bytes are no longer those of the journal', async () => {
    const folder = newFolder()
    const abort = new AbortController()
    const stop = { signal: abort.signal, report: ({ done }: { done: number }) => done > 200 && abort.abort() }
    await expect(
      builtIndex(dataset, folder, wordEncoder(), { ...stop, report: (progress) => void stop.report(progress) })
    ).rejects.toThrow()
    await flip(join(folder, 'vectors.part'), 40 * 24 * 4)
    const encoder = wordEncoder()
    const manifest = await builtIndex(dataset, folder, encoder)
    expect(encoder.texts).toBe(300 - 192 + 32)
    expect((await verifyIndex(folder, manifest)).badChunks).toEqual([])
  })

  it('starts afresh where the folder holds the beginnings of another index', async () => {
    const folder = newFolder()
    const abort = new AbortController()
    const report = ({ done }: { done: number }): void => {
      if (done > 200) abort.abort()
    }
    await expect(builtIndex(dataset, folder, wordEncoder(24), { signal: abort.signal, report })).rejects.toThrow()
    const encoder = wordEncoder(16)
    await builtIndex(dataset, folder, encoder)
    expect(encoder.texts).toBe(300)
  })
})

describe('a damaged index', () => {
  const damages: [string, (folder: string) => Promise<void>, number[], number][] = [
    ['one byte changed', (folder) => flip(join(folder, 'vectors.f32'), 70 * 24 * 4), [2], 32],
    ['cut off', async (folder) => truncateSync(join(folder, 'vectors.f32'), 250 * 24 * 4), [7, 8, 9], 76],
    ['vectors gone', (folder) => rm(join(folder, 'vectors.f32')), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 300]
  ]
  it.each(damages)('%s: is named when opened, and only that is built again', async (_, damage, chunks, texts) => {
    const folder = newFolder()
    const before = await builtIndex(dataset, folder, wordEncoder(), { search: 'hnsw' })
    const hnsw = readFileSync(join(folder, 'graph.hnsw'))
    await damage(folder)
    await expect(openIndex(folder)).rejects.toMatchObject({ code: 'index-damaged', details: { chunks } })
    const encoder = wordEncoder()
    const after = await builtIndex(dataset, folder, encoder, { search: 'hnsw' })
    expect(encoder.texts).toBe(texts)
    expect(after.vectors).toEqual(before.vectors)
    expect(readFileSync(join(folder, 'graph.hnsw')).equals(hnsw)).toBe(true)
    ;(await openIndex(folder)).close()
  })

  it('a damaged graph: search stays exact with a warning, and only the graph is built again', async () => {
    const folder = newFolder()
    const before = await builtIndex(dataset, folder, wordEncoder(), { search: 'hnsw' })
    await flip(join(folder, 'graph.hnsw'), 5000)
    const warnings: string[] = []
    const index = await openIndex(folder, { log: (text, level) => void (level === 'warn' && warnings.push(text)) })
    expect(warnings.join()).toContain('graph')
    expect(index.method(10)).toBe('exact')
    index.close()
    const encoder = wordEncoder()
    const after = await builtIndex(dataset, folder, encoder, { search: 'hnsw' })
    expect(encoder.texts).toBe(0)
    expect(after.vectors).toEqual(before.vectors)
    const repaired = await openIndex(folder)
    expect(repaired.method(10)).toBe('hnsw')
    repaired.close()
  })

  it('a damaged manifest is named, and the index built anew', async () => {
    const folder = newFolder()
    await builtIndex(dataset, folder, wordEncoder())
    writeFileSync(join(folder, 'manifest.json'), '{"format": 1, "finge')
    await expect(openIndex(folder)).rejects.toMatchObject({ code: 'index-damaged', details: { part: 'manifest' } })
    const encoder = wordEncoder()
    await builtIndex(dataset, folder, encoder)
    expect(encoder.texts).toBe(300)
    ;(await openIndex(folder)).close()
  })
})

describe('refusals', () => {
  it('an index of a newer format is refused and left alone', async () => {
    const folder = newFolder()
    const manifest = await builtIndex(dataset, folder, wordEncoder())
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, format: 99 }))
    await expect(openIndex(folder)).rejects.toMatchObject({ code: 'index-newer' })
    await expect(builtIndex(dataset, folder, wordEncoder())).rejects.toMatchObject({ code: 'index-newer' })
    expect(existsSync(join(folder, 'vectors.f32'))).toBe(true)
  })

  it('a folder with another finished index is refused', async () => {
    const folder = newFolder()
    await builtIndex(dataset, folder, wordEncoder(24))
    await expect(builtIndex(dataset, folder, wordEncoder(16))).rejects.toMatchObject({ code: 'index-of-other-data' })
  })

  it('an encoder of another dimension than announced is refused', async () => {
    const options = buildOptions(dataset, newFolder(), wordEncoder(24), { dimension: 32 })
    await expect(buildIndex(options)).rejects.toMatchObject({ code: 'dimension-mismatch' })
  })

  it.each([
    ['fp32', Number.NaN],
    ['fp16', 1e6]
  ] as const)('numbers that %s cannot hold are refused (%d)', async (vectorPrecision, value) => {
    const encoder = {
      ...wordEncoder(24),
      async *embed(texts: readonly string[]) {
        yield { indices: texts.map((_, i) => i), vectors: new Float32Array(texts.length * 24).fill(value) }
      }
    }
    const options = buildOptions(dataset, newFolder(), encoder, { vectorPrecision })
    await expect(buildIndex(options)).rejects.toMatchObject({ code: 'vector-not-finite' })
  })

  it('a full disk is said in words, and what was finished is kept', async () => {
    // /dev/full answers every write with "no space left on device".
    if (!existsSync('/dev/full')) return
    const folder = newFolder()
    const abort = new AbortController()
    const report = ({ done }: { done: number }): void => {
      if (done > 200) abort.abort()
    }
    await expect(builtIndex(dataset, folder, wordEncoder(), { signal: abort.signal, report })).rejects.toThrow()
    const journal = join(folder, 'done-0.jsonl')
    renameSync(journal, join(folder, 'done-1.jsonl'))
    const encoder = wordEncoder()
    const full = builtIndex(dataset, folder, encoder, {
      encoder: async () => {
        symlinkSync('/dev/full', journal)
        return encoder
      }
    })
    await expect(full).rejects.toMatchObject({ code: 'disk-full' })
    await rm(journal)
    const second = wordEncoder()
    await builtIndex(dataset, folder, second)
    expect(second.texts).toBe(300 - 192)
  })
})

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  byte[0] = byte[0]! ^ 0xff
  await file.write(byte, 0, 1, at)
  await file.close()
}

describe('what its vectors were computed on', () => {
  it('is said once, and of all machines that took part', async () => {
    const one = newFolder()
    const there = { madeOn: ['that machine'], search: 'exact' as const }
    expect((await builtIndex(dataset, one, wordEncoder(), there)).vectors.madeOn).toEqual(['that machine'])
    // Only checked here: nothing is computed.
    expect((await builtIndex(dataset, one, wordEncoder())).vectors.madeOn).toEqual(['that machine'])
    await flip(join(one, 'vectors.f32'), 100)
    expect((await builtIndex(dataset, one, wordEncoder())).vectors.madeOn).toEqual(['that machine', 'this machine'])

    const begun = newFolder()
    const abort = new AbortController()
    const report = ({ done }: { done: number }) => done > 100 && abort.abort(new Error('stop'))
    const options = { ...there, signal: abort.signal, report: (progress: { done: number }) => void report(progress) }
    await expect(builtIndex(dataset, begun, wordEncoder(), options)).rejects.toThrow('stop')
    expect((await builtIndex(dataset, begun, wordEncoder())).vectors.madeOn).toEqual(['that machine', 'this machine'])
  })

  it('is unknown where an earlier lab has not written it down', async () => {
    const folder = newFolder()
    await builtIndex(dataset, folder, wordEncoder())
    const file = join(folder, 'manifest.json')
    const { vectors, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Record<string, unknown> }
    const { madeOn: _, ...old } = vectors
    writeFileSync(file, JSON.stringify({ ...rest, vectors: old }))
    expect((await readManifest(folder))?.vectors.madeOn).toEqual([])
    await flip(join(folder, 'vectors.f32'), 100)
    expect((await builtIndex(dataset, folder, wordEncoder())).vectors.madeOn).toEqual(['this machine', 'unknown'])
  })
})
