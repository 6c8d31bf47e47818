import { expect, test, vi } from 'vitest'
import type { Experiment } from '../../../src/main/contract/experiments.ts'
import type { ExperimentSearch } from '../../../src/main/contract/experiment-search.ts'
import { ExperimentsView } from '../../../src/renderer/src/state/experiments-view.svelte.ts'
import { LabState } from '../../../src/renderer/src/state/lab.svelte.ts'
import { fakeClient, labError, overridden } from '../client.ts'
import * as records from '../fake/records.ts'

const of = (number: number): Experiment => ({ ...records.experiments[1]!, id: `e-${number}` })
const numbers = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, place) => `e-${from + place}`)

/** A lab with so many experiments, of which a page can be made to fail. */
function many(count: number) {
  const asked: Partial<ExperimentSearch>[] = []
  const listed: { newest?: number; ids?: string[] }[] = []
  const world = { count, fails: false }
  const client = overridden(fakeClient(), 'experiments', {
    page: (input: Partial<ExperimentSearch>) => {
      asked.push(input)
      if (world.fails) return Promise.reject(labError('database-unreadable', 'lab.db could not be read.'))
      const all = Array.from({ length: world.count }, (_, number) => of(number))
      const experiments = all.slice(input.offset, (input.offset ?? 0) + (input.limit ?? 50))
      return Promise.resolve({ total: world.count, all: world.count, archived: 0, experiments })
    },
    list: (input: { newest?: number; ids?: string[] }) => {
      listed.push(input)
      const { newest, ids } = input
      const all = Array.from({ length: world.count }, (_, number) => of(number)).toReversed()
      return Promise.resolve(ids ? all.filter(({ id }) => ids.includes(id)) : all.slice(-(newest ?? count)))
    }
  })
  return { world, client, asked, listed, view: new ExperimentsView(client, { Name: 'name', Score: 'best' }) }
}
const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000 })
const shown = (view: ExperimentsView): string[] => view.shown.map(({ id }) => id)

test('thirty come first, a hundred more as the list is scrolled, up to its end', async () => {
  const { view, asked } = many(180)
  await view.load()
  expect(shown(view)).toEqual(numbers(0, 30))
  expect([view.total, view.left]).toEqual([180, 150])
  // Two calls of one moment are one page.
  view.more()
  view.more()
  await soon(() => expect(shown(view)).toEqual(numbers(0, 130)))
  view.more()
  await soon(() => expect(view.left).toBe(0))
  view.more()
  expect(asked.map(({ offset, limit }) => [offset, limit])).toEqual([
    [0, 30],
    [30, 100],
    [130, 100]
  ])
})

test('what was scrolled to stays when experiments change', async () => {
  const { view, world } = many(180)
  await view.load()
  view.more()
  await soon(() => expect(view.shown).toHaveLength(130))
  world.count = 120
  await view.load()
  expect(shown(view)).toEqual(numbers(0, 120))
})

test('a column sorts, then the other way round, then as it came; a search starts at the beginning', async () => {
  const { view, asked } = many(180)
  await view.load()
  for (let turn = 0; turn < 3; turn++) view.sortBy('Score')
  view.search = ' two  words'
  await soon(() => expect(asked).toHaveLength(5))
  expect(asked.map(({ sort, down, text, offset }) => [sort, down, text, offset])).toEqual([
    [undefined, undefined, '', 0],
    ['best', false, '', 0],
    ['best', true, '', 0],
    [undefined, undefined, '', 0],
    [undefined, undefined, ' two  words', 0]
  ])
})

test('a page that cannot be read is told, and the list is whole again afterwards', async () => {
  const { view, world } = many(180)
  await view.load()
  world.fails = true
  view.more()
  await soon(() => expect(view.first.problem?.message).toContain('lab.db'))
  world.fails = false
  await view.load()
  expect([view.first.problem, view.shown.length]).toEqual([null, 30])
})

test('the lab knows the newest experiments, and asks once for an older one that somebody looks for', async () => {
  const { client, world, listed } = many(1000)
  const lab = new LabState(client, () => undefined)
  await lab.experiments.load()
  expect(lab.experiments.value?.map(({ id }) => id)).toEqual(numbers(0, 100))
  expect(lab.moreExperiments).toBe(true)
  expect([lab.experiment('e-7')?.id, lab.experiment('e-700'), lab.experiment('e-800')]).toEqual(['e-7', null, null])
  await soon(() => expect(lab.experiment('e-700')?.id).toBe('e-700'))
  expect(lab.experiment('e-800')?.id).toBe('e-800')
  expect(listed).toEqual([{ newest: 100 }, { ids: ['e-700', 'e-800'] }])
  // Gone since: it is not shown for ever.
  world.count = 750
  lab.apply({ type: 'changed', what: 'experiments', id: 'e-800' })
  await soon(() => expect(lab.experiment('e-800')).toBeNull())
  expect(lab.experiment('e-700')?.id).toBe('e-700')
})
