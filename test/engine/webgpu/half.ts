/**
 * Trains a tiny model in half precision on a device: straight through, cut off and gone on with, and with losses that are so large that
 * gradients overflow. Prints how that compares with itself and with fp32 on the processor.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrainSettings, TrainStep } from '../../../src/main/engine/engine.ts'
import { startTraining } from '../../../src/main/engine/training/start.ts'
import { openWeights } from '../../../src/main/models/weights/checkpoint.ts'
import { relativeError } from '../../oracle/golden.ts'
import { batchObjective, goldenModel, readGolden, settings } from '../training/golden-model.ts'

export interface HalfReport {
  /** A training that was cut off after some steps, and one that was not: the same steps and weights from then on. */
  resumed: { steps: number; same: boolean }
  /** With a loss that makes gradients overflow: the scale that is left, and the largest difference of a loss from fp32's. */
  overflowed: { scale: number; steps: number; loss: number; gradientNorm: number }
  /** The last blocks alone: the same differences. */
  lastBlocks: { loss: number; gradientNorm: number }
}

const { batches } = readGolden('bart')
const folder = mkdtempSync(join(tmpdir(), 'half-'))

async function trained(change: Partial<TrainSettings>, cut: { from?: string; to?: string; after?: number } = {}) {
  const model = await goldenModel('bart', change.precision === 'half' ? 'webgpu' : 'cpu')
  const objective = batchObjective(model, batches)
  const own = { ...settings, epochs: 1, dropout: 0.1, ...change }
  const training = await startTraining({
    ...{ model, objective, settings: own, checkpoint: cut.from, closed: () => undefined }
  })
  const steps: TrainStep[] = []
  for await (const step of training) {
    steps.push(step)
    if (step.step === cut.after) break
  }
  if (cut.to !== undefined) await training.saveCheckpoint(cut.to)
  await training.close()
  return { steps, weights: model.parameters.flatMap(({ name }) => Array.from(model.weights.data(name))) }
}

function differences(own: readonly TrainStep[], exact: readonly TrainStep[]): { loss: number; gradientNorm: number } {
  const of = (key: 'loss' | 'gradientNorm') =>
    relativeError(
      own.map((step) => step[key]),
      exact.map((step) => step[key])
    )
  return { loss: of('loss'), gradientNorm: of('gradientNorm') }
}

async function scaleIn(place: string): Promise<number> {
  const checkpoint = await openWeights(join(place, 'checkpoint.safetensors'))
  await checkpoint.close()
  const { lossScale } = JSON.parse(checkpoint.metadata['progress']!) as { lossScale: { scale: number } }
  return lossScale.scale
}

async function report(): Promise<HalfReport> {
  const [begun, ended] = [join(folder, 'begun'), join(folder, 'ended')]
  const straight = await trained({ precision: 'half' })
  await trained({ precision: 'half' }, { after: 2, to: begun })
  const resumed = await trained({ precision: 'half' }, { from: begun })
  const large: Partial<TrainSettings> = { lossReduction: 'sum', clipNorm: 1, dropout: 0 }
  const exact = await trained(large)
  const half = await trained({ ...large, precision: 'half' }, { to: ended })
  const blocks: Partial<TrainSettings> = { method: 'last-blocks', lastBlocks: 1, dropout: 0 }
  const [exactBlocks, halfBlocks] = [await trained(blocks), await trained({ ...blocks, precision: 'half' })]
  return {
    resumed: {
      steps: resumed.steps.length,
      same:
        JSON.stringify(resumed.steps) === JSON.stringify(straight.steps.slice(2)) &&
        resumed.weights.every((value, at) => value === straight.weights[at])
    },
    overflowed: {
      ...{ scale: await scaleIn(ended), steps: half.steps.length },
      ...differences(half.steps, exact.steps)
    },
    lastBlocks: differences(halfBlocks.steps, exactBlocks.steps)
  }
}

const found = await report()
rmSync(folder, { recursive: true })
process.stdout.write(JSON.stringify(found), () => process.exit(0))
