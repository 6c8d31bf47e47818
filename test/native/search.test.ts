/// <reference lib="es2025.float16" />
import fc from 'fast-check'
import * as hnswlib from 'hnswlib-node'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadAddon, neighbourLibrary, plainLibrary, type NeighbourLibrary, type Precision } from '../../native/index.ts'
import { Random } from '../../src/main/random/random.ts'
import { overlap } from '../../src/main/retrieval/recall.ts'
import { needs } from '../needs.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-native-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Both ways to search get the same tests. Without a compiler the native ones are skipped, out loud. */
const libraries: [string, NeighbourLibrary][] = [['plain', plainLibrary('under test')]]
const { addon, reason } = loadAddon()
if (addon !== null) libraries.push(['native', neighbourLibrary()])

let files = 0
function vectorFile(
  rows: number,
  dimension: number,
  precision: Precision = 'fp32',
  seed = 1
): { path: string; vectors: Float32Array } {
  const random = new Random(seed)
  const vectors = Float32Array.from({ length: rows * dimension }, () => random.normal())
  const path = join(folder, `vectors-${files++}`)
  const stored = precision === 'fp16' ? Float16Array.from(vectors) : vectors
  writeFileSync(path, new Uint8Array(stored.buffer))
  return { path, vectors: Float32Array.from(stored) }
}

/** The definition, in double precision: rows by distance, then by number. */
function bruteForce(
  vectors: Float32Array,
  dimension: number,
  query: Float32Array,
  k: number,
  allowed?: Uint8Array
): number[] {
  const rows = Array.from({ length: vectors.length / dimension }, (_, row) => {
    let sum = 0
    for (let i = 0; i < dimension; i++) sum += (vectors[row * dimension + i]! - query[i]!) ** 2
    return { row, sum }
  })
  const kept = allowed ? rows.filter(({ row }) => allowed[row] !== 0) : rows
  return kept
    .sort((a, b) => a.sum - b.sum || a.row - b.row)
    .slice(0, k)
    .map(({ row }) => row)
}

describe.each(libraries)('exact search, %s', (_, library) => {
  it.each([
    [1, 1, 1, 'fp32'],
    [5, 3, 2, 'fp32'],
    [100, 17, 5, 'fp32'],
    [3000, 24, 9, 'fp32'],
    [5000, 65, 4, 'fp16'],
    [2500, 384, 3, 'fp16']
  ] as const)('%d rows of %d numbers, %d queries, %s', async (rows, dimension, queries, precision) => {
    const { path, vectors } = vectorFile(rows, dimension, precision)
    const asked = vectorFile(queries, dimension, 'fp32', 2).vectors
    const open = library.openVectors(path, rows, dimension, precision)
    const { k, ...found } = await open.search(asked, 10, { threads: 3 })
    expect(k).toBe(Math.min(10, rows))
    for (let query = 0; query < queries; query++) {
      const expected = bruteForce(vectors, dimension, asked.subarray(query * dimension, (query + 1) * dimension), k)
      expect([...found.rows.subarray(query * k, query * k + found.counts[query]!)]).toEqual(expected)
    }
    open.close()
  })

  it('respects a filter, also one that leaves fewer rows than wanted', async () => {
    const { path, vectors } = vectorFile(200, 8)
    const open = library.openVectors(path, 200, 8, 'fp32')
    const allowed = new Uint8Array(200)
    for (const row of [3, 50, 51, 199]) allowed[row] = 1
    const query = vectors.slice(0, 8)
    const { rows, counts, k } = await open.search(query, 10, { allowed })
    expect(counts[0]).toBe(4)
    expect([...rows.subarray(0, 4)]).toEqual(bruteForce(vectors, 8, query, k, allowed))
    open.close()
  })

  it('answers many sets of queries in one pass as it answers each, bit for bit', async () => {
    const [rows, dimension] = [3000, 20]
    const { path } = vectorFile(rows, dimension)
    const open = library.openVectors(path, rows, dimension, 'fp32')
    const sets = [1, 2, 3, 4, 5, 7, 16].map((count, at) => ({
      queries: vectorFile(count, dimension, 'fp32', 50 + at).vectors,
      k: 1 + 3 * at,
      allowed: at % 2 === 0 ? null : Uint8Array.from({ length: rows }, (_, row) => (row % (at + 1) === 0 ? 1 : 0))
    }))
    const together = await open.searchSets(sets, { threads: 3 })
    for (const [at, { queries, k, allowed }] of sets.entries())
      expect(together[at]).toEqual(await open.search(queries, k, { threads: 1, ...(allowed && { allowed }) }))
    expect(await open.searchSets([])).toEqual([])
    open.close()
  })

  it('ties go to the smaller row, whatever the number of threads', async () => {
    const path = join(folder, 'ties')
    writeFileSync(path, new Uint8Array(10_000 * 4 * 4))
    const open = library.openVectors(path, 10_000, 4, 'fp32')
    for (const threads of [1, 2, 5]) {
      const { rows } = await open.search(new Float32Array(4), 7, { threads })
      expect([...rows]).toEqual([0, 1, 2, 3, 4, 5, 6])
    }
    open.close()
  })

  it('property: reads back what was written; a row is its own nearest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(1000),
        async (rows, dimension, seed) => {
          const { path, vectors } = vectorFile(rows, dimension, 'fp32', seed)
          const open = library.openVectors(path, rows, dimension, 'fp32')
          const row = seed % rows
          const read = open.read(Uint32Array.of(row))
          expect(read).toEqual(vectors.slice(row * dimension, (row + 1) * dimension))
          const { rows: found, distances } = await open.search(read, 1)
          expect([found[0], distances[0]]).toEqual([row, 0])
          open.close()
        }
      ),
      { numRuns: 25 }
    )
  })

  it('a file that is too short is refused', () => {
    const { path } = vectorFile(10, 4)
    truncateSync(path, 100)
    expect(() => library.openVectors(path, 10, 4, 'fp32')).toThrow(/160 are needed/)
    expect(() => library.openVectors(join(folder, 'none'), 10, 4, 'fp32')).toThrow(/none/)
  })
})

