import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { MetricName } from '../../src/main/contract/data.ts'
import { experimentSpecSchema } from '../../src/main/contract/experiments.ts'
import type { Run } from '../../src/main/contract/runs.ts'
import { isTuned, type StrategyName } from '../../src/main/contract/strategies.ts'
import { columnOf } from '../../src/main/evaluation/columns.ts'
import { overTargets } from '../../src/main/evaluation/round-scores.ts'
import { mean } from '../../src/main/sums/sums.ts'
import { presetSpec } from '../../src/main/features/experiments/presets.ts'
import { newId } from '../../src/main/store/new-id.ts'
import { Store } from '../../src/main/store/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-best-'))
const store = new Store(join(folder, 'lab.db'))
const createdAt = new Date(0).toISOString()
const metricsOf: Record<string, MetricName[]> = { a: ['em', 'accuracy'], b: ['em', 'accuracy'], c: ['accuracy', 'em'] }
for (const [id, metrics] of Object.entries(metricsOf)) {
  const counts = { examples: 1, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 1 }
  const about = { contentHash: id, source: 'test', licence: 'MIT', createdAt }
  store.datasets.insert({ id, name: id, kind: 'target', ...counts, ...about })
  const rows = { testExamples: 1, sourceItems: 1, answerBy: 'generation' as const }
  store.targets.insert({ id, datasetId: id, name: id, metrics, ...rows, createdAt })
}
afterAll(() => {
  store.database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A run as an experiment may have it: of any column and round, finished or not, shared with another or not, scored on some of its targets. */
const run = fc.record({
  strategy: fc.constantFrom<StrategyName[]>('zero-shot', 'random', 'semantic', 'dense'),
  ablatedGroup: fc.option(fc.constant('sentiment'), { freq: 5 }),
  rate: fc.option(fc.constantFrom(1e-5, 1e-4)),
  round: fc.nat(2),
  finished: fc.nat(5).map((n) => n > 0),
  targetIds: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  /** Stands in this experiment for some of its targets and another round only. */
  shared: fc.option(fc.record({ targetIds: fc.subarray(['a', 'b', 'c'], { minLength: 1 }), round: fc.nat(2) }), {
    freq: 4
  }),
  values: fc.array(
    fc.integer({ min: 0, max: 400 }).map((value) => value / 4),
    { minLength: 6, maxLength: 6 }
  )
})
type MadeRun = typeof run extends fc.Arbitrary<infer T> ? T : never

test('the best score of an experiment is the best overall mean of the comparison’s columns, whatever runs it has', () => {
  const experiment = fc.record({
    runs: fc.uniqueArray(run, {
      maxLength: 14,
      // In a plan each run has a place of its own.
      selector: (one) => `${place(one)} ${one.shared?.round ?? one.round}`
    }),
    firstMetric: fc.constantFrom<(MetricName | null)[]>(null, 'accuracy', 'bleu'),
    targetIds: fc.constantFrom<(readonly string[])[]>(['a', 'b', 'c'], ['c', 'a', 'b'], ['gone', 'b', 'a', 'c'])
  })
  const expected = new Map<string, number | null>()
  fc.assert(
    fc.property(experiment, ({ runs, firstMetric, targetIds }) => {
      const first = metricsOf[targetIds.find((id) => id !== 'gone')!]![0]!
      const metric = firstMetric === 'accuracy' ? 'accuracy' : first
      const id = saved(runs, firstMetric, targetIds)
      expected.set(id, bestMean(runs, metric))
      const { best } = store.experiments.counted(id)
      expect(best?.mean ?? null).toEqual(near(expected.get(id)!))
      if (best !== null) expect([best.metric, isTuned(best.strategy)]).toEqual([metric, true])
    }),
    { numRuns: 150 }
  )
  // All at once as one by one, and both kinds were among them.
  const listed = store.experiments.listCounted()
  for (const { id, best, runs, finishedRuns } of listed) {
    expect(best?.mean ?? null).toEqual(near(expected.get(id)!))
    expect({ runs, finishedRuns, best }).toEqual(
      (({ runs: all, finishedRuns: done, best: one }) => ({ runs: all, finishedRuns: done, best: one }))(
        store.experiments.counted(id)
      )
    )
  }
  expect(store.experiments.listCounted({ newest: 7 })).toEqual(listed.slice(-7))
  expect(new Set(listed.map(({ best }) => best === null))).toEqual(new Set([true, false]))
})

const near = (value: number | null): unknown => (value === null ? null : expect.closeTo(value, 9))
const place = ({ strategy, ablatedGroup, rate }: MadeRun): string =>
  columnOf({ strategy, ablatedGroup, variant: variantOf(rate) }).key
const variantOf = (rate: number | null): Run['variant'] =>
  rate === null ? [] : [{ path: 'tune.learningRate', value: rate }]
/** Half a metric's scores lie beside the other's. */
const valueOf = ({ values }: MadeRun, target: string, metric: MetricName): number =>
  values['abc'.indexOf(target) * 2 + (metric === 'em' ? 0 : 1)]!

/** By the comparison's own average of targets and rounds. */
function bestMean(runs: readonly MadeRun[], metric: MetricName): number | null {
  const counting = runs.filter(({ finished, ablatedGroup }) => finished && ablatedGroup === null)
  const has = (one: MadeRun, target: string) =>
    one.targetIds.includes(target) && (one.shared === null || one.shared.targetIds.includes(target))
  const answered = ['a', 'b', 'c'].filter((target) => counting.some((one) => has(one, target)))
  const columns = Map.groupBy(
    counting.filter(({ strategy }) => isTuned(strategy)),
    place
  )
  const means = [...columns.values()].flatMap((ofColumn) => {
    const byTarget = answered.map(
      (target) =>
        new Map(
          ofColumn
            .filter((one) => has(one, target))
            .map((one) => [one.shared?.round ?? one.round, valueOf(one, target, metric)])
        )
    )
    const rounds = overTargets(byTarget)
    return rounds.length === 0 ? [] : [mean(rounds)]
  })
  return means.length === 0 ? null : Math.max(...means)
}

function saved(runs: readonly MadeRun[], firstMetric: MetricName | null, targetIds: readonly string[]): string {
  const preset = presetSpec('paper')
  const spec = experimentSpecSchema.parse({
    ...preset,
    ...{ name: 'any', models: { base: 'm' }, datasetId: 'd', targetIds },
    evaluation: { ...preset.evaluation, firstMetric }
  })
  const id = newId('experiment')
  store.experiments.insert({ id, spec, status: 'finished', createdAt, finishedAt: createdAt })
  runs.forEach((one, position) => {
    const runId = newId('run')
    const { strategy, ablatedGroup, round, targetIds: asked, shared } = one
    store.runs.insert({
      ...{ id: runId, experimentId: id, fingerprint: runId, strategy, ablatedGroup, round, targetIds: asked, seed: 1 },
      ...{ variant: variantOf(one.rate), tuning: null, asked: {}, status: one.finished ? 'finished' : 'failed' },
      ...{ jobId: null, provider: 'cpu', peakBytes: 1, versions: {}, seconds: null, createdAt, finishedAt: createdAt }
    })
    const part = shared === null ? {} : { targetIds: JSON.stringify(shared.targetIds), round: shared.round }
    store.runs.link({ experimentId: id, runId, key: runId, position, ...part })
    const scores = asked.flatMap((targetId) =>
      metricsOf[targetId]!.map((metric) => ({ targetId, metric, value: valueOf(one, targetId, metric), examples: 1 }))
    )
    store.scores.save(runId, scores)
  })
  return id
}
