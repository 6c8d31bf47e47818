import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { experimentSpecSchema } from '../src/main/contract/experiments.ts'
import type { StrategyName } from '../src/main/contract/strategies.ts'
import { Random } from '../src/main/random/random.ts'
import { presetSpec } from '../src/main/features/experiments/presets.ts'
import type { HomeFolder } from '../src/main/store/home.ts'
import type { Store } from '../src/main/store/store.ts'

const createdAt = '2026-11-23T06:00:00.000Z'
const strategies: readonly StrategyName[] = ['random', 'semantic', 'dense', 'lexical']

/** A finished experiment of 21 runs on one target with 1,000 test rows of 200 items, as its files and records lie in a home. */
export function writeExperiment(store: Store, home: HomeFolder): string {
  const random = new Random('compare')
  const id = 'experiment-bench'
  const counts = { examples: 1000, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 1 }
  const about = { source: 'bench', licence: 'MIT', createdAt }
  store.datasets.insert({ id: 'data', name: 'Target', kind: 'target', contentHash: 'h', ...counts, ...about })
  store.targets.insert({
    id: 'target',
    datasetId: 'data',
    name: 'Target',
    testExamples: 1000,
    sourceItems: 200,
    metrics: ['em', 'soft-em'],
    answerBy: 'generation',
    createdAt
  })
  const things = { name: 'Bench', models: { base: 'm' }, datasetId: 'd', targetIds: ['target'] }
  const spec = experimentSpecSchema.parse({ ...presetSpec('paper'), ...things })
  store.experiments.insert({ id, spec, status: 'finished', createdAt, finishedAt: createdAt })
  const rows = Array.from({ length: 1000 }, (_, row) => ({
    input: words(random, 90),
    reference: random.pick(['yes', 'no', 'maybe']),
    item: 1 + Math.floor(row / 5)
  }))
  const runs = [
    { strategy: 'zero-shot' as StrategyName, round: 0 },
    ...strategies.flatMap((strategy) => [0, 1, 2, 3, 4].map((round) => ({ strategy, round })))
  ]
  for (const [position, { strategy, round }] of runs.entries()) {
    const runId = `run-${position}`
    const seconds = { retrieve: 1, tune: 10, evaluate: 5, total: 16 + position }
    const known = {
      experimentId: id,
      ablatedGroup: null,
      variant: [],
      tuning: null,
      asked: {},
      seed: 42 + round,
      status: 'finished' as const,
      jobId: null,
      provider: 'cpu'
    }
    store.runs.insert({
      id: runId,
      fingerprint: runId,
      strategy,
      round,
      ...known,
      seconds,
      peakBytes: 1,
      versions: {},
      createdAt,
      finishedAt: createdAt,
      targetIds: ['target']
    })
    store.runs.link({ experimentId: id, runId, key: runId, position })
    mkdirSync(home.run(runId), { recursive: true })
    const lines = rows.map(({ input, reference, item }, row) => {
      const right = random.chance(0.55)
      const output = right ? reference : 'none of them'
      const scores = { em: right ? 100 : 0, 'soft-em': right ? 100 : 0 }
      return JSON.stringify({ exampleId: row + 1, input, references: [reference], output, scores, sourceItem: item })
    })
    writeFileSync(join(home.run(runId), 'predictions-target.jsonl'), `${lines.join('\n')}\n`)
  }
  return id
}

function words(random: Random, count: number): string {
  return Array.from({ length: count }, () => Math.floor(random.uniform() * 36 ** 5).toString(36)).join(' ')
}
