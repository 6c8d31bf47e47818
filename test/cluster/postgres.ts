import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from './cluster.ts'

export interface Server {
  address: string
  password: string
  stop(): void
}

/**
 * A real PostgreSQL with pgvector for tests, on loopback and with a password, or why there is none. Its programs are Debian's, or those below RECROSS_POSTGRES (a folder with bin/postgres in it).
 */
export async function startPostgres(): Promise<Server | string> {
  const root = programs()
  if (root === null)
    return 'no PostgreSQL with pgvector; apt-get install postgresql-<version>-pgvector, or name one by RECROSS_POSTGRES'
  const folder = mkdtempSync(join(tmpdir(), 'recross-pg-'))
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  // PostgreSQL refuses to run as root: then it runs as nobody.
  const other = userInfo().uid === 0
  if (other) chownSync(folder, 65534, 65534)
  const run = (program: string, ...options: string[]) =>
    spawnSync(join(root, 'bin', program), options, {
      ...{ encoding: 'utf8', timeout: 60_000, cwd: folder },
      ...(other ? { uid: 65534, gid: 65534 } : {}),
      stdio: ['ignore', 'ignore', 'pipe']
    })
  const stop = () => {
    run('pg_ctl', '-D', data, '-m', 'immediate', 'stop')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const [port, password, passwordFile] = [await freePort(), randomBytes(12).toString('hex'), join(folder, 'password')]
  writeFileSync(passwordFile, password)
  if (other) chownSync(passwordFile, 65534, 65534)
  const asked = ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync', '-E', 'UTF8', '--locale=C']
  const made = run('initdb', '-D', data, '-U', 'lab', ...asked)
  const where = `-c listen_addresses=127.0.0.1 -c port=${port} -k ${folder} -F`
  const started =
    made.status === 0 ? run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', where, 'start') : made
  if (started.status !== 0) {
    stop()
    return `PostgreSQL did not start: ${started.stderr.trim().split('\n').at(-1)}`
  }
  return { address: `postgres://lab@127.0.0.1:${port}/postgres`, password, stop }
}

function programs(): string | null {
  const debian = existsSync('/usr/lib/postgresql')
    ? readdirSync('/usr/lib/postgresql').map((version) => join('/usr/lib/postgresql', version))
    : []
  const named = process.env['RECROSS_POSTGRES']
  const all = [...(named === undefined ? [] : [named]), ...debian]
  return all.find((root) => existsSync(join(root, 'bin/postgres')) && hasVector(root)) ?? null
}

function hasVector(root: string): boolean {
  try {
    const shared = execFileSync(join(root, 'bin/pg_config'), ['--sharedir'], { encoding: 'utf8' }).trim()
    return existsSync(join(shared, 'extension/vector.control'))
  } catch {
    return existsSync(join(root, 'share/postgresql/extension/vector.control'))
  }
}
