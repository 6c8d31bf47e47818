import { mkdir } from 'node:fs/promises'
import { LabError } from '../../contract/error.ts'
import type { DatasetFile } from '../../contract/dataset-file.ts'
import type { SharedFilter, SharedIndex } from '../../contract/shared-indices.ts'
import type { Answers } from '../../../../native/index.ts'
import { chunkRange, manifestSchema, type Manifest } from '../manifest.ts'
import type { OpenIndex } from '../open-index.ts'
import { ShardFiles } from '../shard-files.ts'
import type { SqlConnection } from './connection.ts'
import { copyEnd, copyHead, copyRows, readVector } from './copy-format.ts'
import { nearestOf } from './nearest-of.ts'

/** Rows that are written, or read back, in one go; each go is all or nothing. */
const pieceRows = 10_000
const blockRows = 500
/** So many more than asked for are looked at here again: the server rounds its distances otherwise than the lab does. */
const margin = 64
/** pgvector's limit for a graph. */
const largestHnswDimension = 2000

export interface PublishOptions {
  /** What others see of the data. */
  name: string
  /** A graph on the server as well: for many millions of rows, and found only nearly. */
  hnsw: boolean
  signal?: AbortSignal
  report?: (done: number, total: number) => void
}

interface Entry {
  fingerprint: string
  data: string
  manifest: unknown
  hnsw: boolean
  publishedAt: string
  rows: number
}

/**
 * Indices in one database: a table of what there is, and one table of vectors each, with the task and the group of every row, so that
 * the server itself leaves out what is filtered. Nearest rows are those of the lab's own exact search, in its order.
 */
export class SharedIndices {
  readonly #sql: SqlConnection

  constructor(sql: SqlConnection) {
    this.#sql = sql
  }

