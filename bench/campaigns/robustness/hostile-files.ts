import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LabError } from '../../../src/main/contract/error.ts'
import { errorCodes } from '../../../src/main/contract/error-codes.ts'
import { Random } from '../../../src/main/random/random.ts'
import { plainText } from '../../../src/main/hosts/cli/plain-text.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { until } from '../../../test/hosts/fixture.ts'
import { makeTinyWorld } from '../../../test/worker/tiny-world.ts'
import { open } from './homes-elsewhere.ts'
import { hostileSources, type HostileSource } from './hostile-sources.ts'
import { mutated } from './mutations.ts'
import type { RobustnessPart } from './part.ts'

/** Longer than a preview's own limit: whatever takes so long has no limit. */
const limitSeconds = 120
/** What a file may not be answered with: these are faults of the lab, or the death of a process. */
const faults = ['bug', 'worker-crashed', 'out-of-memory', 'worker-hung', 'disconnected', 'other']

interface Seen {
  accepted: number
  refused: number
  wrong: string[]
  slowest: number
}

/**
 * Files that were damaged in every way that a generator knows, looked at and taken in as a user would: each ends with data or
 * with a sentence, within a limit, and no process dies of it. Nothing appears outside the home.
 */
export const hostileFiles: RobustnessPart = {
  name: 'hostile files',
  async run(report, { short }) {
    const folder = mkdtempSync(join(tmpdir(), 'recross-campaign-hostile-'))
    const world = await makeTinyWorld()
    const lab = await open(join(folder, 'home'))
    const pids = new Set<number | undefined>()
    const seen: Seen = { accepted: 0, refused: 0, wrong: [], slowest: 0 }
    try {
      const sources = await hostileSources(world)
      const each = short ? 2 : 60
      for (const source of sources) {
        for (let number = 0; number < each; number++) {
          const bad = join(folder, 'bad')
          rmSync(bad, { recursive: true, force: true })
          const random = new Random(`hostile ${source.name} ${number}`)
          const path = source.write(bad, (bytes) => mutated(bytes, random), random)
          await tried(lab, source, path, `${source.name} ${number}`, seen)
          for (const { pid } of lab.pool.workers()) pids.add(pid)
        }
      }
      const outside = readdirSync(folder).filter((name) => name !== 'home' && name !== 'bad')
      if (outside.length > 0) seen.wrong.push(`written outside the home: ${outside.join(', ')}`)
      const count = each * sources.length
      const detail = `${sources.length} kinds of files; ${seen.refused} refused with a sentence, ${seen.accepted} taken in, slowest ${seen.slowest.toFixed(1)} s, ${pids.size} worker processes`
      report({ name: 'hostile files', value: count, unit: 'files', aim: null, holds: null, detail })
    } finally {
      await lab.close()
      world.remove()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    }
    report({
      name: 'hostile files: a process died, no sentence, or no end',
      value: seen.wrong.length,
      unit: 'files',
      aim: '0',
      holds: seen.wrong.length === 0,
      ...(seen.wrong.length === 0 ? {} : { detail: seen.wrong.slice(0, 20).join('; ') })
    })
  }
}

async function tried(lab: Lab, source: HostileSource, path: string, name: string, seen: Seen): Promise<void> {
  const started = performance.now()
  try {
    if (source.what === 'data') {
      await lab.client.data
        .preview({ file: path, kind: source.kind })
        .catch((error: unknown) => judge(error, `${name}, preview`, seen))
      const { id } = await lab.client.data.import({ name, kind: source.kind, files: [path], skipLimit: 5 })
      await over(lab, id, name, seen)
    } else {
      const { id } = await lab.client.models.install({ name, folder: path })
      await over(lab, id, name, seen)
    }
  } catch (error) {
    judge(error, name, seen)
    seen.refused++
  }
  const seconds = (performance.now() - started) / 1000
  seen.slowest = Math.max(seen.slowest, seconds)
  if (seconds > limitSeconds) seen.wrong.push(`${name}: ${Math.round(seconds)} s`)
}

async function over(lab: Lab, id: string, name: string, seen: Seen): Promise<void> {
  const job = await until(
    () => lab.services.jobs.get(id),
    ({ status }) => ['finished', 'failed', 'crashed', 'cancelled', 'paused', 'interrupted'].includes(status),
    limitSeconds
  )
  if (job.status === 'finished') return void seen.accepted++
  seen.refused++
  if (job.error === null) seen.wrong.push(`${name}: ${job.status} without a word`)
  else judge(new LabError(job.error.code, job.error.message), name, seen)
}

/** A code that is known, and a sentence that a person can read. */
function judge(error: unknown, name: string, seen: Seen): void {
  if (!(error instanceof Error)) return void seen.wrong.push(`${name}: ${String(error)}`)
  const data = (error as { data?: { code?: string } }).data
  const code = error instanceof LabError ? error.code : (data?.code ?? 'bug')
  const plain = /^\S.*\s.*[.)?!"”]/su.test(error.message) && error.message.length > 20
  // eslint-disable-next-line no-control-regex -- these are what must not reach a terminal
  const control = /[\u0000-\u0008\u000b-\u001f\u007f]/.test(plainText(error.message))
  if (faults.includes(code) || !(errorCodes as readonly string[]).includes(code) || !plain || control)
    seen.wrong.push(`${name}: ${code}: ${JSON.stringify(error.message.slice(0, 160))}`)
}
