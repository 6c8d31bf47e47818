/** What holds of every training, on the oracle's tiny models. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LabError } from '../../../src/main/contract/error.ts'
import type { TrainSettings, TrainStep } from '../../../src/main/engine/engine.ts'
import type { LoadedModel } from '../../../src/main/engine/loaded-model.ts'
import { applyPatch } from '../../../src/main/engine/patch.ts'
import { startTraining } from '../../../src/main/engine/training/start.ts'
import type { Trainer } from '../../../src/main/engine/training/trainer.ts'
import { relativeError } from '../../oracle/golden.ts'
import { batchObjective, goldenModel, readGolden, settings, type Batch } from './golden-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'training-test-'))
afterAll(() => rm(folder, { recursive: true }))

/** The oracle's batches row by row, so that there is something to shuffle. */
const examples: Batch[] = readGolden('bart').batches.flatMap(({ source, target }) =>
  source.map((row, index) => ({ source: [row], target: [target[index]!] }))
)

interface Run {
  model: LoadedModel
  training: Trainer
  steps: TrainStep[]
}

async function begin(change: Partial<TrainSettings>, data = examples, checkpoint?: string): Promise<Run> {
  const model = await goldenModel('bart')
  const objective = batchObjective(model, data)
  const training = await startTraining({
    model,
    objective,
    settings: { ...settings, ...change },
    checkpoint,
    closed: () => undefined
  })
  return { model, training, steps: [] }
}

async function finish(run: Run, upTo = Infinity): Promise<Run> {
  for await (const step of run.training) {
    run.steps.push(step)
    if (step.step >= upTo) break
  }
  return run
}

const trainedWeights = ({ model }: Run): number[] =>
  model.parameters.filter(({ trainable }) => trainable).flatMap(({ name }) => Array.from(model.weights.data(name)))

describe('resuming', () => {
  const change: Partial<TrainSettings> = {
    ...{ epochs: 3, batchSize: 2, accumulation: 2, shuffle: true, dropout: 0.2, warmupSteps: 2 },
    earlyStopping: { heldOut: 2, everySteps: 2, patience: 100 }
  }

  it.each(['adamw', 'adafactor'] as const)(
    'gives bit for bit what an uninterrupted run gives (%s)',
    async (optimizer) => {
      const straight = await finish(await begin({ ...change, optimizer }))
      const place = join(folder, optimizer)
      const first = await finish(await begin({ ...change, optimizer }), 3)
      await first.training.saveCheckpoint(place)
      await first.training.close()
      const second = await finish(await begin({ ...change, optimizer }, examples, place))
      expect(second.steps[0]!.step).toBe(4)
      expect(second.steps).toEqual(straight.steps.slice(3))
      expect(trainedWeights(second)).toEqual(trainedWeights(straight))
      await second.training.close()
      await straight.training.close()
    }
  )

  it('refuses a checkpoint of other settings', async () => {
    await expect(
      begin({ ...change, optimizer: 'adamw', learningRate: 1e-4 }, examples, join(folder, 'adamw'))
    ).rejects.toMatchObject({
      code: 'checkpoint-mismatch'
    })
  })

  it('begins at the start where there is no checkpoint', async () => {
    const run = await finish(await begin({}, examples, join(folder, 'nothing')), 1)
    expect(run.steps[0]!.step).toBe(1)
    await run.training.close()
  })
})

describe('the same gradients', () => {
  it('come from one large batch and from several small ones', async () => {
    const large = await finish(await begin({ batchSize: 4, epochs: 1 }))
    const small = await finish(await begin({ batchSize: 1, accumulation: 4, epochs: 1 }))
    expect(small.steps).toHaveLength(large.steps.length)
    for (const key of ['loss', 'gradientNorm'] as const) {
      expect(
        relativeError(
          small.steps.map((step) => step[key]),
          large.steps.map((step) => step[key])
        )
      ).toBeLessThan(1e-4)
    }
    await large.training.close()
    await small.training.close()
  })

  it('come with and without recomputing activations', async () => {
    const kept = await finish(await begin({ epochs: 1, dropout: 0.1 }))
    const again = await finish(await begin({ epochs: 1, dropout: 0.1, recompute: true }))
    expect(relativeError(trainedWeights(again), trainedWeights(kept))).toBeLessThan(1e-4)
    await kept.training.close()
    await again.training.close()
  })

  it('differ from seed to seed and not within one', async () => {
    const runs = await Promise.all(
      [1, 1, 2].map(async (seed) => finish(await begin({ epochs: 1, dropout: 0.2, shuffle: true, seed })))
    )
    const [a, b, c] = runs.map(({ steps }) => steps.map(({ loss }) => loss))
    expect(a).toEqual(b)
    expect(a).not.toEqual(c)
    for (const run of runs) await run.training.close()
  })
})

