import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { cleaningRuleNames, daysSettings, type CleaningRule } from '../../src/main/contract/housekeeping.ts'
import { cleanByRule, usageOf } from '../../src/main/features/lab/housekeeping.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { cleaned, newHome, openLab, until, untilJob } from '../hosts/fixture.ts'
import { installTinyWorld } from '../features/experiments/tiny-lab.ts'
import { makeTinyWorld } from '../worker/tiny-world.ts'

const day = 24 * 3600_000

/** Leaves a file or a folder that was last touched so many days ago. */
function leave(path: string, days: number, folder = true): string {
  const at = new Date(Date.now() - days * day)
  mkdirSync(folder ? path : dirname(path), { recursive: true })
  writeFileSync(folder ? join(path, 'file') : path, 'x'.repeat(1000))
  utimesSync(path, at, at)
  return path
}

/** Something of each rule in a home, by the days since it was touched. */
const left: Record<Exclude<CleaningRule, 'jobs' | 'bin'>, (lab: Lab, name: string, days: number) => string[]> = {
  scratch: ({ home }, name, days) => [leave(home.scratch(name), days)],
  unfinished: ({ home }, name, days) =>
    ['datasets', 'models', 'indices', 'minings', 'runs', 'bin'].map((place) => leave(home.inside(place, name), days)),
  parts: ({ home }, name, days) => [
    leave(join(home.model('tiny'), `${name}.part`), days, false),
    leave(join(home.dataset('upstream'), 'deep', `${name}.json.part`), days, false)
  ],
  uploads: ({ home }, name, days) => [leave(join(home.uploads, name), days)],
  downloads: ({ home }, name, days) => [leave(home.inside('downloads', name), days), leave(home.inside('downloads', `${name}.part`), days, false)], // prettier-ignore
  backups: ({ home }, name, days) => [
    leave(join(home.path, `lab.db.before-${name.length * 1000 + Math.round(days)}`), days, false)
  ],
  logs: ({ home }, name, days) => [
    leave(home.inside('logs', `lab.${name.length * 1000 + Math.round(days)}.log`), days, false)
  ]
}

async function withWorld(): Promise<Lab> {
  const world = await makeTinyWorld()
  const lab = await openLab({ jobs: { slots: { cpu: 0 } } })
  await installTinyWorld(lab, world)
  await cleaned(lab)
  world.remove()
  return lab
}

test('every rule takes what is old enough by itself, leaves what is younger, and all else stays', async () => {
  const lab = await withWorld()
  const rules = (await usageOf(lab.services)).rules
  expect(rules.map(({ rule }) => rule)).toEqual([...cleaningRuleNames])
  const before = readdirSync(lab.home.path, { recursive: true, encoding: 'utf8' }).sort()
  const old: string[] = []
  const young: string[] = []
  for (const [rule, make] of Object.entries(left)) {
    const { days } = rules.find((one) => one.rule === rule)!
    old.push(...make(lab, 'old', days + 0.1))
    young.push(...make(lab, 'young', days - 0.1))
  }
  const linked = lab.home.scratch('linked')
  const outside = leave(join(newHome(), 'outside'), 400)
  symlinkSync(outside, linked)
  const found = await cleanByRule(lab.services)
  expect(found.items.map(({ path }) => join(lab.home.path, path)).sort()).toEqual(old.sort())
  expect(old.filter((path) => existsSync(path))).toEqual([])
  expect(young.filter((path) => !existsSync(path))).toEqual([])
  const now = new Set(readdirSync(lab.home.path, { recursive: true, encoding: 'utf8' }))
  expect(before.filter((name) => !now.has(name))).toEqual([])
  expect(existsSync(join(outside, 'file'))).toBe(true)
})

