import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { checkedAddress } from '../../contract/shared-indices.ts'
import type { SqlConnection } from './connection.ts'
import { explainPostgres } from './explain-postgres.ts'

const connectMilliseconds = 20_000

/**
 * A connection to the server at an address without a password: PostgreSQL's own ways give it, PGPASSWORD or the file ~/.pgpass, and
 * nothing here keeps or prints it. Throws the kinds of `vector-server-…`.
 */
export async function connectPostgres(address: string): Promise<SqlConnection> {
  const client = new pg.Client({
    connectionString: checkedAddress(address),
    connectionTimeoutMillis: connectMilliseconds,
    application_name: 'recross-lab'
  })
  // A connection that breaks is told by the question that is under way.
  client.on('error', () => undefined)
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (thrown) {
      throw explainPostgres(thrown, address)
    }
  }
  await explained(() => client.connect())
  return {
    rows: <T>(sql: string, values: readonly unknown[] = []) =>
      explained(async () => (await client.query(sql, [...values])).rows as T[]),
    copyIn: (table, columns, pieces) =>
      explained(() =>
        pipeline(
          Readable.from(pieces),
          client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN (FORMAT binary)`))
        )
      ),
    close: () => client.end().catch(() => undefined)
  }
}