describe('part of the weights', () => {
  it('changes the last blocks and nothing else', async () => {
    const before = await goldenModel('bart')
    const run = await finish(await begin({ method: 'last-blocks', lastBlocks: 1, epochs: 1 }))
    const changed = before.parameters.filter(
      ({ name }) => relativeError(run.model.weights.data(name), before.weights.data(name)) > 0
    )
    const blocks = new Set(changed.map(({ name }) => name.split('.').slice(0, 4).join('.')))
    expect([...blocks].sort()).toEqual(['model.decoder.layers.2', 'model.encoder.layers.1'])
    await run.training.close()
  })

  it('trains LoRA adapters beside frozen weights, and a patch gives the same model', async () => {
    const lora = { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'fc1'] }
    const run = await finish(await begin({ method: 'lora', lora, epochs: 4 }))
    expect(run.steps.at(-1)!.loss).toBeLessThan(run.steps[0]!.loss)
    const untouched = await goldenModel('bart')
    expect(trainedWeights(run)).toEqual(trainedWeights({ ...run, model: untouched }))
    const place = join(folder, 'lora')
    await run.training.export(place, 'patch')
    await run.training.export(join(folder, 'lora-full'), 'full')
    const patched = await goldenModel('bart')
    await applyPatch(place, 'bart', patched.weights)
    expect([...patched.weights.changed].every((name) => /q_proj|v_proj|fc1/.test(name))).toBe(true)
    const lossOf = async (model: LoadedModel): Promise<number> => {
      const target = { ...(await goldenModel('bart')), weights: model.weights }
      const check = await startTraining({
        ...{
          model: target,
          objective: batchObjective(target, examples),
          checkpoint: undefined,
          closed: () => undefined
        },
        settings: { ...settings, batchSize: examples.length, epochs: 1, dropout: 0 }
      })
      const { steps } = await finish({ model: target, training: check, steps: [] })
      await check.close()
      return steps[0]!.loss
    }
    const merged = await goldenModel('bart')
    const { openCheckpoint } = await import('../../../src/main/models/weights/checkpoint.ts')
    const full = await openCheckpoint(join(folder, 'lora-full'))
    for (const { name, source } of merged.parameters)
      if (source !== null) await full.read(name, merged.weights.data(name))
    await full.close()
    expect(await lossOf(merged)).toBeCloseTo(await lossOf(patched), 5)
    await run.training.close()
  })

  it('says which layers there are when no target matches', async () => {
    const lora = { rank: 4, alpha: 8, targets: ['query'] }
    await expect(begin({ method: 'lora', lora })).rejects.toThrow(/fc1/)
  })
})

describe('stopping', () => {
  it('stops with the place when a number is not finite', async () => {
    const run = await begin({ clipNorm: null })
    run.model.weights.data('model.decoder.layers.0.fc1.weight')[3] = NaN
    const failure = await finish(run).catch((thrown: unknown) => thrown)
    expect(failure).toBeInstanceOf(LabError)
    expect(failure).toMatchObject({ code: 'training-diverged', details: { step: 1 } })
    expect((failure as LabError).message).toMatch(/Step 1 of .* loss of NaN/)
    await run.training.close()
  })

  it('stops early when the held-out loss does not fall', async () => {
    const run = await finish(
      await begin({
        epochs: 50,
        learningRate: 1e-9,
        earlyStopping: { heldOut: 3, everySteps: 1, patience: 2 },
        clipNorm: 1e-9
      })
    )
    const last = run.steps.at(-1)!
    expect(last.last).toBe(true)
    expect(last.step).toBeLessThan(last.totalSteps)
    expect(last.heldOutLoss).toBeTypeOf('number')
    const checks = run.steps.map(({ step, heldOutLoss }) => ({ step, heldOutLoss: heldOutLoss! }))
    expect(last.best).toEqual(checks.reduce((best, check) => (check.heldOutLoss < best.heldOutLoss ? check : best)))
    expect(last.step).toBe(last.best!.step + 2)
    await run.training.close()
  })

  it('refuses settings that cannot work, all at once', async () => {
    const failure = await begin({ learningRate: -1, epochs: 0 }).catch((thrown: unknown) => thrown)
    expect(failure).toMatchObject({ code: 'bad-settings' })
    expect(String(failure)).toMatch(/learningRate.*epochs/)
  })

  it('refuses to train on nothing', async () => {
    await expect(begin({}, [])).rejects.toMatchObject({ code: 'empty-batch' })
  })
})
