import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Random } from '../../../src/main/random/random.ts'
import { buildIndex } from '../../../src/main/retrieval/build.ts'
import { allowedRows } from '../../../src/main/retrieval/filter.ts'
import { openIndex } from '../../../src/main/retrieval/open-index.ts'
import { connectPostgres } from '../../../src/main/retrieval/shared/postgres.ts'
import { SharedIndices } from '../../../src/main/retrieval/shared/shared-indices.ts'
import { startPostgres } from '../../../test/cluster/postgres.ts'
import { makeDataset } from '../../../test/data/make-dataset.ts'
import type { Campaign } from '../campaign.ts'

const dimension = 384
const queryCount = 10

/** An index of so many rows in a real PostgreSQL: how fast it goes there, and whether it answers as the index itself does. */
export async function sharedVectors(report: Parameters<Campaign['run']>[0], rows: number): Promise<void> {
  const server = await startPostgres()
  if (typeof server === 'string') return void process.stderr.write(`PostgreSQL is left out: ${server}\n`)
  process.env['PGPASSWORD'] = server.password
  const folder = mkdtempSync(join(tmpdir(), 'recross-million-'))
  try {
    const random = new Random('shared vectors')
    const groups = 8
    const examples = Array.from({ length: rows }, (_, row) => ({
      ...{ input: String(row), outputs: ['x'], task: `task ${row % 40}`, group: `group ${row % groups}` }
    }))
    const dataset = makeDataset(join(folder, 'data', 'examples.db'), examples)
    const drawn = (into: Float32Array) => {
      for (let at = 0; at < into.length; at++) into[at] = random.uniform() * 2 - 1
      return into
    }
    await buildIndex({
      ...{ dataset, folder: join(folder, 'index'), dimension, similarity: 'distance', search: 'exact', threads: 1 },
      ...{ encoderFingerprint: 'e', modelId: 'e', modelPrecision: 'fp32', vectorPrecision: 'fp32' },
      ...{ representation: 'semantic', prefix: '', maxTokens: 8, madeOn: ['this machine'] },
      encoder: () =>
        Promise.resolve({
          ...{ fingerprint: 'e', dimension, normalized: false },
          async *embed(texts: readonly string[]) {
            const vectors = drawn(new Float32Array(texts.length * dimension))
            yield await Promise.resolve({ indices: texts.map((_, at) => at), vectors })
          }
        })
    })
    const index = await openIndex(join(folder, 'index'))
    const sql = await connectPostgres(server.address)
    const shared = new SharedIndices(sql)
    const began = performance.now()
    await shared.publish(index, dataset, { name: 'large', hnsw: false })
    const seconds = (performance.now() - began) / 1000
    report({
      name: `rows a second by COPY into PostgreSQL, ${rows} × ${dimension}`,
      ...{ value: rows / seconds, unit: 'rows/s', aim: null, holds: null },
      detail: `${seconds.toFixed(0)} s, ${((rows * dimension * 4) / seconds / 1e6).toFixed(0)} MB of vectors a second`
    })

    const queries = drawn(new Float32Array(queryCount * dimension))
    let equal = 0
    const took: number[] = []
    const filters = [{}, { withoutGroups: ['group 3'], withoutTasks: ['task 1'] }]
    for (const filter of filters) {
      const usual = { withoutGroups: [], withoutTasks: [], onlyGroups: [], withoutLeaks: true, ...filter }
      const allowed = allowedRows(dataset, usual, [])
      for (let at = 0; at < queryCount; at++) {
        const query = queries.subarray(at * dimension, (at + 1) * dimension)
        const here = await index.search(query, 32, allowed)
        const from = performance.now()
        const there = await shared.search(index.manifest.fingerprint, query, 32, { filter })
        took.push(performance.now() - from)
        if (isDeepStrictEqual([...there.rows, ...there.distances], [...here.rows, ...here.distances])) equal++
      }
    }
    const all = filters.length * queryCount
    report({
      name: 'queries that it answers as the index itself: rows, distances, order',
      ...{ value: equal, unit: `of ${all}`, aim: 'all', holds: equal === all },
      detail: `half of them with a task and a group left out; ${(took.sort((a, b) => a - b)[all / 2]! / 1000).toFixed(2)} s a query in the middle`
    })
    await sql.close()
    index.close()
    dataset.close()
  } finally {
    server.stop()
    delete process.env['PGPASSWORD']
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