test('what an unfinished job writes or reads stays, however old it is', async () => {
  const lab = await withWorld()
  const { jobs } = lab.services
  const used = [lab.home.scratch('own'), lab.home.run('own'), join(lab.home.uploads, 'read')]
  for (const path of used) leave(path, 400)
  for (const folder of used.slice(0, 2))
    jobs.add('self-test', { steps: 1, milliseconds: 0 }, { title: 'waits', folder })
  const file = join(used[2]!, 'file')
  lab.services.store.jobs.update(jobs.add('self-test', { steps: 1, milliseconds: 0 }, { title: 'reads' }).id, {
    input: { files: [file] }
  })
  expect((await cleanByRule(lab.services)).items).toEqual([])
  expect(used.filter((path) => !existsSync(path))).toEqual([])
})

test('the days that the user sets hold', async () => {
  const lab = await withWorld()
  for (const [rule, setting] of Object.entries(daysSettings)) {
    if (rule === 'jobs') continue
    const paths = left[rule as keyof typeof left](lab, 'set', 3)
    await lab.client.lab.saveSettings({ [setting]: 4 })
    await cleanByRule(lab.services)
    expect(paths.every((path) => existsSync(path))).toBe(true)
    await lab.client.lab.saveSettings({ [setting]: 2 })
    await cleanByRule(lab.services)
    expect(paths.filter((path) => existsSync(path))).toEqual([])
  }
  await expect(lab.client.lab.saveSettings({ keepJobsDays: 0 })).rejects.toThrow()
})

test('jobs that are over for long are forgotten with their logs; what an experiment shows or a job waits for stays', async () => {
  const lab = await openLab({ jobs: { slots: { cpu: 1 } } })
  await cleaned(lab)
  const { jobs, store } = lab.services
  const run = async (title: string, changes: object = {}) => {
    const { id } = jobs.add('self-test', { steps: 3, milliseconds: 0 }, { title, ...changes })
    await untilJob(lab, id, 'finished')
    return id
  }
  const ended = (id: string, days: number) =>
    store.jobs.update(id, { finishedAt: new Date(Date.now() - days * day).toISOString() })
  const forgotten = await run('old')
  const failed = jobs.add('self-test', { steps: 1, milliseconds: 0, fail: 'throw' }, { title: 'failed' }).id
  await untilJob(lab, failed, 'failed')
  const young = await run('young')
  const needed = await run('needed')
  const waiting = jobs.add(
    'self-test',
    { steps: 1, milliseconds: 0 },
    { title: 'waits', dependsOn: [needed], priority: -1 }
  )
  await untilJob(lab, waiting.id, 'finished')
  for (const id of [forgotten, failed, needed]) ended(id, 91)
  ended(young, 89)
  store.jobs.update(waiting.id, { status: 'interrupted', finishedAt: null })
  const [found] = (await lab.client.lab.clean({ dryRun: true })).items
  expect(found).toMatchObject({ rule: 'jobs', path: expect.stringContaining('2 jobs') as string })
  expect(found!.bytes).toBeGreaterThan(100)
  await cleanByRule(lab.services)
  const { jobs: there } = await lab.client.jobs.list({})
  expect(there.map(({ title }) => title).sort()).toEqual(['needed', 'waits', 'young'])
  expect(store.jobHistory.tail(forgotten, 10)).toEqual([])
  expect(store.jobHistory.curve(forgotten)).toEqual([])
})

