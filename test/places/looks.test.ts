import { expect, onTestFinished, test } from 'vitest'
import type { Look, Verb } from '../../src/main/places/agent/protocol.ts'
import type { PlaceLink } from '../../src/main/places/link.ts'
import { Looks } from '../../src/main/places/looks.ts'
import { Persistence } from '../../src/main/places/persistence.ts'
import { PlacedJob, type Keeper } from '../../src/main/places/placed-job.ts'

/** Longer than any test waits: what ends before was seen without a second question to the scheduler. */
const pollMilliseconds = 600_000

function lookOf(id: string, state: Look['state']): Look {
  const nothing = { lines: '', offset: 0, where: 'n1', position: null, expected: null, error: null, lastWords: '' }
  return { id, state, ...nothing, result: state === 'done' ? { output: id, files: [] } : null }
}

/** Looks at jobs of a place that answers as it is told to, and what was asked of it. */
function watching(answers: (verb: Verb, ids: readonly string[]) => Look[]) {
  const closing = new AbortController()
  onTestFinished(() => closing.abort())
  const asked: Verb[] = []
  const link = {
    ask: (verb: Verb, { jobs }: { jobs: { id: string }[] }) => {
      asked.push(verb)
      const ids = jobs.map(({ id }) => id)
      return Promise.resolve({ jobs: answers(verb, ids) })
    }
  } as unknown as PlaceLink
  const ended = Promise.withResolvers<string[]>()
  const done: string[] = []
  const looks = new Looks({
    ...{ link, closing: closing.signal, pollMilliseconds, glanceMilliseconds: 1 },
    persistence: new Persistence(1, closing.signal),
    take: (job, look) => {
      if (look.state !== 'done' || !looks.delete(job)) return
      done.push(job.id)
      if (done.length === 2) ended.resolve(done)
    }
  })
  const add = (id: string) => {
    const job = new PlacedJob({ begin: () => undefined } as unknown as Keeper)
    job.send({ type: 'start', id, kind: 'self-test', input: {}, folder: null, home: 'h', threads: 1 })
    looks.add(job)
  }
  return { add, asked, ended: ended.promise }
}

test('a result is seen by its folder, without a further question to the scheduler', async () => {
  let glances = 0
  const { add, asked, ended } = watching((verb, ids) => {
    if (verb === 'look') return ids.map((id) => lookOf(id, 'running'))
    // Nothing yet, then one, then the other.
    return ++glances < 3 ? [] : [lookOf(ids[0]!, 'done')]
  })
  add('a')
  add('b')
  expect((await ended).toSorted()).toEqual(['a', 'b'])
  // The first look, one for what came meanwhile, and one that follows the first end: none of them waited for the usual time.
  expect(asked.filter((verb) => verb === 'look').length).toBeLessThanOrEqual(12)
  expect(asked.filter((verb) => verb === 'done').length).toBeGreaterThanOrEqual(4)
})

test('what waits in a queue is not glanced at', async () => {
  let looks = 0
  const { add, asked, ended } = watching((verb, ids) => {
    if (verb !== 'look') throw new Error('A folder was looked into.')
    return ids.map((id) => lookOf(id, ++looks < 6 ? 'waiting' : 'done'))
  })
  add('a')
  add('b')
  await ended
  expect(asked.every((verb) => verb === 'look')).toBe(true)
})
