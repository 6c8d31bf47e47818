import type { ErrorCode } from '../../contract/error-codes.ts'
import { LabError, messageOf } from '../../contract/error.ts'

/** What the server says, by its own codes (SQLSTATE) or those of the network, and the way out. The first row that fits. */
const rows: readonly { when: RegExp; code: ErrorCode; message: (where: string) => string }[] = [
  {
    when: /^(28P01|28000)|password|SASL/,
    code: 'vector-server-no-access',
    message: (where) =>
      `${where} does not let you in. The lab keeps no password: put it into PostgreSQL's own ~/.pgpass (one line host:port:database:user:password, mode 600), or into PGPASSWORD before the lab starts.`
  },
  {
    when: /^3D000/,
    code: 'vector-server-no-database',
    message: (where) =>
      `There is no such database at ${where}. Ask its administrator for the name, or make it with createdb.`
  },
  {
    when: /^(0A000|58P01|42704|42501).*(vector|extension)/s,
    code: 'vector-server-no-pgvector',
    message: (where) =>
      `The database at ${where} has no pgvector. Its administrator installs it (Debian: postgresql-<version>-pgvector) and says CREATE EXTENSION vector there once.`
  },
  {
    when: /^42501/,
    code: 'vector-server-no-right',
    message: (where) =>
      `You may not do this at ${where}. To publish, its administrator gives you GRANT CREATE on the database; to read, USAGE on the schema recross and SELECT on its tables.`
  },
  {
    when: /^53100/,
    code: 'vector-server-full',
    message: (where) => `The disk of ${where} is full. What went over whole is there; publish again when there is room.`
  },
  {
    when: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|timeout|terminated|57P0/,
    code: 'vector-server-unreachable',
    message: (where) => `${where} does not answer. Check the address, the network or VPN, and that the server runs.`
  }
]

export function explainPostgres(thrown: unknown, address: string): LabError {
  if (thrown instanceof LabError) return thrown
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : ''
  const said = `${code} ${messageOf(thrown)}`.trim()
  const where = whereOf(address)
  const row = rows.find(({ when }) => when.test(said))
  return new LabError(
    row?.code ?? 'vector-server-failed',
    row?.message(where) ?? `${where} did not do what it was asked: ${messageOf(thrown)}`,
    { cause: thrown }
  )
}

function whereOf(address: string): string {
  try {
    const { host, pathname } = new URL(address)
    return `${host || 'this computer'}${pathname}`
  } catch {
    return 'the server'
  }
}
