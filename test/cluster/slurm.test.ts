import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newHome, openLab, until, untilJob } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'
import { outcomeOf, startExperiment, wholeExperiment } from '../places/experiment-at-a-place.ts'
import { buildLargeIndex, installLargeData } from '../places/large-index.ts'
import { rerankerSettingsSchema } from '../../src/main/contract/reranking.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import type { JobFile } from '../../src/main/contract/job-folder.ts'
import { untilOver } from '../features/experiments/tiny-lab.ts'
import { makeEncoder } from '../worker/made-mining.ts'
import { makeToySupervision, toyMining } from '../worker/toy-supervision.ts'
import { makeTinyWorld, runInput } from '../worker/tiny-world.ts'
import { startSlurm } from './cluster.ts'

const cluster = await startSlurm()
afterAll(() => (typeof cluster === 'string' ? undefined : cluster.stop()))
const fast = { pollMilliseconds: 300, retryMilliseconds: 500, gatherMilliseconds: 200 }
const queue = () => execFileSync('squeue', ['-h', '-r', '-o', '%i %T'], { encoding: 'utf8' }).trim()

describe(
  'a real Slurm of one node',
  needs(typeof cluster !== 'string', typeof cluster === 'string' ? cluster : ''),
  () => {
    test('checks, runs an array, pauses, requeues and cancels', { timeout: 180_000 }, async () => {
      const lab = await openLab({ places: fast })
      const root = newHome()
      const settings = { name: 'cluster', kind: 'slurm' as const, folder: root, atOnce: 2 }
      const { id: place } = await lab.client.places.add(settings)
      const check = await lab.client.places.check({ id: place })
      expect(check, JSON.stringify(check.steps)).toMatchObject({ works: true })
      expect(check.hello?.slurm?.partitions).toMatchObject([{ name: 'main', usual: true, nodes: 1, cores: 2 }])

      const add = async (steps: number) =>
        (await lab.client.jobs.selfTest({ steps, milliseconds: 50, fail: 'no', place })).id
      const ids = await Promise.all([2000, 400, 3, 3, 3, 3].map(add))
      const [cancelled, requeued] = [ids[0]!, ids[1]!]
      const rows = (id: string) => lab.services.jobs.curve(id).length
      await until(
        () => [cancelled, requeued].every((id) => rows(id) > 1),
        (both) => both
      )
      // One array, of which two run at a time.
      const tasks = await until(
        () => queue().split('\n'),
        // The check's own task may still be on its way out.
        (lines) => new Set(lines.map((line) => line.split('_')[0])).size === 1
      )
      expect(tasks.filter((line) => line.endsWith('RUNNING')).length).toBeLessThanOrEqual(2)
      lab.services.jobs.cancel(cancelled)
      // What Slurm sends to the batch script before the time is up: the task goes back into the queue, where
      // Slurm lets it wait for two minutes before its next turn.
      process.kill(batchScriptOf(join(root, 'jobs', requeued)), 'SIGUSR1')
      expect((await untilJob(lab, cancelled, 'cancelled', 'finished', 'crashed')).status).toBe('cancelled')
      await until(
        () => lab.services.jobs.log(requeued, 100).map(({ text }) => text),
        (said) => said.some((text) => text.startsWith('Waits there: BeginTime'))
      )
      lab.services.jobs.cancel(requeued)
      const ends = await Promise.all(ids.slice(2).map((id) => untilJob(lab, id, 'finished', 'failed', 'crashed')))
      expect(ends.map(({ status, error }) => `${status} ${error?.message ?? ''}`)).toEqual(ends.map(() => 'finished '))
      expect((await untilJob(lab, requeued, 'cancelled', 'finished', 'crashed')).status).toBe('cancelled')
    })

    test('a check says why Slurm will never start a job that it has taken, and leaves none behind', async () => {
      const lab = await openLab({ places: fast })
      const partition = (limit: string) => execFileSync('scontrol', ['update', 'PartitionName=main', limit])
      partition('MaxTime=1')
      onTestFinished(() => void partition('MaxTime=INFINITE'))
      const settings = { name: 'cluster', kind: 'slurm' as const, folder: newHome(), minutes: 5 }
      const { id } = await lab.client.places.add(settings)
      const tooLong = await lab.client.places.check({ id })
      expect(tooLong.steps.at(-1)).toMatchObject({ name: 'self-test', works: false, code: 'slurm-time' })
      await until(queue, (left) => left === '')
    })

    test('stages wait for each other in Slurm itself, and a stage that fails takes the later ones along', async () => {
      const lab = await openLab({ places: fast })
      const root = newHome()
      const { id: place } = await lab.client.places.add({ name: 'cluster', kind: 'slurm', folder: root, atOnce: 2 })
      const { jobs } = lab.services
      const step = (title: string, fail: 'no' | 'throw', ...dependsOn: string[]) =>
        jobs.add('self-test', { steps: 4, milliseconds: 20, fail }, { title, place, dependsOn }).id
      const long = { steps: 120, milliseconds: 50, fail: 'no' as const }
      const first = jobs.add('self-test', long, { title: 'First', place }).id
      const [second, other] = [step('Second', 'throw', first), step('Other', 'no', first)]
      const last = step('Last', 'no', second)
      // All of them are in Slurm's queue while the first runs: those that wait for it as one array.
      const waiting = await until(
        () => execFileSync('squeue', ['-h', '-r', '-o', '%i %T %E'], { encoding: 'utf8' }).trim().split('\n'),
        (lines) => lines.filter((line) => line.includes('afterok')).length === 3,
        30
      )
      expect(new Set(waiting.filter((line) => line.includes('afterok')).map((line) => line.split('_')[0])).size).toBe(2)
      expect((await untilJob(lab, first, 'finished', 'failed', 'crashed')).status).toBe('finished')
      expect((await untilJob(lab, other, 'finished', 'failed', 'crashed')).status).toBe('finished')
      expect((await untilJob(lab, second, 'finished', 'failed', 'crashed')).status).toBe('failed')
      const ended = await untilJob(lab, last, 'finished', 'failed', 'crashed')
      expect(ended).toMatchObject({ status: 'failed', error: { code: 'dependency-failed' } })
      expect(ended.error?.message).toContain('This job needs "Second", which has failed')
      await until(queue, (left) => left === '', 30)
      expect(existsSync(join(root, 'jobs', last, 'result.json'))).toBe(false)
    })

    test('the lab may be closed at any moment: nothing of it asks afterwards, and every job ends once', async () => {
      const [home, root] = [newHome(), newHome()]
      const first = await openLab({ home, places: fast })
      const settings = { name: 'cluster', kind: 'slurm' as const, folder: root, atOnce: 2 }
      const { id: place } = await first.client.places.add(settings)
      await first.client.places.check({ id: place })
      await first.close()
      const ids: string[] = []
      // Before, while and after what is ready is gathered, sent and handed in. What was thrown meanwhile fails the file.
      for (const milliseconds of [0, 90, 180, 240, 330, 450, 700]) {
        const lab = await openLab({ home, places: fast })
        const add = (...dependsOn: string[]) =>
          lab.services.jobs.add(...(['self-test', { steps: 3, milliseconds: 10, fail: 'no' }] as const), {
            title: `closed after ${milliseconds} ms`,
            place,
            dependsOn
          }).id
        const before = add()
        ids.push(before, add(before), add(before))
        await sleep(milliseconds)
        await lab.close()
        await sleep(fast.gatherMilliseconds)
      }
      const lab = await openLab({ home, places: fast })
      const ends = await Promise.all(ids.map((id) => untilJob(lab, id, 'finished', 'failed', 'crashed')))
      expect(ends.map(({ status, error }) => `${status} ${error?.message ?? ''}`)).toEqual(ends.map(() => 'finished '))
    })

    test('shares of an index go as one array, and the index waits for them in Slurm', async () => {
      const world = await makeTinyWorld()
      onTestFinished(() => world.remove())
      const home = await openLab()
      await installLargeData(home, world, 2600)
      const here = await buildLargeIndex(home, { place: null, shards: 1 })
      const lab = await openLab({ places: fast })
      await installLargeData(lab, world, 2600)
      const root = newHome()
      const { id: place } = await lab.client.places.add({ name: 'cluster', kind: 'slurm', folder: root, atOnce: 2 })
      const there = await buildLargeIndex(lab, { place, shards: 3 })
      expect(there.digests).toEqual(here.digests)
      const taskOf = (id: string) => /\d+_\d+/.exec(readFileSync(join(root, 'jobs', id, 'slurm.json'), 'utf8'))![0]
      const shares = lab.services.store.jobs.withStatus('finished').filter(({ kind }) => kind === 'embed-shard')
      expect(new Set(shares.map(({ id }) => taskOf(id).split('_')[0])).size).toBe(1)
      const job = JSON.parse(readFileSync(join(root, 'jobs', there.jobs.at(-1)!.id, 'job.json'), 'utf8')) as JobFile
      expect(job.after.toSorted()).toEqual(shares.map(({ id }) => id).toSorted())
    })

    test('with the lab closed, the index and then the runs are computed there, and are as here', async () => {
      const world = await makeTinyWorld()
      onTestFinished(() => world.remove())
      const here = await wholeExperiment(await openLab(), world, null)
      const root = newHome()
      const home = newHome()
      const lab = await openLab({ home, places: fast })
      const { id, placeId } = await startExperiment(lab, world, {
        ...{ name: 'cluster', kind: 'slurm', folder: root, atOnce: 1 }
      })
      const jobsOf = () => lab.services.store.jobs.ofExperiment(id)
      const runsOf = () => jobsOf().filter(({ kind }) => kind === 'run-strategy')
      const isHanded = ({ id: job }: { id: string }) => existsSync(join(root, 'jobs', job, 'slurm.json'))
      await until(
        () => runsOf().length > 1 && runsOf().every(isHanded),
        (all) => all
      )
      const [jobs, runs] = [jobsOf(), runsOf()]
      const before = new Map(jobs.map((job) => [job.id, lab.services.jobs.get(job.id).status]))
      await lab.close()
      // Nobody of the lab is there now.
      await until(
        () => runs.filter(({ id: job }) => existsSync(join(root, 'jobs', job, 'result.json'))).length,
        (done) => done === runs.length
      )
      const again = await openLab({ home, places: fast })
      await untilOver(again, id)
      const there = outcomeOf(again, id)
      expect([...before.values()]).toContain('queued')
      expect(there.jobs.flatMap(({ error }) => error?.message ?? [])).toEqual([])
      expect(there.jobs.filter(({ kind }) => kind !== 'leak-check').map(({ place }) => place)).toEqual(
        there.jobs.filter(({ kind }) => kind !== 'leak-check').map(() => placeId)
      )
      expect(there.answers).toEqual(here.answers)
      expect(there.scores).toEqual(here.scores)
      const { spec } = await again.client.experiments.get({ id })
      const plan = await again.client.experiments.plan({ ...spec, name: 'Again', seed: 7 })
      expect(plan.elsewhere).toMatchObject([
        {
          ...{ kind: 'slurm', asks: { memoryMegabytes: 1024, gpus: 0 }, problem: null },
          waitSeconds: expect.any(Number) as number
        }
      ])
      // What waited for the same went as one array.
      const arrayOf = (job: string) =>
        /"task":"(\d+)_/.exec(readFileSync(join(root, 'jobs', job, 'slurm.json'), 'utf8'))![1]
      const alike = runs.filter(({ dependsOn }) => dependsOn.length === runs[0]!.dependsOn.length)
      expect(alike.length).toBeGreaterThan(1)
      expect(new Set(alike.map((job) => arrayOf(job.id))).size).toBe(1)
    })

    test('with the lab closed, a mining whose gate stays shut ends the training there and what waits for it, in plain words', async () => {
      const toy = await makeToySupervision({ rows: 24 })
      onTestFinished(() => toy.remove())
      const dataset = openDataset(toy.dataset)
      await makeEncoder(join(toy.folder, 'encoder'), dataset)
      dataset.close()
      const root = newHome()
      const lab = await openLab({ home: toy.folder, places: fast })
      const { id: place } = await lab.client.places.add({ name: 'cluster', kind: 'slurm', folder: root, atOnce: 1 })
      const { jobs } = lab.services
      const folder = join(toy.folder, 'minings', 'm')
      mkdirSync(join(toy.folder, 'minings'), { recursive: true })
      // A base that learns nothing shows no candidate to be of use.
      const mining = toyMining(toy, { sets: 2, draws: 2, learningRate: 1e-9 })
      const mine = jobs.add('mine-pairs', mining, { title: 'Mine', folder, place })
      const { usefulness } = mining.settings
      const about = { id: 'm', name: 'Toy', folder, usefulness, sets: 2, model: 'Tiny', gateOpen: null }
      const train = jobs.add(
        'train-reranker',
        {
          ...{ modelId: 'made', name: 'Made', overridden: false, override: false, iteration: 0, previous: null },
          ...{
            settings: rerankerSettingsSchema.parse({ epochs: 1, maxTokens: 48 }),
            provider: 'cpu',
            minings: [about]
          },
          data: { id: 'toy', name: 'Toy', path: toy.dataset },
          base: { id: 'encoder', name: 'Encoder', folder: join(toy.folder, 'encoder'), fingerprint: 'e' }
        },
        { title: 'Train', folder: join(toy.folder, 'models', 'made'), place, dependsOn: [mine.id] }
      )
      const options = { title: 'Runs', place, dependsOn: [train.id] }
      const runs = jobs.add('self-test', { steps: 3, milliseconds: 10, fail: 'no' }, options)
      await until(
        () => existsSync(join(root, 'jobs', runs.id, 'slurm.json')),
        (handed) => handed,
        30
      )
      await lab.close()
      await until(queue, (left) => left === '', 90)
      const again = await openLab({ home: toy.folder, places: fast })
      const ends = [mine, train, runs].map(({ id }) => untilJob(again, id, 'finished', 'failed', 'crashed'))
      const [mined, trained, run] = await Promise.all(ends)
      expect(mined).toMatchObject({ status: 'finished', error: null })
      expect(trained).toMatchObject({ status: 'failed', error: { code: 'gate-closed' } })
      expect(trained!.error?.message).toContain(
        'What was mined in "Toy" is not fit to train on, so nothing is trained.'
      )
      expect(run).toMatchObject({ status: 'failed', error: { code: 'dependency-failed' } })
      expect(run!.error?.message).toContain('This job needs "Train", which has failed')
      expect(existsSync(join(root, 'jobs', runs.id, 'result.json'))).toBe(false)
    })

    test('memory and graphics processors are asked for by what a job needs', async () => {
      const lab = await openLab({ places: fast })
      const world = await makeTinyWorld()
      onTestFinished(() => world.remove())
      const root = newHome()
      const { id: place } = await lab.client.places.add({ name: 'cluster', kind: 'slurm', folder: root, atOnce: 1 })
      const check = await lab.client.places.check({ id: place })
      expect(check.hello?.slurm?.partitions[0]).toMatchObject({ gpus: 'gpu:2', memoryMegabytes: 4000 })
      const { jobs } = lab.services
      // As in the home: what a job reads must lie there.
      cpSync(world.folder, lab.services.home.path, { recursive: true, force: false })
      const input = JSON.parse(
        JSON.stringify(runInput(world)).replaceAll(world.folder, lab.services.home.path)
      ) as ReturnType<typeof runInput>
      const asked = new Map<string, string>()
      for (const provider of ['cpu', 'cuda'] as const) {
        const { id } = jobs.add('run-strategy', { ...input, provider }, { title: provider, place })
        await until(
          () => existsSync(join(root, 'jobs', id, 'slurm.json')),
          (there) => there,
          30
        )
        const { task } = JSON.parse(readFileSync(join(root, 'jobs', id, 'slurm.json'), 'utf8')) as { task: string }
        asked.set(provider, execFileSync('scontrol', ['show', 'job', task, '-o'], { encoding: 'utf8' }))
        await untilJob(lab, id, 'finished', 'failed')
      }
      expect(asked.get('cpu')).toContain('MinMemoryNode=1G')
      expect(asked.get('cpu')).not.toContain('gpu')
      expect(asked.get('cuda')).toContain('TresPerNode=gres:gpu:1')
    })

    // The last one: from here on the node does not see what the login node sees.
    test('a node that does not share the folder is told by name, by the check and by a job', async () => {
      const lab = await openLab({ places: fast })
      const root = newHome()
      const { id: place } = await lab.client.places.add({ name: 'cluster', kind: 'slurm', folder: root, atOnce: 1 })
      if (typeof cluster !== 'string') cluster.blind(root)
      const check = await lab.client.places.check({ id: place })
      expect(check.works).toBe(false)
      expect(check.steps.at(-1)).toMatchObject({ name: 'self-test', works: false })
      expect(check.steps.at(-1)?.found).toContain(`The node localhost does not see the folder ${root}`)
      const { id } = await lab.client.jobs.selfTest({ steps: 3, milliseconds: 10, fail: 'no', place })
      const job = await untilJob(lab, id, 'failed', 'crashed', 'finished')
      expect(job).toMatchObject({ status: 'failed', error: { code: 'place-not-shared' } })
    })
  }
)

/** The process that Slurm itself started for a job: the parent of its worker. */
function batchScriptOf(folder: string): number {
  const { pid } = JSON.parse(readFileSync(join(folder, 'holder-1.json'), 'utf8')) as { pid: number }
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1])
}
