import { presetSpec } from '../../../src/main/features/experiments/presets.ts'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { comparisonSchema } from '../../../src/main/contract/comparison.ts'
import type { Experiment, ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import type { Identity } from '../../../src/main/contract/runs.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { physicalCores } from '../../../src/main/machine/cores.ts'
import { planText } from '../../../src/main/hosts/cli/plan-text.ts'
import { newHome, openLab, until, untilJob } from '../../hosts/fixture.ts'
import { makeTinyWorld, type TinyWorld } from '../../worker/tiny-world.ts'
import { installTinyWorld, tinySpec, untilOver } from './tiny-lab.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

async function labWithWorld(home?: string): Promise<{ lab: Lab; spec: ExperimentSpec }> {
  const lab = await openLab({
    host: 'server',
    workers: forkStarter(workerEntry()),
    ...(home === undefined ? {} : { home })
  })
  return { lab, ...(await installTinyWorld(lab, world)) }
}

async function runToEnd(lab: Lab, spec: ExperimentSpec): Promise<Experiment> {
  const { id } = await lab.client.experiments.start(spec)
  return untilOver(lab, id)
}

/** Every answer of an experiment by the plan's key: what must not depend on crashes. */
async function answersOf(lab: Lab, id: string): Promise<Record<string, string>> {
  const answers: Record<string, string> = {}
  for (const { runId, key } of lab.services.store.runs.links(id)) {
    const folder = lab.home.run(runId)
    for (const name of readdirSync(folder).filter((file) => file.startsWith('predictions-'))) {
      answers[`${key} ${name}`] = readFileSync(join(folder, name), 'utf8')
    }
  }
  return answers
}

describe('a plan', () => {
  test('says what will run, what is shared, how long it takes and what it can detect', async () => {
    const { lab, spec } = await labWithWorld()
    const plan = await lab.client.experiments.plan(spec)
    expect(plan.runs.map((run) => run.key)).toEqual([
      'zero-shot / all / 0',
      'random / all / 0',
      'lexical / naming / 0',
      'lexical / colouring / 0',
      'random / all / 1',
      'lexical / naming / 1',
      'lexical / colouring / 1'
    ])
    expect(plan.shared.join(' ')).toMatch(/Random is tuned once per round and tested on all 2 targets/)
    expect(plan.estimatedSeconds).toBeGreaterThan(0)
    // Runs of this small model take one core each.
    const atOnce = Math.min(physicalCores(), plan.runs.length)
    const computing = plan.runs.reduce((sum, run) => sum + run.estimatedSeconds, 0)
    expect(computing / atOnce).toBeCloseTo(plan.estimatedSeconds, 6)
    expect(plan.shared.some((line) => line.includes('side by side'))).toBe(atOnce > 1)
    expect(plan.estimatedBytesDisk).toBeGreaterThan(1000)
    expect(
      plan.detectable.map(({ targetId, sourceItems, measured }) => [targetId, sourceItems <= 8, measured])
    ).toEqual([
      ['naming', true, false],
      ['colouring', true, false]
    ])
    // The world's two query sets allow two rounds; two say nothing about others.
    expect([spec.rounds, plan.forOtherQuerySets]).toEqual([2, false])
    expect(planText(spec, plan, String)).toContain('other items, these query sets alone')
    expect(plan.warnings.join('\n')).toMatch(/only differences of about .* will show/)
    expect(plan.warnings.join('\n')).toMatch(/checked first, before anything runs/)
  })
  test.each<[string, Partial<ExperimentSpec>, string]>([
    [
      'a model that is not there',
      { models: { base: 'gone', encoder: null, reranker: null, retriever: null } },
      'not-found'
    ],
    ['more rounds than query sets', { rounds: 3 }, 'too-few-query-sets'],
    ['semantic without an encoder', { strategies: ['semantic'] }, 'no-model'],
    ['a target as upstream data', { datasetId: 'data-naming' }, 'wrong-data'],
    ['query sets of a size that there are none of', { queries: 3 }, 'too-few-query-sets'],
    ...(['withoutGroups', 'onlyGroups'] as const).map((filter): [string, Partial<ExperimentSpec>, string] => [
      `a group that is not there in ${filter}`,
      { retrieval: { ...presetSpec('quick').retrieval, [filter]: ['colour'] } },
      'unknown-group'
    ]),
    [
      'a task that is not there',
      { retrieval: { ...presetSpec('quick').retrieval, withoutTasks: ['gone'] } },
      'unknown-task'
    ],
    [
      'filters that leave nothing',
      { retrieval: { ...presetSpec('quick').retrieval, onlyGroups: ['words'], withoutGroups: ['words'] } },
      'nothing-to-retrieve'
    ],
    ['an ablation of a group that is not there', { ablateGroups: ['colour'] }, 'unknown-group'],
    [
      'an ablation of what is left out already',
      { ablateGroups: ['words'], retrieval: { ...presetSpec('quick').retrieval, withoutGroups: ['words'] } },
      'bad-spec'
    ],
    [
      'an ablation that leaves nothing',
      { ablateGroups: ['words'], retrieval: { ...presetSpec('quick').retrieval, onlyGroups: ['words'] } },
      'nothing-to-retrieve'
    ],
    [
      'a planned comparison of what is not computed',
      { planned: [{ strategy: 'trained', against: 'random' }] },
      'bad-spec'
    ],
    ['a planned comparison with itself', { planned: [{ strategy: 'random', against: 'random' }] }, 'bad-spec']
  ])('refuses %s, and so does a start', async (_name, changes, code) => {
    const { lab } = await labWithWorld()
    const spec = tinySpec(world, changes)
    for (const call of [lab.client.experiments.plan(spec), lab.client.experiments.start(spec)]) {
      await expect(call).rejects.toMatchObject({ data: { code } })
    }
    expect(await lab.client.experiments.list()).toEqual([])
  })
})

describe('an experiment', () => {
  test('runs from start to comparison and report', async () => {
    const { lab, spec } = await labWithWorld()
    const experiment = await runToEnd(lab, spec)
    expect(experiment).toMatchObject({ status: 'finished', runs: 7, finishedRuns: 7 })
    const runs = await lab.client.experiments.runs({ id: experiment.id })
    for (const run of runs) {
      expect(run).toMatchObject({ status: 'finished', provider: 'cpu' })
      expect(run.versions['recross-lab']).toMatch(/^\d/)
    }
    expect((await lab.client.experiments.scores({ id: experiment.id })).length).toBe((2 + 4 + 4) * 3)

    const comparison = await lab.client.compare.table({ experimentId: experiment.id, metric: 'soft-em' })
    expect(comparisonSchema.parse(comparison)).toEqual(comparison)
    expect(comparison.columns.map((column) => column.key)).toEqual(['zero-shot', 'random', 'lexical'])
    expect(comparison.cells).toHaveLength(9)

    const page = await lab.client.compare.examples({
      experimentId: experiment.id,
      targetId: 'naming',
      round: 1,
      column: 'lexical',
      against: 'zero-shot',
      limit: 5,
      offset: 2
    })
    expect(page).toMatchObject({ total: 24, counts: { all: 24 } })
    expect(page.rows).toHaveLength(5)
    expect(Object.keys(page.rows[0]!.answers)).toEqual(['zero-shot', 'random', 'lexical'])
    const found = await lab.client.compare.examples({
      experimentId: experiment.id,
      targetId: 'naming',
      round: 0,
      column: 'lexical',
      against: 'zero-shot',
      text: page.rows[0]!.input
    })
    expect(found.rows.some((row) => row.exampleId === page.rows[0]!.exampleId)).toBe(true)

    const lexical = runs.find((run) => run.strategy === 'lexical')!
    const lineage = await lab.client.compare.lineage({ runId: lexical.id, targetId: 'naming', exampleId: 3 })
    expect(lineage.retrieved).toHaveLength(12)
    expect(lineage.retrieved[0]!.queryText).toMatch(/owl|fox/)
    expect(lineage.tasks.reduce((sum, task) => sum + task.count, 0)).toBe(12)

    const retrieved = await lab.client.compare.retrieved({ experimentId: experiment.id, targetId: 'naming', round: 0 })
    expect(retrieved.columns.map((column) => column.column)).toEqual(['random', 'lexical'])
    expect(retrieved.overlap).toHaveLength(1)
    const map = await lab.client.compare.heatMap({ experimentId: experiment.id, column: 'lexical' })
    expect(map.targets.map((target) => target.id)).toEqual(['naming', 'colouring'])
    for (const [at] of map.targets.entries())
      expect(map.share.reduce((sum, row) => sum + row[at]!, 0)).toBeCloseTo(1, 9)

    for (const format of ['csv', 'json', 'latex', 'html'] as const) {
      const file = await lab.client.compare.export({ experimentId: experiment.id, format })
      expect(file.text.length, format).toBeGreaterThan(500)
      expect(file.fileName).toMatch(/^Tiny-experiment\.(csv|json|tex|html)$/)
      if (format !== 'json') continue
      const { comparison } = JSON.parse(file.text) as { comparison: { subject: unknown } }
      expect(comparison.subject).toEqual({ experimentId: experiment.id })
    }
  })
  test('keeps what its runs were made from, also when that is deleted', async () => {
    const { lab, spec } = await labWithWorld()
    const { id } = await runToEnd(lab, { ...spec, rounds: 1 })
    const exported = async () =>
      JSON.parse((await lab.client.compare.export({ experimentId: id, format: 'json' })).text) as {
        identities: Identity[]
        names: Record<string, string>
      }
    const before = await exported()
    const { fingerprint, name } = lab.services.store.models.get('tiny')
    expect(before.identities.map((one) => [one.kind, one.hash])).toEqual([
      ['base model', fingerprint],
      ...['upstream', 'data-naming', 'data-colouring'].map((data) => [
        data === 'upstream' ? 'upstream data' : 'target',
        lab.services.store.datasets.get(data).contentHash
      ])
    ])
    await lab.client.things.remove({ what: 'model', id: 'tiny' })
    const after = await exported()
    expect(after.identities).toEqual(before.identities)
    expect(after.names['tiny']).toBe(name)
  })
  test('builds the index that it needs, once, and leaves out a group in turn', async () => {
    const { lab } = await labWithWorld()
    const spec = tinySpec(world, { strategies: ['dense'], rounds: 1, ablateGroups: ['colours'] })
    const plan = await lab.client.experiments.plan(spec)
    expect(plan.indices).toMatchObject([{ representation: 'dense', exists: false }])
    const { id, status } = await runToEnd(lab, spec)
    expect(status).toBe('finished')
    expect(await lab.client.indices.list()).toHaveLength(1)
    const builds = await lab.client.jobs.list({ kinds: ['build-index'], experimentId: id })
    expect(builds.total).toBe(1)
    const comparison = await lab.client.compare.table({ experimentId: id })
    expect(comparison.columns.map((column) => column.key)).toEqual(['zero-shot', 'dense', 'dense without colours'])
    const groups = async (column: string) => (await lab.client.compare.heatMap({ experimentId: id, column })).rows
    expect(await groups('dense without colours')).toEqual(['words'])
    expect((await lab.client.experiments.plan(spec)).indices).toMatchObject([{ exists: true }])
  })
  test('is compared run by run with others, in the lab as on the command line', async () => {
    const { lab, spec } = await labWithWorld()
    const first = await runToEnd(lab, { ...spec, name: 'First', rounds: 1 })
    const second = await runToEnd(lab, {
      ...spec,
      name: 'Second',
      rounds: 1,
      retrieval: { ...spec.retrieval, budget: 8 }
    })
    const runsOf = async (id: string) =>
      (await lab.client.experiments.runs({ id })).filter((run) => run.strategy !== 'random')
    const ids = async (id: string) => (await runsOf(id)).map((run) => run.id)
    const picks = [
      { experimentId: first.id, runIds: await ids(first.id) },
      { experimentId: second.id, runIds: await ids(second.id) }
    ]
    const table = await lab.client.compare.table({ picks })
    expect(comparisonSchema.parse(table)).toEqual(table)
    expect(table.name).toBe('6 runs of First and Second')
    expect(table.columns.map((column) => column.label)).toEqual([
      'zero-shot (First)',
      'zero-shot (Second)',
      'lexical (First)',
      'lexical (Second)'
    ])
    const alone = await lab.client.compare.table({ experimentId: first.id })
    const cell = (of: typeof table, column: string) =>
      of.cells.find((one) => one.column === column && one.targetId === 'naming')!
    expect(cell(table, `lexical @${first.id}`).summary).toEqual(cell(alone, 'lexical').summary)
    const column = `lexical @${second.id}`
    const page = await lab.client.compare.examples({ picks, targetId: 'naming', round: 0, column, against: column })
    expect(new Set(Object.keys(page.rows[0]!.answers))).toEqual(new Set(table.columns.map(({ key }) => key)))
    const { columns } = await lab.client.compare.retrieved({ picks, targetId: 'naming', round: 0 })
    expect(columns.map(({ total }) => total)).toEqual([12, 8])
    const report = await lab.client.compare.export({ picks, format: 'html' })
    expect(report.text).toContain(`experiment repeat ${second.id}`)
    const gone = lab.client.compare.table({ picks: [{ experimentId: first.id, runIds: ['gone'] }] })
    await expect(gone).rejects.toMatchObject({ data: { code: 'not-found' } })
  })
  test('takes over what was computed before, and only that', async () => {
    const { lab, spec } = await labWithWorld()
    const first = await runToEnd(lab, { ...spec, rounds: 1 })
    const plan = await lab.client.experiments.plan(spec)
    expect(plan.runs.filter((run) => run.reusesRunId !== null).map((run) => run.key)).toEqual([
      'zero-shot / all / 0',
      'random / all / 0',
      'lexical / naming / 0',
      'lexical / colouring / 0'
    ])
    const second = await runToEnd(lab, spec)
    expect(second.status).toBe('finished')
    const [before, after] = [lab.services.store.runs.links(first.id), lab.services.store.runs.links(second.id)]
    expect(after.slice(0, 4).map((link) => link.runId)).toEqual(before.map((link) => link.runId))
    const other = await lab.client.experiments.plan({ ...spec, seed: 7 })
    expect(other.runs.filter((run) => run.reusesRunId !== null).map((run) => run.key)).toEqual(['zero-shot / all / 0'])
    await lab.client.things.remove({ what: 'experiment', id: first.id })
    expect(
      (await lab.client.experiments.runs({ id: second.id })).every((run) => existsSync(lab.home.run(run.id)))
    ).toBe(true)
    await lab.client.things.remove({ what: 'experiment', id: second.id })
    expect(readdirSync(join(lab.home.path, 'runs'))).toEqual([])
  })
  test('two experiments at once compute what they share only once', async () => {
    const { lab, spec } = await labWithWorld()
    const { store } = lab.services
    const first = await lab.client.experiments.start({ ...spec, rounds: 1 })
    const second = await lab.client.experiments.start({ ...spec, rounds: 1, name: 'the same again' })
    for (const { id } of [first, second])
      await until(
        () => lab.client.experiments.get({ id }),
        ({ status }) => status === 'finished'
      )
    const runs = [first, second].map(({ id }) => store.runs.links(id).map((link) => link.runId))
    expect(runs[0]!.length).toBeGreaterThan(0)
    expect(runs[1]).toEqual(runs[0])
    expect(readdirSync(join(lab.home.path, 'runs')).sort()).toEqual([...runs[0]!].sort())
    expect(store.jobs.ofExperiment(second.id).filter((job) => job.kind === 'run-strategy')).toEqual([])
  })
  test('a repeated run gives the same numbers, and says so', async () => {
    const { lab, spec } = await labWithWorld()
    const { id } = await runToEnd(lab, { ...spec, strategies: ['lexical'], rounds: 1 })
    const run = (await lab.client.experiments.runs({ id })).find((one) => one.strategy === 'lexical')!
    const job = await lab.client.experiments.repeatRun({ runId: run.id })
    await untilJob(lab, job.id, 'finished')
    const log = await until(
      () => lab.client.jobs.log({ id: job.id }),
      (lines) => lines.some((line) => line.text.startsWith('Repeats run'))
    )
    expect(log.at(-1)!.text).toBe(`Repeats run ${run.id}: 3 of 3 scores and 24 of 24 answers are the same.`)
  })
  test('goes on after a run that failed, and tries only that one again', async () => {
    const { lab, spec } = await labWithWorld()
    const { store } = lab.services
    const started = await lab.client.experiments.start({ ...spec, strategies: ['lexical'], rounds: 1 })
    await until(
      () => store.runs.links(started.id),
      (links) => links.length === 3
    )
    // The data of one target goes missing under the running experiment.
    const { renameSync } = await import('node:fs')
    const folder = lab.home.dataset('data-colouring')
    renameSync(folder, `${folder}-away`)
    const failed = await untilOver(lab, started.id)
    expect(failed.status).toBe('failed')
    const done = (await lab.client.experiments.runs({ id: started.id })).filter((run) => run.status === 'finished')
    expect(done.map((run) => run.strategy)).toContain('lexical')
    renameSync(`${folder}-away`, folder)
    await lab.client.experiments.resume({ id: started.id })
    expect(await untilOver(lab, started.id)).toMatchObject({ status: 'finished', finishedRuns: 3 })
  })
  test('can be paused, resumed and cancelled', async () => {
    const { lab } = await labWithWorld()
    const spec = tinySpec(world, { strategies: ['lexical'], rounds: 1 })
    const { id } = await lab.client.experiments.start(spec)
    await until(
      () => lab.services.store.runs.links(id),
      (links) => links.length > 0
    )
    expect(await lab.client.experiments.pause({ id })).toMatchObject({ status: 'paused' })
    await until(
      () => lab.client.experiments.runs({ id }),
      (runs) => runs.every((run) => run.status === 'paused' || run.status === 'finished')
    )
    expect((await lab.client.experiments.resume({ id })).status).toBe('running')
    await lab.client.experiments.cancel({ id })
    await until(
      () => lab.client.experiments.runs({ id }),
      (runs) => runs.every((run) => run.status === 'cancelled' || run.status === 'finished')
    )
    expect((await lab.client.experiments.get({ id })).status).toBe('cancelled')
    await lab.client.experiments.resume({ id })
    expect((await untilOver(lab, id)).status).toBe('finished')
  })
})

describe('an experiment whose processes are killed', { timeout: 300_000 }, () => {
  const spec = () => tinySpec(world, { strategies: ['lexical'], rounds: 1 })
  let expected: Record<string, string>

  test('has these numbers when nothing happens to it', async () => {
    const { lab } = await labWithWorld()
    const { id } = await runToEnd(lab, spec())
    expected = await answersOf(lab, id)
    expect(Object.keys(expected)).toHaveLength(4)
  })
  test('ends with the same numbers when its worker is killed', async () => {
    const { lab } = await labWithWorld()
    const { id } = await lab.client.experiments.start(spec())
    for (let kill = 0; kill < 3; kill++) {
      await until(
        async () => {
          // A run that was killed twice has failed, and nothing need be at work any more.
          const { status } = await lab.client.experiments.get({ id })
          if (status === 'failed') await lab.client.experiments.resume({ id })
          return lab.services.store.jobs.withStatus('running')
        },
        (jobs) => jobs.some((job) => job.kind === 'run-strategy')
      )
      await new Promise((resolve) => setTimeout(resolve, 200))
      for (const { pid, busy } of lab.pool.workers()) if (busy && pid !== undefined) process.kill(pid, 'SIGKILL')
    }
    await until(
      async () => {
        const experiment = await lab.client.experiments.get({ id })
        if (experiment.status === 'failed') await lab.client.experiments.resume({ id })
        return experiment
      },
      ({ status }) => status === 'finished',
      200
    )
    expect(await answersOf(lab, id)).toEqual(expected)
  })
  test('ends with the same numbers when the whole lab is killed', async () => {
    const home = newHome()
    const first = await labWithWorld(home)
    const { id } = await first.lab.client.experiments.start(spec())
    await first.lab.close()
    for (let kill = 0; kill < 2; kill++) await openAndKill(home, 1500)
    const last = await openLab({ host: 'server', home, workers: forkStarter(workerEntry()) })
    expect(await untilOver(last, id)).toMatchObject({ status: 'finished', finishedRuns: 3 })
    expect(await answersOf(last, id)).toEqual(expected)
  })
})

/** Lets a lab work for a moment in a process of its own, and kills that. */
async function openAndKill(home: string, milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-lab.ts'), home], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}