  /** Makes what is needed in an empty database. Throws `vector-server-no-pgvector`, `vector-server-no-right`. */
  async #prepare(): Promise<void> {
    await this.#sql.rows('CREATE EXTENSION IF NOT EXISTS vector')
    await this.#sql.rows('CREATE SCHEMA IF NOT EXISTS recross')
    await this.#sql.rows(
      `CREATE TABLE IF NOT EXISTS recross.indices (fingerprint text PRIMARY KEY, data text NOT NULL, manifest jsonb NOT NULL,
        graph boolean NOT NULL DEFAULT false, published_at timestamptz NOT NULL DEFAULT now())`
    )
  }

  async list(): Promise<SharedIndex[]> {
    const [known] = await this.#sql.rows<{ there: boolean }>(
      "SELECT to_regclass('recross.indices') IS NOT NULL AS there"
    )
    if (known?.there !== true) return []
    const entries = await this.#sql.rows<{ fingerprint: string }>(
      'SELECT fingerprint FROM recross.indices ORDER BY published_at, fingerprint'
    )
    const all: SharedIndex[] = []
    for (const { fingerprint } of entries) {
      const { manifest, ...entry } = await this.#get(fingerprint)
      const { encoder, vectors, dataset } = manifest
      all.push({
        ...{ fingerprint, data: entry.data, contentHash: dataset.contentHash, rows: entry.rows, hnsw: entry.hnsw },
        ...{ encoder: encoder.modelId, encoderFingerprint: encoder.fingerprint },
        ...{ representation: encoder.representation, dimension: vectors.dimension, vectors: vectors.count },
        ...{ over: encoder.over, maxTokens: encoder.maxTokens },
        ...{ modelPrecision: encoder.precision, vectorPrecision: vectors.precision },
        search: manifest.hnsw === null ? 'exact' : 'hnsw',
        publishedAt: entry.publishedAt
      })
    }
    return all
  }

  /** Writes an index there, or what is missing of it; gives how many rows went over. */
  async publish(index: OpenIndex, dataset: DatasetFile, options: PublishOptions): Promise<number> {
    const { manifest } = index
    const { fingerprint } = manifest
    const { count, dimension } = manifest.vectors
    if (options.hnsw && dimension > largestHnswDimension)
      throw new LabError(
        'bad-dimension',
        `pgvector makes graphs of vectors of up to ${largestHnswDimension} numbers, and these have ${dimension}. Publish without a graph.`
      )
    await this.#prepare()
    const table = tableOf(fingerprint)
    await this.#sql.rows(
      `CREATE TABLE IF NOT EXISTS ${table} (row integer PRIMARY KEY, task text NOT NULL, grp text NOT NULL, vector vector(${dimension}) NOT NULL)`
    )
    await this.#sql.rows(
      'INSERT INTO recross.indices (fingerprint, data, manifest) VALUES ($1, $2, $3) ON CONFLICT (fingerprint) DO NOTHING',
      [fingerprint, options.name, JSON.stringify(manifest)]
    )
    const before = await this.#rowsThere(table)
    options.report?.(before, count)
    for (let first = before; first < count; first += pieceRows) {
      options.signal?.throwIfAborted()
      const end = Math.min(count, first + pieceRows)
      await this.#sql.copyIn(table, ['row', 'task', 'grp', 'vector'], copied(index, dataset, first, end))
      options.report?.(end, count)
    }
    if (options.hnsw) {
      await this.#sql.rows(
        `CREATE INDEX IF NOT EXISTS ${indexOf(fingerprint)} ON ${table} USING hnsw (vector vector_l2_ops)`
      )
      await this.#sql.rows('UPDATE recross.indices SET graph = true WHERE fingerprint = $1', [fingerprint])
    }
    await this.#sql.rows(`ANALYZE ${table}`)
    return count - before
  }

  /**
   * The `k` nearest rows of each query among those that the filter leaves; `queries` is row-major. Exact, and the same rows in the same
   * order as the index itself gives, also where rows are equally near; with `throughHnsw` what the server's graph finds.
   */
  async search(
    fingerprint: string,
    queries: Float32Array,
    k: number,
    { filter = {}, throughHnsw = false }: { filter?: Partial<SharedFilter>; throughHnsw?: boolean } = {}
  ): Promise<Answers> {
    const { manifest, hnsw } = await this.#whole(fingerprint)
    const { dimension, similarity } = manifest.vectors
    if (queries.length % dimension !== 0)
      throw new LabError(
        'dimension-mismatch',
        `The queries have ${queries.length} numbers, which are no whole vectors of the index's ${dimension}.`
      )
    const count = queries.length / dimension
    const answers: Answers = {
      k,
      rows: new Uint32Array(count * k),
      distances: new Float32Array(count * k),
      counts: new Uint32Array(count)
    }
    const { where, values } = whereOf(filter)
    const nearness = similarity === 'dot' ? '<#>' : '<->'
    for (let at = 0; at < count; at++) {
      const query = queries.subarray(at * dimension, (at + 1) * dimension)
      // A sum with nothing is no column that a graph knows: the server looks at every row.
      const by =
        throughHnsw && hnsw && similarity !== 'dot'
          ? `vector ${nearness} $1::vector`
          : `(vector ${nearness} $1::vector) + 0`
      const found = await this.#sql.rows<{ row: number; sent: Uint8Array }>(
        `SELECT row, vector_send(vector) AS sent FROM ${tableOf(fingerprint)} ${where} ORDER BY ${by} FETCH FIRST ${k + margin} ROWS WITH TIES`,
        [`[${query.join(',')}]`, ...values]
      )
      const near = await nearestOf(found, query, k, similarity)
      answers.counts[at] = near.length
      near.forEach(({ row, distance }, place) => {
        answers.rows[at * k + place] = row
        answers.distances[at * k + place] = distance
      })
    }
    return answers
  }

  /** Brings the vectors into a folder as a share of an index, which the job that builds it takes in without embedding anything. */
  async fetch(
    fingerprint: string,
    folder: string,
    options: Pick<PublishOptions, 'signal' | 'report'> = {}
  ): Promise<number> {
    const { manifest } = await this.#whole(fingerprint)
    const { vectors } = manifest
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const files = new ShardFiles(folder, vectors)
    if (vectors.madeOn.length > 0) await files.willBeMadeOn(vectors.madeOn)
    for (const [chunk, checksum] of vectors.checksums.entries()) {
      options.signal?.throwIfAborted()
      const { first, end } = chunkRange(chunk, vectors)
      if (!(await files.has(chunk))) {
        const found = await this.#sql.rows<{ row: number; sent: Uint8Array }>(
          `SELECT row, vector_send(vector) AS sent FROM ${tableOf(fingerprint)} WHERE row >= $1 AND row < $2 ORDER BY row`,
          [first, end]
        )
        const rows = new Float32Array((end - first) * vectors.dimension)
        for (const { row, sent } of found) readVector(sent, vectors.dimension, rows, (row - first) * vectors.dimension)
        if (found.length !== end - first || (await files.write(chunk, rows)) !== checksum)
          throw new LabError(
            'shared-index-damaged',
            `Rows ${first} to ${end - 1} of the shared index are not what was published. Ask whoever published it to remove it and publish it again.`,
            { details: { fingerprint, first, end } }
          )
      }
      options.report?.(end, vectors.count)
    }
    return vectors.count
  }

  /** What a shared index is; whole or not. Throws `not-found`. */
  async manifest(fingerprint: string): Promise<Manifest> {
    return (await this.#get(fingerprint)).manifest
  }

  /** Task and group of rows. */
  async labels(fingerprint: string, rows: readonly number[]): Promise<Map<number, { task: string; group: string }>> {
    const found = await this.#sql.rows<{ row: number; task: string; grp: string }>(
      `SELECT row, task, grp FROM ${tableOf(fingerprint)} WHERE row = ANY($1::integer[])`,
      [rows]
    )
    return new Map(found.map(({ row, task, grp }) => [row, { task, group: grp }]))
  }

  /** Throws `not-found`. */
  async remove(fingerprint: string): Promise<void> {
    await this.#get(fingerprint)
    await this.#sql.rows(`DROP TABLE IF EXISTS ${tableOf(fingerprint)}`)
    await this.#sql.rows('DELETE FROM recross.indices WHERE fingerprint = $1', [fingerprint])
  }

  async #get(fingerprint: string): Promise<Omit<Entry, 'manifest'> & { manifest: Manifest }> {
    const [entry] = await this.#sql.rows<Omit<Entry, 'rows'>>(
      `SELECT fingerprint, data, manifest::text AS manifest, graph AS hnsw, to_char(published_at, 'YYYY-MM-DD HH24:MI') AS "publishedAt"
        FROM recross.indices WHERE fingerprint = $1`,
      [fingerprint]
    )
    if (entry === undefined)
      throw new LabError('not-found', `No index ${fingerprint} is shared there.`, { details: { id: fingerprint } })
    const manifest = manifestSchema.parse(JSON.parse(String(entry.manifest)))
    return { ...entry, manifest, rows: await this.#rowsThere(tableOf(fingerprint)) }
  }

  async #whole(fingerprint: string): Promise<{ manifest: Manifest; hnsw: boolean }> {
    const { manifest, hnsw, rows } = await this.#get(fingerprint)
    if (rows === manifest.vectors.count) return { manifest, hnsw }
    throw new LabError(
      'shared-index-unfinished',
      `Of the shared index ${rows} of ${manifest.vectors.count} rows are there: it is being published, or that broke off. Publish it again to go on.`,
      { details: { fingerprint, rows } }
    )
  }

  /** Rows come in order and in whole pieces, so that the last one says how many there are. */
  async #rowsThere(table: string): Promise<number> {
    const [last] = await this.#sql.rows<{ last: number | null }>(`SELECT max(row) AS last FROM ${table}`)
    return last?.last == null ? 0 : last.last + 1
  }
}

