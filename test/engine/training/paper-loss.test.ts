/** The losses of the released code, summed and smoothed, and what a step makes of them, against PyTorch (`test/oracle/loss_goldens.py`). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TrainSettings, TrainStep } from '../../../src/main/engine/engine.ts'
import { startTraining } from '../../../src/main/engine/training/start.ts'
import { relativeError } from '../../oracle/golden.ts'
import { batchObjective, goldenModel, readGolden, settings } from './golden-model.ts'

interface Tuned {
  smoothing: number
  reduction: 'mean' | 'sum'
  clip: number | null
  losses: number[]
  /** Before clipping. */
  norms: number[]
  /** By weight: the length of its change after one step, and the change times cos(0), cos(1), … */
  changes: Record<string, [length: number, along: number]>
}

const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../oracle/golden/paper-loss.json'), 'utf8')) as {
  learningRate: number
  epsilon: number
  models: Record<string, { labels: number; trainings: Tuned[] }>
}

const cases = Object.entries(golden.models).flatMap(([model, { trainings }]) =>
  trainings.flatMap((tuned) =>
    (tuned.smoothing > 0 && tuned.clip === null ? [1, 2] : [1]).map((parts) => ({ model, tuned, parts, ...tuned }))
  )
)

describe('two steps as PyTorch makes them', () => {
  const title = '$model, $reduction, smoothing $smoothing, clipped at $clip, in $parts parts'
  test.each(cases)(title, async ({ model: name, tuned, parts }) => {
    const model = await goldenModel(name)
    const before = new Map(model.parameters.map((one) => [one.name, Float32Array.from(model.weights.data(one.name))]))
    const own: TrainSettings = {
      ...settings,
      ...{ learningRate: golden.learningRate, epsilon: golden.epsilon, weightDecay: 0, clipNorm: tuned.clip },
      ...{ labelSmoothing: tuned.smoothing, lossReduction: tuned.reduction, epochs: 2 },
      ...{ batchSize: 2 / parts, accumulation: parts }
    }
    const objective = batchObjective(model, readGolden(name).batches.slice(0, 2))
    const training = await startTraining({
      ...{ model, objective, settings: own, checkpoint: undefined },
      closed: () => undefined
    })
    const steps: TrainStep[] = []
    for await (const step of training) {
      steps.push(step)
      if (step.step === 1) compareChanges(before, (weight) => model.weights.data(weight), tuned)
    }
    await training.close()
    expect(relativeError(lossesOf(steps), tuned.losses)).toBeLessThan(1e-5)
    expect(relativeError(normsOf(steps), tuned.norms)).toBeLessThan(1e-4)
  })
})

/** Every weight's change is as long, and goes where PyTorch's goes. */
function compareChanges(
  before: ReadonlyMap<string, Float32Array>,
  now: (weight: string) => Float32Array,
  { changes }: Tuned
): void {
  expect(Object.keys(changes).length).toBeGreaterThan(20)
  for (const [weight, [length, along]] of Object.entries(changes)) {
    const start = before.get(weight)!
    const change = Array.from(now(weight), (value, at) => value - start[at]!)
    const tolerance = 1e-3 * length + 1e-6
    expect(Math.abs(Math.hypot(...change) - length), weight).toBeLessThan(tolerance)
    const found = change.reduce((sum, value, at) => sum + value * Math.cos(at), 0)
    expect(Math.abs(found - along), weight).toBeLessThan(tolerance * 4)
  }
}

const lossesOf = (steps: readonly TrainStep[]): number[] => steps.map(({ loss }) => loss)
const normsOf = (steps: readonly TrainStep[]): number[] => steps.map(({ gradientNorm }) => gradientNorm)
