import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { checkedAddress } from '../../src/main/contract/shared-indices.ts'
import type { SqlConnection } from '../../src/main/retrieval/shared/connection.ts'
import { explainPostgres } from '../../src/main/retrieval/shared/explain-postgres.ts'
import { connectPostgres } from '../../src/main/retrieval/shared/postgres.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { openLab, untilJob } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'
import { startPostgres } from '../cluster/postgres.ts'
import { buildLargeIndex, installLargeData } from '../places/large-index.ts'
import { makeTinyWorld } from '../worker/tiny-world.ts'
import { sharesAnIndex } from './shared-indices.ts'

/** PostgreSQL itself, in this process. */
async function pglite(): Promise<SqlConnection> {
  const db = await PGlite.create({ extensions: { vector } })
  onTestFinished(() => db.close())
  return {
    rows: async <T>(sql: string, values: readonly unknown[] = []) => (await db.query<T>(sql, [...values])).rows,
    async copyIn(table, columns, pieces) {
      const all: Buffer[] = []
      for await (const piece of pieces) all.push(piece)
      await db.query(`COPY ${table} (${columns.join(', ')}) FROM '/dev/blob' (FORMAT binary)`, [], {
        blob: new Blob([Buffer.concat(all)])
      })
    },
    close: () => db.close()
  }
}

test('an index in PostgreSQL answers as it does itself, under every filter, and comes back to the byte', async () => {
  await sharesAnIndex(await pglite(), 300)
})

const server = await startPostgres()
afterAll(() => (typeof server === 'string' ? undefined : server.stop()))

describe(
  'a real server with pgvector',
  needs(typeof server !== 'string', typeof server === 'string' ? server : ''),
  () => {
    test('takes an index by COPY, and answers the same; a wrong password and database are told in plain words', async () => {
      const { address, password } = server as Exclude<typeof server, string>
      await expect(connectPostgres(address)).rejects.toMatchObject({ code: 'vector-server-no-access' })
      vi.stubEnv('PGPASSWORD', 'wrong')
      await expect(connectPostgres(address)).rejects.toMatchObject({ code: 'vector-server-no-access' })
      vi.stubEnv('PGPASSWORD', password)
      onTestFinished(() => void vi.unstubAllEnvs())
      const sql = await connectPostgres(address)
      onTestFinished(() => sql.close())
      await sharesAnIndex(sql, 2000)
      await expect(connectPostgres(address.replace(/\/\w+$/, '/nowhere'))).rejects.toMatchObject({
        code: 'vector-server-no-database'
      })
    })

    test('one lab publishes, another makes the index of it and embeds nothing, and searches it there', async () => {
      const { address, password } = server as Exclude<typeof server, string>
      vi.stubEnv('PGPASSWORD', password)
      onTestFinished(() => void vi.unstubAllEnvs())
      const world = await makeTinyWorld()
      onTestFinished(() => world.remove())
      const [here, there] = [await openLab(), await openLab()]
      for (const lab of [here, there]) await installLargeData(lab, world, 1500)
      const { fingerprint } = await buildLargeIndex(here, { place: null, shards: 1 })
      const [index] = await here.client.indices.list()
      const ended = async (lab: Lab, id: string): Promise<void> => {
        const job = await untilJob(lab, id, 'finished', 'failed', 'crashed')
        expect(job.error).toBeNull()
        if (job.outcome?.what === 'job') await ended(lab, job.outcome.id)
      }
      await ended(here, (await here.client.indices.publish({ indexId: index!.id, server: address })).id)
      expect(await there.client.indices.shared({ server: address })).toMatchObject([
        { fingerprint, data: 'large', vectors: 1500, rows: 1500, search: 'hnsw' }
      ])
      await ended(there, (await there.client.indices.fetchShared({ server: address, fingerprint })).id)
      const files = (lab: Lab) =>
        ['vectors.f32', 'graph.hnsw'].map((name) =>
          readFileSync(join(lab.home.index(fingerprint), name)).toString('hex')
        )
      expect(files(there)).toEqual(files(here))
      const said = there.services.store.jobs
        .withStatus('finished')
        .flatMap(({ id }) => there.services.jobs.log(id, 100).map(({ text }) => text))
      expect(said.join('\n')).toContain('2 of 2 chunks were embedded by other jobs')
      const asked = { text: 'row 3 of 100', count: 5 }
      const found = await there.client.indices.searchShared({ server: address, fingerprint, ...asked })
      const own = await here.client.indices.neighbours({
        ...{ ...asked, datasetId: 'large', indexId: index!.id, strategy: 'dense' }
      })
      const ids = (all: readonly { exampleId: number }[]) => all.map(({ exampleId }) => exampleId)
      expect(ids(found.neighbours)).toEqual(ids(own.neighbours))
      expect(await there.client.indices.removeShared({ server: address, fingerprint })).toEqual([])
      await expect(there.client.indices.fetchShared({ server: address, fingerprint })).rejects.toMatchObject({
        data: { code: 'not-found' }
      })
      const kept = [here, there].map((lab) => JSON.stringify(lab.services.store.jobs.withStatus('finished')))
      expect(kept.join('').includes(password)).toBe(false)
    })
  }
)

test('an address holds no password, and what a server says is told with the way out', () => {
  const bad = [
    'postgres://me:secret@host/db',
    'postgres://host/db?password=x',
    'host',
    'http://host/db',
    'postgres://host'
  ]
  for (const address of bad) expect(() => checkedAddress(address)).toThrow(/password|no address/)
  for (const address of bad) expect(() => checkedAddress(address)).not.toThrow(/secret/)
  const told = (code: string, message: string) =>
    explainPostgres(Object.assign(new Error(message), { code }), 'postgres://me@host:5432/db').code
  expect(told('28P01', 'password authentication failed')).toBe('vector-server-no-access')
  expect(told('3D000', 'database "db" does not exist')).toBe('vector-server-no-database')
  expect(told('0A000', 'extension "vector" is not available')).toBe('vector-server-no-pgvector')
  expect(told('42501', 'permission denied for schema recross')).toBe('vector-server-no-right')
  expect(told('ECONNREFUSED', 'connect ECONNREFUSED')).toBe('vector-server-unreachable')
  expect(told('53100', 'could not extend file: No space left on device')).toBe('vector-server-full')
  expect(told('', 'something else')).toBe('vector-server-failed')
})
