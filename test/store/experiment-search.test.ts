import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import {
  experimentOrders,
  experimentSearchSchema,
  type ExperimentSearch
} from '../../src/main/contract/experiment-search.ts'
import { experimentSpecSchema, type Experiment, type ExperimentStatus } from '../../src/main/contract/experiments.ts'
import type { StrategyName } from '../../src/main/contract/strategies.ts'
import type { Label } from '../../src/main/contract/things.ts'
import { presetSpec } from '../../src/main/features/experiments/presets.ts'
import { newId } from '../../src/main/store/new-id.ts'
import { Store } from '../../src/main/store/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-search-'))
const store = new Store(join(folder, 'lab.db'))
const createdAt = new Date(0).toISOString()
afterAll(() => {
  store.database.close()
  rmSync(folder, { recursive: true, force: true })
})

const data = { river: 'Flüsse', sea: 'Meer 10' }
for (const [id, name] of Object.entries(data)) {
  const counts = { examples: 1, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 1 }
  const about = { contentHash: id, source: 'test', licence: 'MIT', createdAt }
  store.datasets.insert({ id, name, kind: 'target', ...counts, ...about })
  const rows = { testExamples: 1, sourceItems: 1, answerBy: 'generation' as const }
  store.targets.insert({ id: `t-${id}`, datasetId: id, name: `Frage ${name}`, metrics: ['em'], ...rows, createdAt })
}

const made = fc.record({
  name: fc.constantFrom('Study 2', 'Study 10', 'ÄHREN', 'a 50% test', 'under_score', "it's"),
  status: fc.constantFrom<ExperimentStatus[]>('planned', 'running', 'paused', 'finished', 'failed', 'cancelled'),
  datasetId: fc.constantFrom('river', 'sea', 'gone'),
  targetIds: fc.subarray(['t-river', 't-sea'], { minLength: 1 }),
  strategies: fc.subarray<StrategyName>(['zero-shot', 'random', 'semantic'], { minLength: 1 }),
  label: fc.option(
    fc.record({ tags: fc.subarray(['alt', 'neu']), note: fc.constantFrom('', 'Notiz 7'), archived: fc.boolean() })
  ),
  scores: fc.array(fc.option(fc.integer({ min: 0, max: 100 })), { maxLength: 3 })
})
type Made = typeof made extends fc.Arbitrary<infer T> ? T : never

const asked: fc.Arbitrary<ExperimentSearch> = fc
  .record({
    text: fc.constantFrom('', 'study', 'ähren', '50%', '_', 'meer frage', 'neu', 'notiz', "'", 'nothing of it'),
    strategies: fc.subarray<StrategyName>(['random', 'semantic']),
    sort: fc.constantFrom(...experimentOrders),
    down: fc.boolean(),
    archived: fc.boolean(),
    comparable: fc.boolean(),
    limit: fc.integer({ min: 1, max: 12 }),
    offset: fc.nat(6)
  })
  .map((search) => experimentSearchSchema.parse(search))

test('a page of experiments is that of the whole list, searched and sorted one by one', () => {
  fc.assert(
    fc.property(fc.array(made, { maxLength: 12 }), fc.array(asked, { minLength: 8, maxLength: 8 }), (all, searches) => {
      store.database.transaction(() => {
        for (const { id } of store.experiments.list()) forget(id)
      })
      const known = new Map(all.map((one) => [saved(one), one]))
      const listed = store.experiments.listCounted()
      for (const search of searches) {
        const labels = new Map(store.labels.list().map((label) => [label.id, label]))
        const found = listed.filter((one) => fits(one, known.get(one.id)!, labels.get(one.id), search))
        const page = store.experiments.page(search)
        expect(page.experiments.map(({ id }) => id)).toEqual(
          inOrder(found, search)
            .slice(search.offset, search.offset + search.limit)
            .map(({ id }) => id)
        )
        const archived = listed.filter(({ id }) => labels.get(id)?.archived).length
        expect(page).toMatchObject({ total: found.length, archived, all: listed.length - archived })
        for (const one of page.experiments) expect(one).toEqual(store.experiments.counted(one.id))
      }
      const open = listed.filter(({ status }) => ['planned', 'running', 'paused'].includes(status))
      const newest = new Set([...open, ...listed.slice(-3)])
      expect(store.experiments.listCounted({ newest: 3 })).toEqual(listed.filter((one) => newest.has(one)))
    }),
    { numRuns: 60 }
  )
})

