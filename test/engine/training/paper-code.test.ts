import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadEngine } from '../../../src/main/engine/load.ts'
import type { TrainExample, TrainSettings, TrainStep } from '../../../src/main/engine/engine.ts'
import { makeTinyWorld, type TinyWorld } from '../../worker/tiny-world.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

const examples: TrainExample[] = ['owl', 'fox', 'hen', 'cow'].map((animal) => ({
  input: `Which animal is this: ${animal}?`,
  output: animal
}))
const settings: TrainSettings = {
  ...{ method: 'full', optimizer: 'adamw', learningRate: 1e-3, weightDecay: 0, epsilon: 1e-8, epochs: 2 },
  ...{ batchSize: 2, accumulation: 1, warmupSteps: 0, clipNorm: null, labelSmoothing: 0.1, dropout: 0 },
  ...{ maxInputTokens: 32, maxOutputTokens: 8, seed: 3, shuffle: true }
}

async function stepsOf(given: readonly TrainExample[], changes: Partial<TrainSettings>): Promise<TrainStep[]> {
  const engine = await loadEngine({ folder: world.model, provider: 'cpu', threads: 1 })
  try {
    const training = await engine.train(given, { ...settings, ...changes })
    const steps: TrainStep[] = []
    for await (const step of training) steps.push(step)
    await training.close()
    return steps
  } finally {
    await engine.close()
  }
}

test('a summed loss is the mean times the labels, and so is its gradient; in one batch as in parts', async () => {
  const [mean] = await stepsOf(examples, {})
  const [sum] = await stepsOf(examples, { lossReduction: 'sum' })
  const labels = sum!.loss / mean!.loss
  expect(labels).toBeCloseTo(Math.round(labels), 3)
  expect(Math.round(labels)).toBeGreaterThan(2)
  expect(sum!.gradientNorm / mean!.gradientNorm).toBeCloseTo(labels, 2)
  const [whole] = await stepsOf(examples, { batchSize: 4, lossReduction: 'sum' })
  const [parts] = await stepsOf(examples, { batchSize: 2, accumulation: 2, lossReduction: 'sum' })
  expect(parts!.loss).toBeCloseTo(whole!.loss, 3)
  expect(parts!.gradientNorm).toBeCloseTo(whole!.gradientNorm, 3)
})

test('steps end where they are told to', async () => {
  expect(await stepsOf(examples, {})).toHaveLength(4)
  const capped = await stepsOf(examples, { maxSteps: 3 })
  expect(capped.map(({ step, totalSteps }) => [step, totalSteps])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3]
  ])
  expect(capped.at(-1)!.last).toBe(true)
})

test('of several right answers another is drawn in each epoch, the same for the same seed', async () => {
  const several = examples.map((one) => ({ ...one, others: ['bee', 'ant', 'a yak'] }))
  const losses = async (changes: Partial<TrainSettings>) =>
    (await stepsOf(several, { shuffle: false, learningRate: 1e-9, epochs: 6, batchSize: 4, ...changes })).map((one) =>
      one.loss.toFixed(4)
    )
  const drawn = await losses({})
  expect(new Set(drawn).size).toBeGreaterThan(2)
  expect(await losses({})).toEqual(drawn)
  expect(await losses({ seed: 4 })).not.toEqual(drawn)
})