test('it is done at the start where that is a day ago, not twice a day, and not where it is switched off', async () => {
  const home = newHome()
  const opened = async () => {
    const lab = await openLab({ home })
    await cleaned(lab)
    const path = leave(lab.home.scratch('left'), 400)
    await lab.close()
    return path
  }
  const path = await opened()
  const again = await openLab({ home })
  // The first start had cleaned before anything was left.
  expect(existsSync(path)).toBe(true)
  const at = again.services.store.cleanings.last()!
  expect(Date.now() - Date.parse(at)).toBeLessThan(600_000)
  again.services.store.cleanings.done(new Date(Date.now() - 2 * day))
  await again.client.lab.saveSettings({ cleanByItself: false })
  await again.close()
  const off = await openLab({ home })
  expect(existsSync(path)).toBe(true)
  await off.client.lab.saveSettings({ cleanByItself: true })
  await off.close()
  expect(existsSync(path)).toBe(true)
  const on = await openLab({ home })
  await until(
    () => existsSync(path),
    (there) => !there
  )
  // A clock that was set back is no reason to stop.
  on.services.store.cleanings.done(new Date(Date.now() + 400 * day))
  leave(path, 400)
  await on.close()
  const back = await openLab({ home })
  await until(
    () => existsSync(path),
    (there) => !there
  )
  await back.close()
})

/** Runs with the clock set ahead by so many days, as a flat battery or a wrong year does. */
async function ahead<T>(days: number, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * day })
  try {
    return await work()
  } finally {
    vi.useRealTimers()
  }
}

test('a clock that jumps ahead deletes nothing, and what was deleted meanwhile does not stay for years', async () => {
  const home = newHome()
  const first = await openLab({ home })
  await cleaned(first)
  const world = await makeTinyWorld()
  await installTinyWorld(first, world)
  world.remove()
  await first.client.things.remove({ what: 'target', id: 'naming' })
  const left = leave(first.home.scratch('left'), 0)
  await first.close()
  await ahead(400, async () => {
    const lab = await openLab({ home })
    await until(
      () => lab.services.store.cleanings.last()!,
      (at) => Date.parse(at) > Date.now() - day
    )
    expect(await lab.client.things.bin()).toHaveLength(1)
    await lab.client.things.remove({ what: 'target', id: 'colouring' })
    await lab.close()
  })
  const back = await openLab({ home })
  expect(existsSync(left)).toBe(true)
  const bin = await until(
    () => back.client.things.bin(),
    (all) => all.every(({ deletedAt }) => Date.parse(deletedAt) <= Date.now())
  )
  expect(bin.map(({ name }) => name).sort()).toEqual(['colouring', 'naming'])
  await back.close()
})

test('what became due while the lab was closed goes at the next start but one', async () => {
  const home = newHome()
  const first = await openLab({ home })
  await cleaned(first)
  const left = leave(first.home.scratch('left'), 0)
  await first.close()
  const opened = async (): Promise<void> => {
    const lab = await openLab({ home })
    await until(
      () => lab.services.store.cleanings.last()!,
      (at) => Date.parse(at) > Date.now() - day
    )
    await lab.close()
  }
  await ahead(100, opened)
  expect(existsSync(left)).toBe(true)
  await ahead(102, opened)
  expect(existsSync(left)).toBe(false)
})

test('deleting data says that the copies from the browser go too, and they go at once', async () => {
  const lab = await openLab()
  const sent = { upload: null, name: 'patients.jsonl', offset: 0, chunk: new Blob(['{"input":"a"}\n']), last: true }
  const { path } = await lab.client.data.upload(sent)
  const bad = await lab.client.data.import({ name: 'Patients', kind: 'upstream', files: [path] })
  await untilJob(lab, bad.id, 'failed')
  const datasetId = (lab.services.store.jobs.get(bad.id).input as { datasetId: string }).datasetId
  const counts = { examples: 1, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 10 }
  const told = { source: 'test', licence: 'MIT', createdAt: new Date().toISOString() }
  lab.services.store.datasets.insert({
    id: datasetId,
    name: 'Patients',
    kind: 'upstream',
    contentHash: 'h',
    ...counts,
    ...told
  })
  const loss = await lab.client.things.loss({ what: 'dataset', id: datasetId })
  expect(loss.copies).toEqual({ files: ['patients.jsonl'], bytes: 14 })
  await lab.client.things.remove({ what: 'dataset', id: datasetId })
  expect(existsSync(dirname(path))).toBe(false)
})