test('experiments by their ids: those that are there', () => {
  const id = saved({
    name: 'Study 2',
    status: 'finished',
    datasetId: 'sea',
    targetIds: ['t-sea'],
    strategies: ['random'],
    label: null,
    scores: []
  })
  expect(store.experiments.listCounted({ ids: ['gone', id] }).map((one) => one.id)).toEqual([id])
  expect(store.experiments.listCounted({ ids: [] })).toEqual([])
})

function fits(one: Experiment, from: Made, label: Label | undefined, search: ExperimentSearch): boolean {
  if (label?.archived && !search.archived) return false
  if (search.comparable && one.finishedRuns === 0) return false
  const words = search.text.toLowerCase().split(' ').filter(Boolean)
  if (words.length === 0 && search.strategies.length === 0) return true
  const names = [from.datasetId, ...from.targetIds.map((id) => id.slice(2))].map((id) => data[id as 'river'] ?? '')
  const frage = from.targetIds.length > 0 ? 'Frage' : ''
  const text = [from.name, ...names, frage, ...(label?.tags ?? []), label?.note ?? ''].join(' ').toLowerCase()
  if (words.length > 0 && words.every((word) => text.includes(word))) return true
  return search.strategies.some((strategy) => from.strategies.includes(strategy))
}

/** A stable sort of what stands in the order of its start. */
function inOrder(found: readonly Experiment[], { sort, down }: ExperimentSearch): Experiment[] {
  if (sort === 'started') return down ? found.toReversed() : [...found]
  const value = {
    name: ({ spec }: Experiment) => spec.name,
    status: ({ status }: Experiment) => status,
    runs: ({ runs }: Experiment) => (runs === 0 ? null : runs),
    strategies: ({ spec }: Experiment) => spec.strategies.length,
    targets: ({ spec }: Experiment) => spec.targetIds.length,
    best: ({ best }: Experiment) => best?.mean ?? null
  }[sort]
  const turn = down ? -1 : 1
  return found.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    const order = typeof a === 'number' ? a - Number(b) : a.localeCompare(String(b), undefined, { numeric: true })
    return order * turn
  })
}

function saved({ name, status, datasetId, targetIds, strategies, label, scores }: Made): string {
  const id = newId('experiment')
  const spec = experimentSpecSchema.parse({
    ...presetSpec('paper'),
    ...{ name, models: { base: 'm' }, datasetId, targetIds, strategies }
  })
  store.experiments.insert({ id, spec, status, createdAt, finishedAt: null })
  if (label !== null) store.labels.save({ what: 'experiment', id, name: '', ...label })
  scores.forEach((score, position) => {
    const runId = newId('run')
    store.runs.insert({
      ...{ id: runId, experimentId: id, fingerprint: runId, strategy: 'semantic', ablatedGroup: null, round: position },
      ...{ variant: [], tuning: null, asked: {}, status: score === null ? 'failed' : 'finished', targetIds, seed: 1 },
      ...{ jobId: null, provider: 'cpu', peakBytes: 1, versions: {}, seconds: null, createdAt, finishedAt: createdAt }
    })
    store.runs.link({ experimentId: id, runId, key: runId, position })
    if (score !== null)
      store.scores.save(
        runId,
        targetIds.map((targetId) => ({ targetId, metric: 'em' as const, value: score, examples: 1 }))
      )
  })
  return id
}

function forget(id: string): void {
  const label = store.labels.of({ what: 'experiment', id })
  store.labels.save({ ...label, tags: [], note: '', archived: false })
  store.experiments.remove(id)
}