const settings = { m: 12, efConstruction: 80, seed: 9 }

describe.each(libraries)('graphs, %s', (name, library) => {
  const rows = 3000
  const dimension = 16
  const { path, vectors } = vectorFile(rows, dimension)
  const queries = vectorFile(50, dimension, 'fp32', 5).vectors

  it('finds nearly what exact search finds, and more with a larger ef', async () => {
    const open = library.openVectors(path, rows, dimension, 'fp32')
    const hnsw = await library.createHnsw(dimension, rows, settings)
    while (hnsw.size < rows) await hnsw.add(open, Math.min(700, rows - hnsw.size), 3)
    const exact = await open.search(queries, 10)
    const narrow = overlap(exact, await hnsw.search(queries, 10, 10))
    const wide = overlap(exact, await hnsw.search(queries, 10, 200))
    expect(wide).toBeGreaterThanOrEqual(0.98)
    expect(wide).toBeGreaterThanOrEqual(narrow)
    hnsw.close()
    open.close()
  })

  it('a file written by it is read by hnswlib-node, and the other way round', async () => {
    const open = library.openVectors(path, rows, dimension, 'fp32')
    const hnsw = await library.createHnsw(dimension, rows, settings)
    await hnsw.add(open, rows, 2)
    const written = join(folder, `${name}.hnsw`)
    await hnsw.save(written)
    const theirs = new hnswlib.HierarchicalNSW('l2', dimension)
    theirs.readIndexSync(written)
    theirs.setEf(200)
    expect(theirs.getCurrentCount()).toBe(rows)
    for (const row of [0, 1, 1500, 2999]) {
      const point = vectors.slice(row * dimension, (row + 1) * dimension)
      expect(Float32Array.from(theirs.getPoint(row))).toEqual(point)
      expect(theirs.searchKnn([...point], 1).neighbors).toEqual([row])
    }
    const copied = join(folder, `${name}-theirs.hnsw`)
    theirs.writeIndexSync(copied)
    const again = await library.openHnsw(copied, dimension)
    expect(await again.search(queries, 10, 100)).toEqual(await hnsw.search(queries, 10, 100))
    again.close()
    hnsw.close()
    open.close()
  })

  it(
    'is the same graph for any number of threads, in any pieces, also after a stop',
    needs(name !== 'plain', 'hnswlib-node inserts in the order of its threads'),
    async () => {
      const open = library.openVectors(path, rows, dimension, 'fp32')
      const files = new Set<string>()
      for (const [threads, piece, stop] of [
        [1, 3000, 0],
        [2, 3000, 0],
        [3, 7, 0],
        [8, 411, 1500]
      ] as const) {
        const file = join(folder, `same-${threads}-${piece}.hnsw`)
        let hnsw = await library.createHnsw(dimension, rows, settings)
        while (hnsw.size < rows) {
          await hnsw.add(open, Math.min(piece, rows - hnsw.size), threads)
          if (stop === 0 || hnsw.size < stop || hnsw.size > stop + piece + 30) continue
          await hnsw.save(file)
          hnsw.close()
          hnsw = await library.resumeHnsw(file, dimension, rows, settings)
        }
        await hnsw.save(file)
        hnsw.close()
        files.add(readFileSync(file).toString('latin1'))
      }
      expect(files.size).toBe(1)
      open.close()
    }
  )

  it('goes on where a saved part ends', async () => {
    const open = library.openVectors(path, rows, dimension, 'fp32')
    const part = await library.createHnsw(dimension, rows, settings)
    await part.add(open, 1000, 2)
    const saved = join(folder, `${name}-part.hnsw`)
    await part.save(saved)
    part.close()
    const hnsw = await library.resumeHnsw(saved, dimension, rows, settings)
    const size = hnsw.size
    // To the end of a batch.
    expect(size).toBeGreaterThanOrEqual(1000)
    expect(size).toBeLessThan(1030)
    await hnsw.add(open, rows - size, 2)
    expect(hnsw.size).toBe(rows)
    expect(overlap(await open.search(queries, 10), await hnsw.search(queries, 10, 200))).toBeGreaterThanOrEqual(0.98)
    hnsw.close()
    open.close()
  })

  it(
    'with rows of bytes finds what exact search finds, with exact distances, in half the file; also after a stop',
    needs(library.hnswRows.includes('int8'), 'graphs of bytes are the addon’s'),
    async () => {
      const open = library.openVectors(path, rows, dimension, 'fp32')
      const small = await library.createHnsw(dimension, rows, { ...settings, rows: 'int8' })
      await small.add(open, 1500, 3)
      const file = join(folder, `${name}-bytes.hnsw`)
      await small.save(file)
      small.close()
      const graph = await library.resumeHnsw(file, dimension, rows, { seed: settings.seed, rows: 'int8' })
      await graph.add(open, rows - graph.size, 2)
      await graph.save(file)
      const allowed = Uint8Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 1 : 0))
      for (const filter of [{}, { allowed }]) {
        const exact = await open.search(queries, 10, filter)
        const found = await graph.search(queries, 10, 200, { ...filter, vectors: open })
        expect(overlap(exact, found)).toBeGreaterThanOrEqual(0.98)
        // Where the same row is nearest it is so by the very same distance, but for the order of a sum.
        const first = Array.from({ length: 50 }, (_, query) => query * 10)
        for (const at of first.filter((at) => exact.rows[at] === found.rows[at]))
          expect(Math.abs(exact.distances[at]! - found.distances[at]!)).toBeLessThan(1e-5)
      }
      const again = await library.openHnsw(file, dimension, 'int8')
      expect(await again.search(queries, 5, 100, { vectors: open })).toEqual(
        await graph.search(queries, 5, 100, { vectors: open })
      )
      await expect(again.search(queries, 5, 100)).rejects.toThrow(/vectors that it was made of/)
      await expect(library.openHnsw(file, dimension)).rejects.toThrow(/not a graph over vectors/)
      again.close()
      graph.close()
      open.close()
    }
  )

  it('a filter lets through only what it allows', async () => {
    const open = library.openVectors(path, rows, dimension, 'fp32')
    const hnsw = await library.createHnsw(dimension, rows, settings)
    await hnsw.add(open, rows, 2)
    const allowed = Uint8Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 1 : 0))
    const found = await hnsw.search(queries, 10, 100, { allowed })
    expect([...found.rows].every((row) => row % 3 === 0)).toBe(true)
    expect(overlap(await open.search(queries, 10, { allowed }), found)).toBeGreaterThanOrEqual(0.95)
    hnsw.close()
    open.close()
  })

  it('damage is an error, not a crash', async () => {
    const open = library.openVectors(path, rows, dimension, 'fp32')
    const hnsw = await library.createHnsw(dimension, rows, settings)
    await hnsw.add(open, 200, 2)
    const good = join(folder, `${name}-good.hnsw`)
    await hnsw.save(good)
    open.close()
    hnsw.close()
    const bytes = readFileSync(good)
    const damaged = join(folder, `${name}-damaged.hnsw`)
    for (const keep of [0, 40, 96, 5000, bytes.length - 1]) {
      writeFileSync(damaged, bytes.subarray(0, keep))
      await expect(library.openHnsw(damaged, dimension), `${keep} bytes`).rejects.toThrow()
    }
    await expect(library.openHnsw(join(folder, 'none.hnsw'), dimension)).rejects.toThrow()
  })
})

