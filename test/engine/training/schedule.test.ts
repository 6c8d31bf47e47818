/** Every schedule of the learning rate, against Transformers' and PyTorch's (`test/oracle/schedule_goldens.py`). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TrainStep } from '../../../src/main/engine/engine.ts'
import { startTraining } from '../../../src/main/engine/training/start.ts'
import { relativeError } from '../../oracle/golden.ts'
import { batchObjective, goldenModel, readGolden, settings } from './golden-model.ts'

interface Scheduled {
  schedule: 'linear' | 'constant'
  warmup: number
  losses: number[]
  rates: number[]
}

const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../oracle/golden/schedules.json'), 'utf8')) as {
  model: string
  learningRate: number
  epsilon: number
  steps: number
  trainings: Scheduled[]
}

test.each(golden.trainings)('$schedule, $warmup steps of warm-up', async ({ schedule, warmup, losses, rates }) => {
  const model = await goldenModel(golden.model)
  const training = await startTraining({
    model,
    objective: batchObjective(model, readGolden(golden.model).batches.slice(0, 2)),
    settings: {
      ...settings,
      ...{ learningRate: golden.learningRate, epsilon: golden.epsilon, weightDecay: 0, clipNorm: null },
      ...{ epochs: golden.steps, batchSize: 2, accumulation: 1, warmupSteps: warmup, schedule }
    },
    checkpoint: undefined,
    closed: () => undefined
  })
  const steps: TrainStep[] = []
  for await (const step of training) steps.push(step)
  await training.close()
  expect(steps).toHaveLength(golden.steps)
  expect(
    relativeError(
      rates,
      Array.from(steps, (step) => step.learningRate)
    )
  ).toBeLessThan(1e-6)
  expect(
    relativeError(
      Array.from(steps, (step) => step.loss),
      losses
    )
  ).toBeLessThan(1e-5)
})

test('the schedules are told apart by their losses', () => {
  const [linear, , constant] = golden.trainings
  expect(relativeError(linear!.losses, constant!.losses)).toBeGreaterThan(1e-3)
})
