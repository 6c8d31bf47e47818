import { setTimeout as sleep } from 'node:timers/promises'
import { randomBytes } from 'node:crypto'
import { LabError } from '../contract/error.ts'
import type { JobFile } from '../contract/job-folder.ts'
import type { PlaceSettings } from '../contract/places.ts'
import type { Look } from './agent/protocol.ts'
import type { PlaceLink } from './link.ts'
import { neverStarts } from './never-starts.ts'
import { explainNotShared, notShared } from './not-shared.ts'
import { slurmOptionsOf } from './slurm-options.ts'

/** A check is given up after this long; a scheduler may have a long queue. */
const patienceMilliseconds = 180_000
/** Looks, half a second apart, at which Slurm must say that it will not start the job; on a busy cluster a reason passes. */
const heldLooks = 8

/** Runs a job of two steps there, the way that all jobs go. Throws what went wrong. */
export async function selfTest(link: PlaceLink, settings: PlaceSettings): Promise<{ found: string; seconds: number }> {
  const id = `check-${randomBytes(4).toString('hex')}`
  const job: JobFile = {
    version: 1,
    id,
    kind: 'self-test',
    input: { steps: 2, milliseconds: 10, fail: 'no' },
    folder: 'scratch/check',
    threads: settings.threads,
    inputs: [],
    after: []
  }
  const { kind } = settings
  const started = performance.now()
  await link.ask('open', { id }, Buffer.from(JSON.stringify(job)))
  const nodes = { memoryMegabytes: null, graphics: false }
  const slurm = { ...slurmOptionsOf(settings, null, nodes, { name: 'recross-check' }), atOnce: 1 }
  await link.ask('submit', { by: kind, ids: [id], slurm: kind === 'slurm' ? slurm : null, after: [] })
  let look: Look | undefined
  let gone = 0
  let held = 0
  while (performance.now() - started < patienceMilliseconds) {
    look = (await link.ask('look', { jobs: [{ id, offset: 0 }] })).jobs[0]!
    if (look.state === 'done') {
      await link.ask('remove', { ids: [id], objects: false })
      const seconds = (performance.now() - started) / 1000
      const ran = kind === 'slurm' ? `, ran on a node that sees ${settings.folder},` : ', ran'
      return { found: `a job was started${ran} and gave its result back in ${seconds.toFixed(1)} s`, seconds }
    }
    gone = look.state === 'gone' ? gone + 1 : 0
    held = look.state === 'waiting' && neverStarts(look.where) !== null ? held + 1 : 0
    if (look.state === 'failed' || gone > 2 || held > heldLooks) break
    await sleep(500)
  }
  await link.ask('stop', { id })
  if (look?.where.startsWith(notShared)) throw explainNotShared(look.where, settings)
  const why = look?.state === 'waiting' ? neverStarts(look.where) : null
  if (why !== null) throw why
  if (look?.state === 'waiting')
    throw new LabError(
      'place-busy',
      `The job still waits after three minutes (${look.where}). The place works, but its queue is long; use it if you can wait.`
    )
  throw new LabError(
    'self-test-failed',
    `A small job did not end as it should there: ${look?.error?.error.message ?? look?.state ?? 'nothing is known of it'}. ${look?.lastWords ?? ''}`.trim()
  )
}
