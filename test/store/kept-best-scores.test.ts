import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MetricName } from '../../src/main/contract/data.ts'
import { experimentSearchSchema } from '../../src/main/contract/experiment-search.ts'
import { experimentSpecSchema } from '../../src/main/contract/experiments.ts'
import type { StrategyName } from '../../src/main/contract/strategies.ts'
import { presetSpec } from '../../src/main/features/experiments/presets.ts'
import { bestScores } from '../../src/main/store/best-scores.ts'
import { newId } from '../../src/main/store/new-id.ts'
import { Store } from '../../src/main/store/store.ts'

const createdAt = new Date(0).toISOString()
const targetIds = ['a', 'b'] as const
/** Mostly the same few, so that one thing meets many changes. */
const pick = fc.oneof({ weight: 4, arbitrary: fc.nat(6) }, fc.nat(1000))

/** What a lab does to anything that a best score hangs on, and how often beside the others. */
const deeds = {
  ...{ experiment: 2, run: 8, share: 3, 'score-again': 6, 'no-scores': 3, status: 6, 'other-metric': 2, replace: 2 },
  ...{ 'delete-experiment': 1, 'delete-target': 1, 'bring-back': 4, 'empty-bin': 1, 'metrics-of-target': 2 }
}
type Deed = keyof typeof deeds
const step = fc.record({
  do: fc.oneof(...Object.entries(deeds).map(([deed, weight]) => ({ weight, arbitrary: fc.constant(deed as Deed) }))),
  /** What it is done to, among what is there. */
  which: pick,
  of: pick,
  value: fc.integer({ min: 0, max: 100 }),
  round: fc.nat(1),
  strategy: fc.constantFrom<StrategyName[]>('zero-shot', 'random', 'semantic'),
  first: fc.constantFrom<(MetricName | null)[]>(null, 'em', 'accuracy'),
  status: fc.constantFrom<('finished' | 'failed')[]>('finished', 'failed')
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

test('the best score that is kept is what the computation says, whatever has happened and whenever it is looked at', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recross-kept-'))
  const store = new Store(join(folder, 'lab.db'))
  try {
    addTargets(store)
    let changed = 0
    let before = check(store)
    for (const one of fc.sample(step, { numRuns: 500, seed: 19 })) {
      take(store, one)
      // Not after each: several changes may come before anybody looks.
      if (one.which % 5 === 0) continue
      const after = check(store)
      changed += Number(!isDeepStrictEqual(before, after))
      before = after
    }
    expect(changed).toBeGreaterThan(60)
  } finally {
    store.database.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Gives what is kept, which is right. */
function check(store: Store): unknown {
  const records = store.experiments.list()
  const computed = bestScores(store.database, records)
  const kept = new Map(store.experiments.listCounted().map(({ id, best }) => [id, best]))
  expect(kept).toEqual(new Map(records.map(({ id }) => [id, computed.get(id) ?? null])))
  const { experiments } = store.experiments.page(experimentSearchSchema.parse({ sort: 'best', limit: 100 }))
  const means = experiments.map(({ id }) => computed.get(id)?.mean ?? -1)
  expect(means).toEqual(means.toSorted((a, b) => b - a))
  expect(experiments).toHaveLength(records.length)
  return kept
}

function addTargets(store: Store): void {
  for (const id of targetIds) {
    const counts = { examples: 1, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 1 }
    store.datasets.insert({
      ...{ id, name: id, kind: 'target', contentHash: id, source: 'test', licence: 'MIT', createdAt },
      ...counts
    })
    store.targets.insert({
      ...{ id, datasetId: id, name: id, metrics: ['em', 'accuracy'], testExamples: 1, sourceItems: 1 },
      ...{ answerBy: 'generation', createdAt }
    })
  }
}

function take(store: Store, one: Step): void {
  const experiments = store.experiments.list()
  const runs = store.runs.list()
  const among = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)]
  if (one.do === 'experiment') {
    const preset = presetSpec('paper')
    const named = { name: 'any', models: { base: 'm' }, datasetId: 'd', targetIds }
    const evaluation = { ...preset.evaluation, firstMetric: one.first }
    const spec = experimentSpecSchema.parse({ ...preset, ...named, evaluation })
    store.experiments.insert({ id: newId('experiment'), spec, status: 'running', createdAt, finishedAt: null })
  } else if (one.do === 'run') {
    const experiment = among(experiments, one.which)
    if (!experiment) return
    const id = newId('run')
    store.runs.insert({
      ...{ id, experimentId: experiment.id, fingerprint: id, strategy: one.strategy, ablatedGroup: null },
      ...{ round: one.round, targetIds: [...targetIds], seed: 1, variant: [], tuning: null, asked: {} },
      ...{ status: 'finished', jobId: null, provider: 'cpu', peakBytes: 1, versions: {}, seconds: null },
      ...{ createdAt, finishedAt: createdAt }
    })
    store.runs.link({ experimentId: experiment.id, runId: id, key: id, position: runs.length })
    saveScores(store, id, one.value)
  } else if (one.do === 'share') {
    const [experiment, run] = [among(experiments, one.which), among(runs, one.of)]
    if (!experiment || !run || store.runs.experimentsOf(run.id).includes(experiment.id)) return
    const part = { round: 1, targetIds: JSON.stringify([targetIds[0]]) }
    store.runs.link({ experimentId: experiment.id, runId: run.id, key: run.id, position: runs.length, ...part })
  } else if (one.do === 'replace') {
    const [run, by] = [among(runs, one.which), among(runs, one.of)]
    if (run && by && run.id !== by.id) store.runs.replace(run.id, by.id)
  } else if (one.do.startsWith('delete-')) {
    const what = one.do === 'delete-target' ? 'target' : 'experiment'
    const thing = among<{ id: string }>(what === 'target' ? store.targets.list() : experiments, one.which)
    if (!thing) return
    const rows = store.bin.rowsOf({ what, id: thing.id })
    store.bin.put({
      ...{ what, id: thing.id, name: 'any', binId: newId('bin'), others: 0, bytes: 0, deletedAt: createdAt },
      ...{ rows, folders: [] }
    })
  } else if (one.do === 'bring-back') {
    const record = among(store.bin.list(), one.which)
    if (record) store.bin.restore(record.binId, store.bin.restorable(record))
  } else if (one.do === 'empty-bin') {
    const record = among(store.bin.list(), one.which)
    if (record) store.bin.forget(record.binId)
  } else if (one.do === 'metrics-of-target') {
    const target = among(store.targets.list(), one.which)
    if (target) store.targets.update(target.id, { metrics: target.metrics.toReversed() })
  } else if (one.do === 'other-metric') {
    const experiment = among(experiments, one.which)
    if (!experiment) return
    const { spec } = experiment
    store.experiments.update(experiment.id, {
      spec: {
        ...spec,
        evaluation: { ...spec.evaluation, firstMetric: spec.evaluation.firstMetric === 'em' ? 'accuracy' : 'em' }
      }
    })
  } else {
    const run = among(runs, one.which)
    if (!run) return
    if (one.do === 'score-again') saveScores(store, run.id, one.value)
    else if (one.do === 'no-scores') store.scores.save(run.id, [])
    else store.runs.update(run.id, { status: one.status })
  }
}

function saveScores(store: Store, runId: string, mean: number): void {
  store.scores.save(
    runId,
    targetIds.flatMap((targetId) => [
      { targetId, metric: 'em' as const, value: mean, examples: 1 },
      { targetId, metric: 'accuracy' as const, value: 100 - mean, examples: 1 }
    ])
  )
}
