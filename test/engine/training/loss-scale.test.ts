/** The device is faked: it overflows where a test says so, and tells which batches it was given with which scale. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { TrainSettings, TrainStep } from '../../../src/main/engine/engine.ts'
import { int64 } from '../../../src/main/engine/tensors.ts'
import type { TrainingDevice } from '../../../src/main/engine/training/device.ts'
import { afterGoodStep, afterOverflow, firstLossScale } from '../../../src/main/engine/training/loss-scale.ts'
import type { Objective } from '../../../src/main/engine/training/objective.ts'
import { Trainer } from '../../../src/main/engine/training/trainer.ts'
import { settings } from './golden-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'loss-scale-'))
afterAll(() => rm(folder, { recursive: true }))

describe('the scale of the loss', () => {
  it('doubles after 2,000 good steps, and not before; at most to 2^24', () => {
    let scale = firstLossScale
    for (let step = 0; step < 1999; step++) scale = afterGoodStep(scale)
    expect(scale).toEqual({ scale: 65536, steps: 1999 })
    expect(afterGoodStep(scale)).toEqual({ scale: 131072, steps: 0 })
    expect(afterGoodStep({ scale: 2 ** 24, steps: 1999 })).toEqual({ scale: 2 ** 24, steps: 0 })
  })
  it('is halved by an overflow, down to 1', () => {
    expect(afterOverflow({ scale: 65536, steps: 12 })).toEqual({ scale: 32768, steps: 0 })
    expect(afterOverflow({ scale: 1, steps: 0 })).toBeNull()
  })
})

interface Seen {
  step: number
  part: number
  example: number
  scale: number | undefined
}

/** Six examples, two of them a step, each a batch of its own. `overflows` tells whether a step's gradients do, with this scale. */
function trainer(
  overflows: (step: number, scale: number) => boolean,
  { loss = 1, ...change }: Partial<TrainSettings> & { loss?: number } = {}
) {
  const seen: Seen[] = []
  const updates: { step: number; scale: number }[] = []
  let discarded = 0
  const device: TrainingDevice = {
    async accumulate({ feeds, step, part, lossScale }) {
      seen.push({ step, part, example: Number(feeds['example']!.data[0]), scale: lossScale })
      return loss
    },
    gradientNorm: async () => {
      const { step, scale } = seen.at(-1)!
      return overflows(step, scale ?? 1) ? Infinity : 0.05
    },
    notFinite: async () => ['w'],
    gradients: async () => [],
    discard: () => void discarded++,
    update: async ({ step, scale }) => void updates.push({ step, scale }),
    evaluate: async () => 1,
    state: async () => [{ name: 'weight/w', dims: [1], data: Float32Array.of(1) }],
    restore: async (read) => read('weight/w', new Float32Array(1)),
    close: async () => undefined
  }
  const objective: Objective = {
    count: 6,
    fingerprint: 'six',
    graph: () => {
      throw new Error('nothing is computed here')
    },
    length: () => 1,
    labels: (examples) => examples.length,
    batch: ([example]) => ({ feeds: { example: int64([example!], [1]) }, tokens: 1 })
  }
  const own = { ...settings, epochs: 1, accumulation: 2, precision: 'half' as const, ...change }
  const made = new Trainer({
    ...{ device, objective, settings: own, fingerprint: 'x' },
    save: async () => undefined,
    closed: () => undefined
  })
  return { made, seen, updates, discarded: () => discarded }
}

async function steps(made: Trainer, upTo = Infinity): Promise<TrainStep[]> {
  const all: TrainStep[] = []
  for await (const step of made) {
    all.push(step)
    if (step.step >= upTo) break
  }
  return all
}

describe('a step whose gradients overflow', () => {
  it('is computed again with half the scale: the same batches, none of them lost, and one update', async () => {
    const { made, seen, updates, discarded } = trainer((step, scale) => step === 1 && scale > 16384)
    const told = await steps(made)
    expect(seen.map(({ step, scale }) => `${step} ${scale}`)).toEqual([
      ...['0 65536', '0 65536'],
      ...['1 65536', '1 65536', '1 32768', '1 32768', '1 16384', '1 16384'],
      ...['2 16384', '2 16384']
    ])
    const second = seen.filter(({ step }) => step === 1).map(({ part, example }) => `${part} ${example}`)
    expect(second).toEqual(Array.from({ length: 3 }, () => ['0 2', '1 3']).flat())
    expect(updates.map(({ step }) => step)).toEqual([1, 2, 3])
    expect(discarded()).toBe(2)
    expect(told.map(({ tokens }) => tokens)).toEqual([2, 2, 2])
    expect(told.map(({ loss }) => loss)).toEqual([2, 2, 2])
  })
  it('leaves its scale to the steps behind a check of held-out examples', async () => {
    const earlyStopping = { heldOut: 2, everySteps: 1, patience: 9 }
    const { made, seen } = trainer((step, scale) => step === 0 && scale > 32768, { earlyStopping })
    await steps(made)
    expect(seen.filter(({ step }) => step === 1).map(({ scale }) => scale)).toEqual([32768, 32768])
  })
  it('does not keep the scale small for ever: after 2,000 steps it is doubled', async () => {
    const { made, seen } = trainer((step, scale) => step === 0 && scale > 32768, { epochs: 700 })
    await steps(made)
    const scaleOf = (step: number) => seen.findLast((one) => one.step === step)!.scale
    expect([0, 1999, 2000, 2099].map(scaleOf)).toEqual([32768, 32768, 65536, 65536])
  })
  it('ends the training where it overflows even with a scale of 1', async () => {
    const { made, seen } = trainer(() => true)
    await expect(steps(made)).rejects.toMatchObject({ code: 'training-diverged' })
    expect(seen.at(-1)!.scale).toBe(1)
    expect(seen).toHaveLength(2 * 17)
  })
  it('is not tried again where the loss itself is not finite: no scale mends that', async () => {
    const { made, seen } = trainer(() => true, { loss: NaN })
    await expect(steps(made)).rejects.toMatchObject({ code: 'training-diverged' })
    expect(seen).toHaveLength(2)
  })
  it('is not tried again in other precisions, which scale nothing', async () => {
    const { made, seen } = trainer(() => true, { precision: 'fp32' })
    await expect(steps(made)).rejects.toMatchObject({ code: 'training-diverged' })
    expect(seen.map(({ scale }) => scale)).toEqual([undefined, undefined])
  })
})

describe('a checkpoint', () => {
  it('keeps the scale and its steps, so that what goes on is what would not have ended', async () => {
    const overflows = (step: number, scale: number) => step === 0 && scale > 32768
    const straight = trainer(overflows)
    await steps(straight.made)
    const first = trainer(overflows)
    await steps(first.made, 1)
    await first.made.saveCheckpoint(folder)
    const second = trainer(overflows)
    await second.made.resume(folder)
    await steps(second.made)
    expect(second.seen).toEqual(straight.seen.slice(4))
    expect(second.seen[0]!.scale).toBe(32768)
  })
  it('of another precision names no scale', async () => {
    const { made } = trainer(() => false, { precision: 'fp32' })
    await steps(made, 1)
    const place = join(folder, 'fp32')
    await made.saveCheckpoint(place)
    const again = trainer(() => false, { precision: 'fp32' })
    await again.made.resume(place)
    await steps(again.made)
    expect(again.seen.map(({ scale }) => scale)).toEqual([undefined, undefined, undefined, undefined])
  })
})
