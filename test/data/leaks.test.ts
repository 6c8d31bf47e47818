import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Random } from '../../src/main/random/random.ts'
import { findLeaks } from '../../src/main/data/leaks.ts'
import { makeDataset } from './make-dataset.ts'

const folder = mkdtempSync(join(tmpdir(), 'leaks-'))
afterAll(() => rmSync(folder, { recursive: true }))
const random = new Random(7)
const words = Array.from({ length: 3000 }, () =>
  Array.from({ length: random.between(3, 8) }, () => 'abcdefghijklmnopqrstuvwxyz'[random.below(26)]).join('')
)
const sentence = (length: number): string => Array.from({ length }, () => random.pick(words)).join(' ')
const hooks = { report: () => undefined, paused: async () => undefined }

it('finds the same text and other prompts of it, and nothing else', async () => {
  const items = Array.from({ length: 200 }, () => ({ premise: sentence(25), claim: sentence(8) }))
  const target = makeDataset(
    join(folder, 'target', 'examples.db'),
    items.map(({ premise, claim }) => ({
      input: `Given that ${premise}. Does it follow that ${claim}? Yes, no, or maybe?`,
      outputs: ['no'],
      task: 'inference'
    })),
    'target'
  )
  const others = Array.from({ length: 3000 }, () => ({
    // The same prompt about something else is no leak.
    input: `Given that ${sentence(25)}. Does it follow that ${sentence(8)}? Yes, no, or maybe?`,
    outputs: ['yes'],
    task: 'other inference'
  }))
  const exact = `GIVEN that ${items[3]!.premise}; does it follow that ${items[3]!.claim}? yes no or maybe`
  const near = `Suppose it is true: "${items[5]!.premise}" Is it then certain, possible or impossible that ${items[5]!.claim}?`
  const half = `Write a story that begins with: ${items[9]!.premise.split(' ').slice(0, 8).join(' ')} ${sentence(20)}`
  const mixed = [...others.slice(0, 10), exact, near, half].map((row) =>
    typeof row === 'string' ? { input: row, outputs: ['x'], task: 'mixed' } : row
  )
  const upstream = makeDataset(join(folder, 'upstream', 'examples.db'), [...mixed, ...others.slice(10)])
  const leaks = await findLeaks(upstream, target, hooks)
  expect(leaks.map(({ exampleId, targetExampleId, kind }) => [exampleId, targetExampleId, kind])).toEqual([
    [11, 4, 'exact'],
    [12, 6, 'near']
  ])
  expect(leaks[1]!.similarity).toBeGreaterThan(0.6)
  upstream.close()
  target.close()
})
