import { expect, test } from 'vitest'
import { RunPicks } from '../../../src/renderer/src/state/run-picks.svelte.ts'
import { fakeClient } from '../client.ts'

function memory(kept?: string) {
  let value = kept ?? null
  return { getItem: () => value, setItem: (_key: string, text: string) => void (value = text) }
}

async function loaded(storage = memory()) {
  const picks = new RunPicks(fakeClient(), storage)
  await picks.groups.load()
  return picks
}

test('a row is some, then all, then none of its runs', async () => {
  const picks = await loaded()
  const group = picks.groups.value!.find(({ experiment }) => experiment.id === 'e-paper')!
  const row = group.rows.find(({ strategy }) => strategy === 'semantic')!
  const ids = row.rounds.flatMap(({ runIds }) => runIds)
  expect(ids.length).toBeGreaterThan(1)
  picks.toggle('e-paper', row.rounds[0]!.runIds)
  expect(picks.share('e-paper', ids)).toBe('some')
  picks.toggle('e-paper', ids)
  expect(picks.share('e-paper', ids)).toBe('all')
  expect(picks.subject).toEqual({ picks: [{ experimentId: 'e-paper', runIds: ids }] })
  picks.toggle('e-paper', ids)
  expect(picks.share('e-paper', ids)).toBe('none')
  expect(picks.subject).toBeNull()
})

test('what was picked is there again, without runs that are gone', async () => {
  const storage = memory()
  const before = await loaded(storage)
  const group = before.groups.value!.find(({ experiment }) => experiment.id === 'e-paper')!
  before.toggle('e-paper', [...group.runIds.slice(0, 2), 'gone'])
  const after = await loaded(storage)
  expect(after.subject).toEqual({ picks: [{ experimentId: 'e-paper', runIds: group.runIds.slice(0, 2) }] })
})

test.each(['{', '{"a":1}', '[["e-paper"]]', '[[1,[2]]]'])('damaged picks %s are no picks', (kept) => {
  expect(new RunPicks(fakeClient(), memory(kept)).subject).toBeNull()
})
