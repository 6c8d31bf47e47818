import { expect, test } from 'vitest'
import type { Comparison } from '../../../src/main/contract/comparison.ts'
import { ComparePage } from '../../../src/renderer/src/state/compare-page.svelte.ts'
import { Explorer } from '../../../src/renderer/src/state/explorer.svelte.ts'
import { fakeClient } from '../client.ts'

const page = async () => {
  const made = new ComparePage(fakeClient(), { experimentId: 'e-paper' })
  await made.table.load()
  return made
}
const comparison = (made: ComparePage): Comparison => {
  if (!made.comparison) throw new Error('the comparison is not loaded')
  return made.comparison
}

test('columns stand in the usual order with the names of the screens, whatever the backend sends', async () => {
  const client = fakeClient()
  const sent = await client.compare.table({ experimentId: 'e-paper' })
  const columns = [...sent.columns].reverse().map((column) => ({ ...column, label: 'x' }))
  const table = () => Promise.resolve({ ...sent, columns })
  const made = new ComparePage({ ...client, compare: { ...client.compare, table } }, { experimentId: 'e-paper' })
  await made.table.load()
  expect(made.columns.map((column) => column.label)).toEqual(['Zero-shot', 'Random', 'Lexical', 'Semantic', 'Dense'])
  expect(made.columns.map((column) => column.strategy)).toEqual(['zero-shot', 'random', 'lexical', 'semantic', 'dense'])
})

test('best is marked only where tests say so, and only while it is shown', async () => {
  const made = await page()
  expect(made.best(null)).toBe('semantic')
  for (const target of comparison(made).targets) expect(made.best(target.id)).toBeNull()
  made.toggle('semantic')
  expect(made.best(null)).toBeNull()
})

test('the last column cannot be hidden', async () => {
  const made = await page()
  for (const column of made.columns) made.toggle(column.key)
  expect(made.shown).toHaveLength(1)
})

test('where tuning hurt is listed, the worst first', async () => {
  const made = await page()
  expect(made.hurt.length).toBeGreaterThan(0)
  const points = made.hurt.map((entry) => entry.points)
  expect(points).toEqual([...points].sort((a, b) => a - b))
  expect(made.hurt[0]?.column.strategy).toBe('random')
})

test('the headline’s mark is that of the column it is about', async () => {
  const made = await page()
  const table = comparison(made)
  expect(made.headlined?.strategy).toBe('semantic')
  made.table.set({ ...table, headline: { kind: 'open', column: null, sentence: 'Nothing is shown.' } })
  expect(made.headlined).toBeNull()
})

test('the chart shows every mean with its spread', async () => {
  const made = await page()
  const [low, high] = made.domain
  for (const cell of comparison(made).cells) {
    if (!cell.summary) continue
    expect(cell.summary.mean - cell.summary.sd).toBeGreaterThanOrEqual(low)
    expect(cell.summary.mean + cell.summary.sd).toBeLessThanOrEqual(high)
  }
})

const explorer = async () => {
  const client = fakeClient()
  const made = new Explorer(client, await client.compare.table({ experimentId: 'e-paper' }))
  await made.ask()
  return made
}

test('the explorer starts by comparing dense with zero-shot', async () => {
  const made = await explorer()
  expect([made.column, made.against]).toEqual(['dense', 'zero-shot'])
  expect(made.list.total).toBe(280)
})

test('fixed shows only questions that were wrong and are right now', async () => {
  const made = await explorer()
  await made.ask({ filter: 'fixed' })
  expect(made.list.total).toBe(made.counts['fixed'])
  for (const index of made.list.rows.slice(0, 50)) {
    const row = made.list.at(index)
    expect(row?.answers['dense']?.score).toBe(100)
    expect(row?.answers['zero-shot']?.score).toBe(0)
  }
})

test('fixed and broken are counted for every strategy against zero-shot', async () => {
  const made = await explorer()
  const wins = made.wins.value ?? []
  expect(wins.map((win) => win.column)).toEqual(['random', 'lexical', 'semantic', 'dense'])
  const dense = wins.find((win) => win.column === 'dense')
  expect(dense).toMatchObject({ fixed: made.counts['fixed'], broken: made.counts['broken'] })
})

test('another question forgets the chosen row and its lineage', async () => {
  const made = await explorer()
  made.choose(3)
  made.showLineage('dense')
  expect(made.row?.exampleId).toBe(4)
  await made.ask({ text: 'museum' })
  expect(made.row).toBeNull()
  expect(made.lineageOf).toBeNull()
  expect(made.list.total).toBeLessThan(280)
})

test('lineage is what the strategy of the chosen answer was tuned on', async () => {
  const made = await explorer()
  made.choose(0)
  made.showLineage('lexical')
  await expect.poll(() => made.lineage.value?.strategy).toBe('lexical')
  made.showLineage('lexical')
  expect(made.lineageOf).toBeNull()
})
