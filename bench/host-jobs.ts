import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { forkStarter } from '../src/main/hosts/fork-starter.ts'
import { Lab } from '../src/main/hosts/lab.ts'
import { projectFolder } from '../src/main/hosts/project.ts'
import { neverRun } from '../src/main/jobs/never-run.ts'
import { HomeFolder } from '../src/main/store/home.ts'
import { newId } from '../src/main/store/new-id.ts'
import type { JobRecord } from '../src/main/store/schema.ts'
import { Store } from '../src/main/store/store.ts'
import { connectTo, newPage, withHome, withHost, type Report } from './host-process.ts'
import { sized } from './size.ts'
import { median } from '../src/main/sums/sums.ts'
import { milliseconds } from './suite.ts'

const manyJobs = sized(10_000, 300)

/** What the job system adds to work that takes no time: a question to a warm worker, and a stored job. */
export async function warmWorkers(report: Report): Promise<void> {
  await withHome(async (home) => {
    const lab = await Lab.open({ home, host: 'cli', workers: forkStarter(join(projectFolder(), 'out/main/worker.js')) })
    const { jobs } = lab.services
    const nothing = { steps: 1, milliseconds: 0 }
    const ended = new Map<string, () => void>()
    jobs.onFinished('self-test', ({ id }) => ended.get(id)?.())
    const stored = () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      ended.set(jobs.add('self-test', nothing, { title: 'bench' }).id, resolve)
      return promise
    }
    const first = await milliseconds(() => jobs.ask('self-question', nothing))
    const asked: number[] = []
    const queued: number[] = []
    for (let i = 0; i < sized(200, 5); i++) {
      asked.push(await milliseconds(() => jobs.ask('self-question', nothing)))
      queued.push(await milliseconds(stored))
    }
    const question = median(asked)
    const job = median(queued)
    report({
      name: 'question to a warm worker',
      value: question,
      unit: 'ms',
      aim: 'under 10 ms',
      holds: question < 10,
      detail: `the first one, which starts the worker, ${Math.round(first)} ms`
    })
    report({ name: 'empty job on a warm worker', value: job, unit: 'ms', aim: 'under 50 ms', holds: job < 50 })
    await lab.close()
  })
}

/** Listing and filtering a long queue, over the wire and on the screen. */
export async function longList(browser: Browser | null, report: Report): Promise<void> {
  await withHome(async (home) => {
    fillQueue(home)
    await withHost(home, async (host) => {
      const { client, close } = await connectTo(host)
      const queries = {
        'a page': { limit: 50, offset: 5000 },
        'filtered by text': { limit: 50, text: 'job 99' },
        'filtered by state and experiment': { limit: 50, status: ['queued' as const], experimentId: 'e7' }
      }
      for (const [name, query] of Object.entries(queries)) {
        const times: number[] = []
        for (let i = 0; i < 50; i++) times.push(await milliseconds(() => client.jobs.list(query)))
        const value = median(times)
        const aim = 'under 50 ms'
        report({ name: `${manyJobs} queued jobs: ${name}`, value, unit: 'ms', aim, holds: value < 50 })
      }
      await close()
      if (browser !== null) await longListOnScreen(browser, host.entrance, report)
    })
  })
}

/** The longest time that the page's thread was busy while the list opened, was scrolled and filtered. */
async function longListOnScreen(browser: Browser, entrance: URL, report: Report): Promise<void> {
  const page = await newPage(browser)
  await page.goto(entrance.href)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.evaluate(() => {
    const tasks: number[] = []
    Object.assign(globalThis, { longTasks: tasks })
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask'
    })
  })
  // With jobs waiting the link says how many.
  await page.getByRole('navigation').getByRole('link', { name: /^Jobs/ }).click()
  await page
    .getByText(/^job \d+$/)
    .first()
    .waitFor()
  const box = page.getByRole('searchbox').first()
  if (await box.isVisible()) await box.pressSequentially('job 42', { delay: 60 })
  await sleep(1500)
  const longest = await page.evaluate(() =>
    Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks)
  )
  const detail = 'longest task of the page while the list opens and is filtered (0: none over 50 ms)'
  report({
    name: `${manyJobs} queued jobs on the screen`,
    value: longest,
    unit: 'ms',
    aim: 'under 200 ms',
    holds: longest < 200,
    detail
  })
  await page.context().close()
}

/** Jobs that wait for one which was interrupted: none of them starts. */
function fillQueue(path: string): void {
  const home = new HomeFolder(path)
  home.create()
  const store = new Store(home.database)
  const blocker = store.jobs.add(jobRecord(home, 'blocker', [], null))
  store.jobs.update(blocker.id, { status: 'interrupted' })
  store.transaction(() => {
    for (let i = 0; i < manyJobs; i++) store.jobs.add(jobRecord(home, `job ${i}`, [blocker.id], `e${i % 10}`))
  })
  store.close()
}

export function jobRecord(
  home: HomeFolder,
  title: string,
  dependsOn: string[],
  experimentId: string | null
): Omit<JobRecord, 'seq' | 'sought' | 'work' | 'workedSeconds'> {
  const id = newId('job')
  return {
    id,
    kind: 'self-test',
    title,
    ...neverRun,
    priority: 0,
    dependsOn,
    experimentId,
    createdAt: new Date().toISOString(),
    input: { steps: 1, milliseconds: 0, fail: 'no' },
    folder: home.scratch(id),
    resource: 'cpu',
    cores: null,
    mutex: null
  }
}
