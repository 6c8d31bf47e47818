import { writeFileSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { Random } from '../../src/main/random/random.ts'
import { allowedRows } from '../../src/main/retrieval/filter.ts'
import { buildIndex } from '../../src/main/retrieval/build.ts'
import { openIndex } from '../../src/main/retrieval/open-index.ts'
import type { SqlConnection } from '../../src/main/retrieval/shared/connection.ts'
import { takeShards } from '../../src/main/retrieval/shard-files.ts'
import { SharedIndices } from '../../src/main/retrieval/shared/shared-indices.ts'
import { makeDataset } from '../data/make-dataset.ts'

/** Rows of several tasks and groups, of which every seventh has the vector of the row before. */
const dimension = 24

/** What a server with pgvector must do, whichever it is: the same rows as the index itself, under every filter. */
export async function sharesAnIndex(sql: SqlConnection, rows: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'recross-shared-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const random = new Random('shared')
  const vectors: Float32Array[] = []
  for (let row = 0; row < rows; row++)
    vectors.push(
      row % 7 === 6 ? vectors[row - 1]! : Float32Array.from({ length: dimension }, () => random.uniform() * 2 - 1)
    )
  const examples = vectors.map((_, row) => ({
    input: String(row),
    outputs: ['x'],
    task: `task ${row % 5}`,
    group: `group ${row % 3}, "quoted"`
  }))
  const dataset = makeDataset(join(folder, 'data', 'examples.db'), examples)
  onTestFinished(() => dataset.close())
  const index = join(folder, 'index')
  const manifest = await buildIndex({
    ...{ dataset, folder: index, dimension, similarity: 'distance', search: 'exact', threads: 1 },
    ...{ encoderFingerprint: 'e', modelId: 'e', modelPrecision: 'fp32', vectorPrecision: 'fp32' },
    ...{ representation: 'semantic', prefix: '', maxTokens: 8, chunkRows: 100, madeOn: ['this machine'] },
    encoder: () =>
      Promise.resolve({
        ...{ fingerprint: 'e', dimension, normalized: false },
        async *embed(texts: readonly string[]) {
          const all = new Float32Array(texts.length * dimension)
          texts.forEach((text, at) => all.set(vectors[Number(text)]!, at * dimension))
          yield await Promise.resolve({ indices: texts.map((_, at) => at), vectors: all })
        }
      })
  })
  const { fingerprint } = manifest
  const open = await openIndex(index)
  onTestFinished(() => open.close())
  const shared = new SharedIndices(sql)
  expect((await shared.list()).some((one) => one.fingerprint === fingerprint)).toBe(false)
  const name = `It's "data"; drop table`
  expect(await shared.publish(open, dataset, { name, hnsw: false })).toBe(rows)
  expect(await shared.publish(open, dataset, { name, hnsw: false })).toBe(0)
  expect((await shared.list()).find((one) => one.fingerprint === fingerprint)).toMatchObject({
    ...{ data: name, rows, vectors: rows, dimension, contentHash: dataset.contentHash, hnsw: false }
  })

  const queries = Float32Array.from({ length: 5 * dimension }, () => random.uniform() * 2 - 1)
  // One that is exactly a row, and a twin.
  queries.set(vectors[6]!, 0)
  const filters = [
    {},
    { withoutTasks: ['task 1', 'task 3'] },
    { withoutGroups: ['group 0, "quoted"'] },
    { onlyGroups: ['group 2, "quoted"'], withoutTasks: ['task 0'] },
    { withoutRows: [5, 6, 7, 100] }
  ]
  for (const filter of filters)
    for (const k of [1, 10, 64]) {
      const { withoutRows = [], ...named } = filter as { withoutRows?: number[] }
      const usual = { withoutGroups: [], withoutTasks: [], onlyGroups: [], withoutLeaks: true, ...named }
      const excluded = withoutRows.map((row) => row + 1)
      const here = await open.search(queries, k, allowedRows(dataset, usual, excluded))
      const there = await shared.search(fingerprint, queries, k, { filter })
      expect([...there.rows], `${JSON.stringify(filter)} ${k}`).toEqual([...here.rows])
      expect([...there.distances]).toEqual([...here.distances])
      expect([...there.counts]).toEqual([...here.counts])
    }

  // Brought back, it is to the byte what was published; a share of it, which a job takes in.
  const back = join(folder, 'back')
  await shared.fetch(fingerprint, join(back, 'shards', '0'))
  const again = await buildIndex({
    ...{ dataset, folder: back, dimension, similarity: 'distance', search: 'exact', threads: 1 },
    ...{ encoderFingerprint: 'e', modelId: 'e', modelPrecision: 'fp32', vectorPrecision: 'fp32' },
    ...{ representation: 'semantic', prefix: '', maxTokens: 8, chunkRows: 100, madeOn: ['another'] },
    encoder: () => Promise.reject(new Error('nothing is embedded')),
    takeIn: takeShards
  })
  expect(again.vectors.checksums).toEqual(manifest.vectors.checksums)
  expect(again.vectors.madeOn).toEqual(['this machine'])

  // What somebody has changed there is not taken in.
  await sql.rows(
    `UPDATE recross.rows_${fingerprint} SET vector = (SELECT vector FROM recross.rows_${fingerprint} WHERE row = 0) WHERE row = 3`
  )
  await expect(shared.fetch(fingerprint, join(folder, 'damaged'))).rejects.toMatchObject({
    code: 'shared-index-damaged'
  })
  // Half of it is no index.
  await sql.rows(`DELETE FROM recross.rows_${fingerprint} WHERE row >= 50`)
  await expect(shared.search(fingerprint, queries, 1)).rejects.toMatchObject({ code: 'shared-index-unfinished' })
  expect(await shared.publish(open, dataset, { name, hnsw: true })).toBe(rows - 50)
  expect((await shared.search(fingerprint, queries.slice(0, dimension), 2, { throughHnsw: true })).counts[0]).toBe(2)
  await shared.remove(fingerprint)
  expect(await shared.list()).toEqual([])
  await expect(shared.search('x; drop', queries, 1)).rejects.toMatchObject({ code: 'not-found' })
  writeFileSync(join(folder, 'done'), '')
}