describe('the addon alone', needs(addon, `no native addon: ${reason}`), () => {
  it('property: all kernels agree with the definition, half-precision rows included', () => {
    const halves = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(halves, fc.nat(1000), (bits, seed) => {
        const half = Uint16Array.from(bits.map((one) => ((one & 0x7c00) === 0x7c00 ? one & 0x83ff : one)))
        const row = Float32Array.from(new Float16Array(half.buffer))
        const random = new Random(seed)
        const queries = Float32Array.from({ length: 4 * row.length }, () => random.normal() * 10)
        const results = Object.entries(addon!.compareKernels(queries, half))
        expect(results.map(([name]) => name)).toContain(process.arch === 'arm64' ? 'neon' : 'portable')
        for (const [name, result] of results) {
          expect(result.row, name).toEqual(row)
          const bytes = half.reduce(
            (sum, bits, i) => sum + (((bits & 0xff) << 24) >> 24) * ((((bits >> 4) + i) << 24) >> 24),
            0
          )
          expect(result.bytes, name).toBe(bytes)
          for (let place = 0; place < 8; place++) {
            let sum = 0
            row.forEach((number, i) => (sum += (queries[(place % 4) * row.length + i]! - number) ** 2))
            expect(Math.abs(result.distances[place]! - sum), name).toBeLessThanOrEqual(1e-5 * sum + 1e-30)
          }
        }
      })
    )
  })

  it('a graph with one thread is the same every time', async () => {
    const library = neighbourLibrary()
    const { path } = vectorFile(500, 12)
    const open = library.openVectors(path, 500, 12, 'fp32')
    const written = []
    for (const name of ['a', 'b']) {
      const hnsw = await library.createHnsw(12, 500, settings)
      await hnsw.add(open, 500, 1)
      await hnsw.save(join(folder, `same-${name}`))
      hnsw.close()
      written.push(readFileSync(join(folder, `same-${name}`)))
    }
    expect(written[0]!.equals(written[1]!)).toBe(true)
    open.close()
  })

  it('links to rows that do not exist, and a graph of another dimension, are refused', async () => {
    const library = neighbourLibrary()
    const { path } = vectorFile(300, 12)
    const open = library.openVectors(path, 300, 12, 'fp32')
    const hnsw = await library.createHnsw(12, 300, settings)
    await hnsw.add(open, 300, 2)
    const file = join(folder, 'links.hnsw')
    await hnsw.save(file)
    hnsw.close()
    await expect(library.openHnsw(file, 13)).rejects.toThrow(/dimension 13/)
    const bytes = readFileSync(file)
    const rowBytes = 4 + 2 * settings.m * 4 + 12 * 4 + 8
    for (let row = 0; row < 300; row++) bytes.writeUInt32LE(4_000_000_000, 96 + row * rowBytes + 4)
    writeFileSync(file, bytes)
    const bad = await library.openHnsw(file, 12)
    await expect(bad.search(open.read(Uint32Array.of(1)), 5, 50)).rejects.toThrow(/damaged/)
    bad.close()
    open.close()
  })

  const wrong: [string, () => unknown, RegExp][] = [
    ['no path', () => new addon!.VectorFile(undefined as unknown as string, 1, 1, false), /path must be a string/],
    ['rows not whole', () => new addon!.VectorFile('x', 1.5, 1, false), /rows must be a whole number/],
    ['rows negative', () => new addon!.VectorFile('x', -1, 1, false), /rows must be a whole number/],
    ['a closed graph', () => new addon!.Graph().search(new Float32Array(1), 1, 1, 1, null, null), /closed or not open/]
  ]
  it.each(wrong)('%s: a plain error', (_, call, message) => {
    expect(call).toThrow(message)
  })

  it('queries of another dimension, and filters of another length, are refused', () => {
    const { path } = vectorFile(10, 4)
    const file = new addon!.VectorFile(path, 10, 4, false)
    const set = (numbers: number, allowed: Uint8Array | null) => [{ queries: new Float32Array(numbers), k: 1, allowed }]
    expect(() => file.search(set(5, null), 1)).toThrow(/dimension/)
    expect(() => file.search(set(4, new Uint8Array(3)), 1)).toThrow(/one byte a row/)
    expect(() => file.search({} as unknown as Parameters<typeof file.search>[0], 1)).toThrow(/must be an array/)
    expect(() => file.search([7] as unknown as Parameters<typeof file.search>[0], 1)).toThrow(/must have queries/)
    expect(() => file.read(Uint32Array.of(10))).toThrow(/no row 10/)
    file.close()
    expect(() => file.read(Uint32Array.of(0))).toThrow(/closed/)
  })
})
