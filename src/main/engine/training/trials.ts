/**
 * Many short trainings from the same weights, each judged by the loss of the same labelled examples: what mining supervision
 * does thousands of times. Sessions, graphs and threads are made once, and the weights are put back after every training.
 */
import type { Seq2SeqConfig } from '../../models/config.ts'
import { LabError } from '../../contract/error.ts'
import type { Reference, TrainExample, TrainSettings, Trials } from '../engine.ts'
import { lengthSortedBatches } from '../inference/batches.ts'
import type { LoadedModel } from '../loaded-model.ts'
import type { TrainingDevice } from './device.ts'
import type { LossBatch, Objective } from './objective.ts'
import { seq2seqObjective } from './seq2seq-objective.ts'
import { checkSettings } from './settings.ts'
import { openDevice } from './start.ts'
import { Trainer } from './trainer.ts'

/** Padded source tokens in a batch of reference examples, and the labels that it may have. */
const referenceBatch = { tokens: 2048, rows: 32 }

export async function openTrials(
  model: LoadedModel & { config: Seq2SeqConfig },
  settings: TrainSettings,
  closed: () => void
): Promise<Trials> {
  checkSettings(settings)
  const make = (examples: readonly TrainExample[]): Objective => seq2seqObjective(model, examples, settings)
  const { device } = await openDevice(model, make([]), settings)
  const base = new Map((await device.state()).map(({ name, data }) => [name, Float32Array.from(data)]))
  const prepared = new WeakMap<Reference, Prepared>()
  const batchesOf = (reference: Reference): Prepared => {
    const known = prepared.get(reference)
    if (known) return known
    throw new LabError('bad-option', 'This reference belongs to other trials.')
  }
  let open = true

  /** The mean over all labels of the reference, with the weights as they are. */
  async function lossOf({ batches }: Prepared): Promise<number> {
    let loss = 0
    for (const { feeds } of batches) loss += await device.evaluate(feeds)
    return loss
  }

  async function putBack(): Promise<void> {
    await device.restore(async (name, target) => target.set(base.get(name)!))
  }

  return {
    reference(examples) {
      if (examples.length === 0) throw new LabError('empty-batch', 'A reference needs at least one labelled example.')
      const reference: Reference = { examples: examples.length }
      prepared.set(reference, prepare(make(examples)))
      return reference
    },
    loss: (reference) => lossOf(batchesOf(reference)),
    async lossesAfter(examples, references, change = {}) {
      const judged = references.map(batchesOf)
      const trainer = new Trainer({
        device,
        objective: make(examples),
        settings: { ...settings, ...change },
        fingerprint: '',
        save: async () => undefined,
        closed: () => undefined
      })
      try {
        for await (const _ of trainer);
        const losses: number[] = []
        for (const reference of judged) losses.push(await lossOf(reference))
        return losses
      } finally {
        device.discard()
        await putBack()
      }
    },
    async influence(examples, references) {
      const wanted: Float32Array[][] = []
      for (const reference of references) wanted.push(await gradientOf(device, batchesOf(reference).batches))
      const objective = make(examples)
      const changes: number[][] = wanted.map(() => [])
      for (const index of examples.keys()) {
        const { feeds } = objective.batch([index], objective.labels([index]))
        await device.accumulate({ feeds, step: 0, part: 0 })
        const own = await device.gradients()
        const length = Math.sqrt(dot(own, own))
        wanted.forEach((gradient, at) => changes[at]!.push(length === 0 ? 0 : -dot(gradient, own) / length))
        device.discard()
      }
      return changes
    },
    async close() {
      if (!open) return
      open = false
      await device.close()
      closed()
    }
  }
}

interface Prepared {
  batches: readonly LossBatch[]
}

/** Texts of like length together, so that there is little padding. */
function prepare(objective: Objective): Prepared {
  const all = Array.from({ length: objective.count }, (_, index) => index)
  const labels = objective.labels(all)
  const lengths = all.map((index) => objective.length(index))
  return { batches: lengthSortedBatches(lengths, referenceBatch).map((batch) => objective.batch(batch, labels)) }
}

/** A copy: the device's own arrays change with the next batch. */
async function gradientOf(device: TrainingDevice, batches: readonly LossBatch[]): Promise<Float32Array[]> {
  for (const [part, { feeds }] of batches.entries()) await device.accumulate({ feeds, step: 0, part })
  const gradients = (await device.gradients()).map((gradient) => Float32Array.from(gradient))
  device.discard()
  return gradients
}

function dot(one: readonly Float32Array[], two: readonly Float32Array[]): number {
  let sum = 0
  one.forEach((values, index) => {
    const others = two[index]!
    for (let at = 0; at < values.length; at++) sum += values[at]! * others[at]!
  })
  return sum
}
