import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Cluster {
  folder: string
  /** The node does not see this folder any more. */
  blind(other: string): void
  stop(): void
}

/**
 * A real Slurm for tests, or why there is none. Its commands find it by SLURM_CONF of this process. One node has two cores and the
 * partition main; of several each has one core and a partition of its own (`n1` and `p1`, …).
 */
export async function startSlurm(nodes = 1): Promise<Cluster | string> {
  const folder = mkdtempSync(join(tmpdir(), 'recross-slurm-'))
  const script = (...options: string[]) =>
    spawnSync(join(import.meta.dirname, 'slurm.sh'), options, { encoding: 'utf8', timeout: 60_000 })
  const ports: string[] = []
  while (ports.length < nodes + 1) ports.push(String(await freePort()))
  const { status, stdout, stderr } = script('start', folder, ...ports)
  if (status !== 0) {
    rmSync(folder, { recursive: true, force: true })
    const reason = stderr.trim().split('\n').at(-1)
    return status === 3 ? `${reason}; as root: apt-get install slurmctld slurmd slurm-client munge` : `Slurm: ${reason}`
  }
  process.env['SLURM_CONF'] = stdout.trim()
  return {
    folder,
    blind(other) {
      const { status, stderr } = script('blind', folder, other)
      if (status !== 0) throw new Error(stderr)
    },
    stop() {
      script('stop', folder)
      delete process.env['SLURM_CONF']
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
