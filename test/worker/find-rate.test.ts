import { mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobInput } from '../../src/main/contract/jobs.ts'
import { triedRatesSchema } from '../../src/main/contract/rate-test.ts'
import { tuneSettingsSchema } from '../../src/main/contract/run-settings.ts'
import { makeTinyWorld, runInput, type TinyWorld } from './tiny-world.ts'
import { runHere } from './toy-supervision.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

const tune = tuneSettingsSchema.parse({ clipNorm: 1, dropout: 0, maxInputTokens: 32, maxOutputTokens: 8 })

function asked(changes: Partial<JobInput<'find-rate'>> = {}): JobInput<'find-rate'> {
  const { queries } = runInput(world).targets[0]!
  return {
    ...{ model: { modelId: 'tiny', folder: world.model, prefix: '' }, dataset: world.upstream, tune },
    ...{ targets: [{ name: 'naming', queries, excludedIds: [] }], steps: 6, seed: 1, provider: 'cpu' },
    ...changes
  }
}

const newFolder = () => mkdtempSync(join(world.folder, 'rates-'))
const read = (folder: string) => triedRatesSchema.parse(JSON.parse(readFileSync(join(folder, 'rates.json'), 'utf8')))

test('growing rates are tried from the same weights until they do harm, and one that helps is found', async () => {
  const folder = newFolder()
  const { rate } = await runHere('find-rate', asked(), folder)
  const record = read(folder)
  expect(record).toMatchObject({ judgedBy: 'queries', of: ['naming'], heldOutRows: 2, steps: 6 })
  // A model with random weights learns nothing worth speaking of below 1e-5, and much with the right rate.
  const losses = record.tried.map(({ losses: own }) => own?.[0] ?? Infinity)
  expect(Math.abs(losses[0]! - record.before[0]!)).toBeLessThan(0.01)
  expect(rate).toBeGreaterThan(1e-4)
  expect(Math.min(...losses)).toBeLessThan(record.before[0]! - 0.5)
  // The base model is as it was.
  expect(readdirSync(folder)).toEqual(['rates.json'])
})

test('cut off between two rates it goes on, and comes to the same numbers', async () => {
  const whole = newFolder()
  await runHere('find-rate', asked(), whole)
  const cut = newFolder()
  let points = 0
  const paused = async () => {
    if (++points === 4) throw new Error('torn away')
  }
  await expect(runHere('find-rate', asked(), cut, { paused })).rejects.toThrow('torn away')
  expect(read(cut).tried).toHaveLength(3)
  await runHere('find-rate', asked(), cut)
  expect(read(cut)).toEqual(read(whole))
})

test('without labelled queries tasks of the data judge; an add-on is tried as the whole model is', async () => {
  const folder = newFolder()
  const queries = [{ input: 'Which animal?', outputs: [], sourceId: 'q' }]
  const lora = { ...tune, method: 'lora' as const, loraRank: 4 }
  await runHere('find-rate', asked({ targets: [{ name: 'bare', queries, excludedIds: [] }], tune: lora }), folder)
  const record = read(folder)
  expect(record.judgedBy).toBe('tasks')
  expect(record.of).toHaveLength(2)
  expect(record.before).toHaveLength(16)
  expect(record.tried.length).toBeGreaterThan(3)
})
