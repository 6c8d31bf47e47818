import { expect, test, vi } from 'vitest'
import { secondTry, type Tried } from './second-try.ts'
import type { Counted } from './vitest-reporter.ts'

const result = (name: string, state: Counted['state']): Counted => ({ name, state, reason: '' })
const tried = (name: string, state: Counted['state'], again?: Tried['again']): Tried =>
  again === undefined ? result(name, state) : { ...result(name, state), again }

test('what passes alone counts as passed and is named; what fails twice, or can be tried only once, has failed', async () => {
  const again = vi.fn(() => Promise.resolve([result('chance', 'passed'), result('broken', 'failed')]))
  const all = [
    tried('sound', 'passed', again),
    tried('chance', 'failed', again),
    tried('broken', 'failed', again),
    tried('gone', 'failed', again),
    tried('once', 'failed'),
    tried('left out', 'skipped', again)
  ]
  expect(await secondTry(all)).toEqual([
    result('sound', 'passed'),
    { ...result('chance', 'passed'), unsteady: true },
    result('broken', 'failed'),
    result('gone', 'failed'),
    result('once', 'failed'),
    result('left out', 'skipped')
  ])
  expect(again).toHaveBeenCalledOnce()
})

test('an error outside any test counts as chance where the whole file passes, and not where nothing ran', async () => {
  const outcomes: [Counted[], Counted['state']][] = [
    [[result('a', 'passed')], 'passed'],
    [[result('a', 'passed'), result('b', 'failed')], 'failed'],
    [[result('a', 'passed'), result('unhandled error: y', 'failed')], 'failed'],
    [[result('a', 'skipped')], 'failed'],
    [[], 'failed']
  ]
  for (const [found, state] of outcomes) {
    const [only] = await secondTry([tried('unhandled error: x', 'failed', () => Promise.resolve(found))])
    expect(only).toMatchObject({ state })
  }
})

test('nothing is tried again where nothing failed', async () => {
  const again = vi.fn(() => Promise.resolve([]))
  await secondTry([tried('sound', 'passed', again)])
  expect(again).not.toHaveBeenCalled()
})
