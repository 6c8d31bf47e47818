import { experimentSpecSchema, type ExperimentSpec } from '../src/main/contract/experiments.ts'
import { strategyNames } from '../src/main/contract/strategies.ts'
import { presetSpec } from '../src/main/features/experiments/presets.ts'
import { HomeFolder } from '../src/main/store/home.ts'
import { newId } from '../src/main/store/new-id.ts'
import { Store } from '../src/main/store/store.ts'
import { buildIfStale } from '../scripts/build.ts'
import { jobRecord } from './host-jobs.ts'
import { connectTo, withBrowser, withHome, withHost } from './host-process.ts'
import { listsOnScreen } from './list-paint.ts'
import { sized } from './size.ts'
import { milliseconds, plain, type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

const experiments = sized(10_000, 40)
/** Each with a job of its own: 100,000 jobs. */
const runsOfEach = 10
const targetIds = ['t0', 't1', 't2']
const now = Date.now()
/** Ids sort by time, as the lab's do. */
const idOf = (number: number): string => `experiment-${String(number).padStart(5, '0')}`
/** One a minute, the last just now. */
const createdOf = (number: number): string => new Date(now - (experiments - 1 - number) * 60_000).toISOString()

/** A home in which somebody has worked for years: how long the first page of each list takes through the interface, and on the screen. */
export const suite: BenchSuite = {
  name: 'lists',
  async run(report) {
    if (!buildIfStale()) throw new Error('The build failed.')
    await withHome(async (path) => {
      fill(path)
      await withHost(path, async (host) => {
        const { client, close } = await connectTo(host)
        const questions: Record<string, () => Promise<unknown>> = {
          'experiments that every screen knows of': () => client.experiments.list({ newest: 100 }),
          'experiments, first page': () => client.experiments.page({ limit: 30 }),
          'experiments, last page': () =>
            client.experiments.page({ limit: 100, offset: Math.max(0, experiments - 100) }),
          'experiments, found by text': () => client.experiments.page({ limit: 50, text: 'study 99' }),
          'experiments, sorted by name': () => client.experiments.page({ limit: 50, sort: 'name', down: false }),
          'experiments, sorted by score': () => client.experiments.page({ limit: 50, sort: 'best' }),
          'experiments to compare': () => client.experiments.page({ limit: 10, comparable: true }),
          'jobs, first page': () => client.jobs.list({ limit: 50 }),
          'jobs, open ones': () => client.jobs.list({ status: ['queued', 'running', 'paused'], limit: 200 }),
          'jobs by experiment': () => client.jobs.byExperiment({ limit: 50 }),
          'jobs of one experiment': () => client.jobs.list({ experimentId: idOf(7), limit: 50 }),
          'jobs, found by text': () => client.jobs.list({ limit: 50, text: 'run 99' }),
          'data sets': () => client.data.list(),
          'target tasks': () => client.targets.list(),
          'names and tags': () => client.things.labels({})
        }
        for (const [name, ask] of Object.entries(questions)) {
          const times: number[] = []
          for (let i = 0; i < sized(7, 2); i++) times.push(await milliseconds(ask))
          // The first call too: nobody looks at a list seven times before it counts.
          const value = Math.max(times[0]!, median(times))
          const detail = `${experiments} experiments, ${experiments * runsOfEach} jobs; median ${median(times).toFixed(0)} ms`
          report({ name, value, unit: 'ms', aim: 'under 300 ms', holds: value < 300, detail })
        }
        const all = await milliseconds(() => client.experiments.list())
        report(plain('experiments, all of them, as the command line lists them', all, 'ms'))
        await close()
        await withBrowser(async (browser) => {
          if (browser !== null) await listsOnScreen(browser, host.entrance, lists(), report)
        })
      })
    })
  }
}

/** Each list with words that stand in a row of its first page. */
function lists() {
  const newest = `Study ${experiments - 1}`
  return [
    ['experiments', 'experiments', newest],
    ['jobs', 'jobs', `run ${experiments * runsOfEach - 1}`],
    ['data', 'data', 't2'],
    ['the latest experiments on Start', 'start', newest],
    ['experiments to pick runs from', 'compare/pick', newest],
    ['experiments to pack', 'carry/pack', newest],
    ['experiments to compare', 'compare', newest]
  ] as const
}

function fill(path: string): void {
  const home = new HomeFolder(path)
  home.create()
  const store = new Store(home.database)
  store.transaction(() => {
    for (const id of targetIds) addTarget(store, id)
    for (let number = 0; number < experiments; number++) addExperiment(store, home, number)
  })
  store.close()
}

function addTarget(store: Store, id: string): void {
  const createdAt = createdOf(0)
  const counts = { examples: 100, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 1 }
  const about = { contentHash: id, source: 'bench', licence: 'MIT', createdAt }
  store.datasets.insert({ id, name: id, kind: 'target', ...counts, ...about })
  const rows = { testExamples: 100, sourceItems: 100, answerBy: 'generation' as const }
  store.targets.insert({ id, datasetId: id, name: id, metrics: ['em'], ...rows, createdAt })
}

function addExperiment(store: Store, home: HomeFolder, number: number): void {
  const id = idOf(number)
  const createdAt = createdOf(number)
  const spec: ExperimentSpec = experimentSpecSchema.parse({
    ...presetSpec('paper'),
    ...{ name: `Study ${number}`, models: { base: 'm' }, datasetId: 'd', targetIds }
  })
  store.experiments.insert({ id, spec, status: 'finished', createdAt, finishedAt: createdAt })
  for (let position = 0; position < runsOfEach; position++) {
    const runId = newId('run')
    const strategy = strategyNames[position % 5]!
    const round = Math.floor(position / 5)
    const job = store.jobs.add({
      ...jobRecord(home, `run ${number * runsOfEach + position}`, [], id),
      ...{ kind: 'run-strategy', status: 'finished', finishedAt: createdAt, recorded: true }
    })
    store.runs.insert({
      ...{ id: runId, experimentId: id, fingerprint: runId, strategy, round, ablatedGroup: null, variant: [] },
      ...{ tuning: null, asked: {}, targetIds, seed: 1, status: 'finished', jobId: job.id, provider: 'cpu' },
      ...{ seconds: { retrieve: 1, tune: 1, evaluate: 1, total: 3 }, peakBytes: 1, versions: {} },
      ...{ createdAt, finishedAt: createdAt }
    })
    store.runs.link({ experimentId: id, runId, key: runId, position })
    const value = (number * 7 + position * 13) % 100
    store.scores.save(
      runId,
      targetIds.map((targetId) => ({ targetId, metric: 'em' as const, value, examples: 100 }))
    )
  }
}
