import { expect, test } from 'vitest'
import type { Client } from '../../../src/renderer/src/api/client.ts'
import { IndexPage } from '../../../src/renderer/src/state/index-page.svelte.ts'
import { LabState } from '../../../src/renderer/src/state/lab.svelte.ts'
import { fakeClient } from '../client.ts'

async function indexPage(client: Client = fakeClient()): Promise<IndexPage> {
  const lab = new LabState(client, () => undefined)
  await lab.refresh()
  const page = new IndexPage(client, lab, 'i-dense')
  await page.index.load()
  await page.querySets.load()
  return page
}

test('a query set brings its mix of groups and tasks, largest first, and the first examples in full', async () => {
  const { mix, querySets } = await indexPage()
  expect(mix.strategy).toBe('dense')
  await mix.retrieve({ budget: 512 })
  expect(mix.brought.value).toBeNull()

  const { set } = querySets.value![0]!
  await mix.retrieve({ setId: set.id })
  const brought = mix.brought.value!
  expect(mix.set).toEqual(set)
  expect(brought.first).toHaveLength(20)
  expect(brought.first.every(({ input }) => input !== '')).toBe(true)
  for (const by of ['group', 'task'] as const) {
    const values = mix.mix(by).map(({ value }) => value)
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(brought.retrieved.length)
    expect(values).toEqual([...values].sort((a, b) => b - a))
    expect(new Set(mix.mix(by).map(({ label }) => label)).size).toBe(values.length)
  }
})

test('the index is asked only for its own likeness', async () => {
  const client = fakeClient()
  const asked: unknown[] = []
  const indices: unknown = new Proxy(client.indices, {
    get: (target, name): unknown =>
      name === 'retrieve'
        ? (input: Parameters<typeof target.retrieve>[0]) => {
            asked.push(input)
            return target.retrieve(input)
          }
        : Reflect.get(target, name)
  })
  const watched = new Proxy(client, {
    get: (target, name): unknown => (name === 'indices' ? indices : Reflect.get(target, name))
  })
  const { mix, querySets } = await indexPage(watched)
  await mix.retrieve({ setId: querySets.value![0]!.set.id, selector: 'max-score' })
  await mix.retrieve({ strategy: 'lexical', budget: 64 })
  expect(asked).toMatchObject([
    { strategy: 'dense', indexId: 'i-dense', settings: { selector: 'max-score', budget: 512 } },
    { strategy: 'lexical', indexId: null, settings: { selector: 'max-score', budget: 64 } }
  ])
})

test('a picked query is looked up at once', async () => {
  const page = await indexPage()
  await page.pick('How many lamps?')
  expect(page.text).toBe('How many lamps?')
  expect(page.found.value!.neighbours.length).toBeGreaterThan(0)
})