async function* copied(
  index: Pick<OpenIndex, 'read' | 'dimension'>,
  dataset: DatasetFile,
  first: number,
  end: number
): AsyncGenerator<Buffer> {
  const { tasks, groups, taskOf, groupOf } = dataset.labels()
  yield copyHead
  for (let from = first; from < end; from += blockRows) {
    const rows = Uint32Array.from({ length: Math.min(blockRows, end - from) }, (_, at) => from + at)
    const named = Array.from(rows, (row) => ({
      row,
      task: tasks[taskOf[row + 1]!]!,
      group: groups[groupOf[row + 1]!]!
    }))
    yield copyRows(named, index.read(rows), index.dimension)
    // The connection's own turn.
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  yield copyEnd
}

function whereOf({ withoutTasks = [], withoutGroups = [], onlyGroups = [], withoutRows = [] }: Partial<SharedFilter>): {
  where: string
  values: unknown[]
} {
  const asked = [
    [withoutTasks, 'task <> ALL($n::text[])'],
    [withoutGroups, 'grp <> ALL($n::text[])'],
    [onlyGroups, 'grp = ANY($n::text[])'],
    [withoutRows, 'row <> ALL($n::integer[])']
  ] as const
  const given = asked.filter(([names]) => names.length > 0)
  const conditions = given.map(([, condition], at) => condition.replace('$n', `$${at + 2}`))
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    values: given.map(([names]) => names)
  }
}

/** Names of tables cannot be values of a statement: a fingerprint is hexadecimal, or it is refused. */
function tableOf(fingerprint: string): string {
  if (!/^[0-9a-f]{32}$/.test(fingerprint)) throw new LabError('not-found', `"${fingerprint}" is no fingerprint.`)
  return `recross.rows_${fingerprint}`
}

function indexOf(fingerprint: string): string {
  return `graph_${tableOf(fingerprint).slice(-32)}`
}
