import type { Job, Whereabouts } from '../../../src/main/contract/jobs.ts'
import { placeSettingsSchema, type Place, type PlaceContents } from '../../../src/main/contract/places.ts'
import * as records from './records.ts'

/** Steps by name, with what they found; a job that went there and back is the last. */
export function passedCheck(found: readonly (readonly [name: string, found: string])[]): NonNullable<Place['check']> {
  const steps = found.map(([name, text]) => ({ name, works: true, found: text, code: null, seconds: null }))
  const job = 'a job was started, ran and gave its result back in 2.1 s'
  return {
    ...{ checkedAt: '2026-11-20T10:00:00.000Z', works: true, hello: null },
    steps: [...steps, { name: 'self-test', works: true, found: job, code: null, seconds: 2.1 }]
  }
}

/** A lab whose experiment computes on a cluster: a run on a node, others in its queue, one whose inputs are on their way. */
export const places: readonly Place[] = [
  {
    id: 'campus',
    settings: placeSettingsSchema.parse({
      ...{ name: 'campus', kind: 'slurm', ssh: 'login.campus', partition: 'gpu', account: 'nlp' },
      ...{ threads: 8, minutes: 240, gpus: 1, atOnce: 50 }
    }),
    check: passedCheck([
      ['connection and programs', 'login1: 64 cores (AMD EPYC 7763), 256.0 GiB of memory'],
      ['Slurm', 'Slurm 24.05.1; gpu (usual): 12 nodes of 64 cores, up to 2-00:00:00']
    ]),
    createdAt: '2026-11-20T10:00:00.000Z'
  },
  {
    id: 'box',
    settings: placeSettingsSchema.parse({ name: 'box', kind: 'process', ssh: 'me@box', threads: 8, atOnce: 2 }),
    check: {
      checkedAt: '2026-11-20T10:00:00.000Z',
      works: false,
      hello: null,
      steps: [
        {
          name: 'connection and programs',
          works: false,
          found:
            'The host key of "me@box" has changed. If the machine was set up anew, remove the old key with ssh-keygen -R box.',
          code: 'place-host-key-changed',
          seconds: null
        }
      ]
    },
    createdAt: '2026-11-20T10:05:00.000Z'
  }
]

/** What the lab has put on the cluster: a run on a node, two that are over, programs of this version and of one before. */
export const contents: PlaceContents = {
  jobs: [
    { id: 'j-live', state: 'running', bytes: 4.1e6, changedAt: '2026-11-20T13:10:00.000Z' },
    { id: 'j-over-1', state: 'done', bytes: 2.3e6, changedAt: '2026-11-20T11:40:00.000Z' },
    { id: 'j-over-2', state: 'done', bytes: 2.2e6, changedAt: '2026-11-18T11:40:00.000Z' }
  ],
  objects: { count: 41, bytes: 6.1e8 },
  bundles: [
    {
      ...{ hash: '4be1f7d2a90c4be1f7d2a90c4be1f7d2', whole: true, bytes: 1.88e8 },
      ...{ putAt: '2026-11-20T10:00:00.000Z', inUse: true }
    },
    {
      ...{ hash: '90aa01b2c3d490aa01b2c3d490aa01b2', whole: true, bytes: 1.86e8 },
      ...{ putAt: '2026-09-02T08:00:00.000Z', inUse: false }
    },
    {
      ...{ hash: '77cc01b2c3d477cc01b2c3d477cc01b2', whole: false, bytes: 3.1e7 },
      ...{ putAt: '2026-09-02T07:50:00.000Z', inUse: false }
    }
  ],
  scripts: { count: 12, bytes: 9400 }
}

const queue: readonly Whereabouts[] = [
  { state: 'waiting', text: 'Resources', position: 1, expected: '2026-11-20 14:40:00' },
  { state: 'waiting', text: 'Priority', position: 2, expected: null },
  { state: 'waiting', text: 'BeginTime', position: 3, expected: null },
  { state: 'sending', text: null, position: null, expected: null }
]

export const jobs: Job[] = records.jobs.map((job): Job => {
  if (job.experimentId !== 'e-live') return job
  if (job.status === 'running')
    return { ...job, place: 'campus', where: { state: 'running', text: 'node017', position: null, expected: null } }
  const where = queue[Number(job.id.replace('j-wait-', ''))]
  if (where === undefined) return { ...job, place: 'campus' }
  return { ...job, place: 'campus', status: 'running', startedAt: job.createdAt, dependsOn: [], where }
})
