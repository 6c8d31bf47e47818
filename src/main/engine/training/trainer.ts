/** The training loop: order of the data, accumulation, clipping, schedule, held-out checks, checkpoints. */
import { LabError } from '../../contract/error.ts'
import type { TrainSettings, TrainStep, Training } from '../engine.ts'
import { shuffledIndices } from '../../random/labelled.ts'
import { readProgress, writeCheckpoint, type Progress } from './checkpoint.ts'
import type { TrainingDevice } from './device.ts'
import { afterGoodStep, afterOverflow, firstLossScale } from './loss-scale.ts'
import type { LossBatch, Objective } from './objective.ts'
import { epochOrder } from './order.ts'
import { learningRateAt } from './schedule.ts'

export interface TrainerOptions {
  device: TrainingDevice
  objective: Objective
  settings: TrainSettings
  /** Identity of model, data and settings. */
  fingerprint: string
  /** Writes the result. */
  save: (folder: string, kind: 'patch' | 'full') => Promise<void>
  /** Called once when the training is over. */
  closed: () => void
}

export class Trainer implements Training {
  readonly #options: TrainerOptions
  /** Examples that are trained on, and those kept back for checks. */
  readonly #training: readonly number[]
  readonly #heldOut: readonly number[]
  readonly #stepsPerEpoch: number
  readonly #totalSteps: number
  #progress: Progress = { step: 0, best: null, bestStep: 0, checksWithoutGain: 0, stopped: false }
  #order: { epoch: number; examplesOf: (step: number) => readonly number[] } | null = null
  #open = true

  constructor(options: TrainerOptions) {
    this.#options = options
    const { objective, settings } = options
    const kept = settings.earlyStopping?.heldOut ?? 0
    if (kept >= objective.count) {
      throw new LabError(
        'bad-settings',
        `Of ${objective.count} examples, ${kept} cannot be held out: nothing would be left to train on.`
      )
    }
    const everything =
      kept > 0
        ? shuffledIndices(objective.count, settings.seed, 'held out')
        : Array.from({ length: objective.count }, (_, index) => index)
    this.#heldOut = everything.slice(0, kept)
    this.#training = everything.slice(kept).sort((a, b) => a - b)
    this.#stepsPerEpoch = Math.ceil(this.#training.length / (settings.batchSize * settings.accumulation))
    this.#totalSteps = Math.min(this.#stepsPerEpoch * settings.epochs, settings.maxSteps ?? Infinity)
    if (settings.precision === 'half') this.#progress = { ...this.#progress, lossScale: firstLossScale }
  }

  /** Continues where a checkpoint was saved, if the folder holds one. */
  async resume(folder: string): Promise<void> {
    const progress = await readProgress(folder, this.#options.fingerprint, this.#options.device)
    if (progress) this.#progress = progress
  }

  async *[Symbol.asyncIterator](): AsyncIterator<TrainStep> {
    while (this.#progress.step < this.#totalSteps && !this.#progress.stopped) {
      if (!this.#open) throw new LabError('training-closed', 'This training was closed and cannot go on.')
      yield await this.#step()
    }
  }

  async saveCheckpoint(folder: string): Promise<void> {
    await writeCheckpoint(folder, this.#options.fingerprint, this.#progress, this.#options.device)
  }

  async export(folder: string, kind: 'patch' | 'full'): Promise<void> {
    await this.#options.save(folder, kind)
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#options.device.close()
    this.#options.closed()
  }

  async #step(): Promise<TrainStep> {
    const { device, objective, settings } = this.#options
    const { step } = this.#progress
    const batches = this.#batches(step)
    const epoch = Math.floor(step / this.#stepsPerEpoch)
    // What a batch's loss is divided by: the labels of the whole step, or nothing where losses are summed.
    const labels = settings.lossReduction === 'sum' ? 1 : objective.labels(batches.flat(), epoch)
    const made = batches.map((examples) => objective.batch(examples, labels, epoch))
    const { loss, gradientNorm } = await this.#gradients(made)
    const tokens = made.reduce((sum, batch) => sum + batch.tokens, 0)
    await this.#checkFinite(loss, gradientNorm, batches.flat())
    const learningRate = learningRateAt(step, settings, this.#totalSteps)
    const { clipNorm } = settings
    const scale = clipNorm === null ? 1 : Math.min(1, clipNorm / (gradientNorm + 1e-6))
    await device.update({ step: step + 1, learningRate, scale })
    const next = step + 1
    const { lossScale } = this.#progress
    this.#progress = { ...this.#progress, step: next, ...(lossScale && { lossScale: afterGoodStep(lossScale) }) }
    const heldOutLoss = await this.#check(next)
    const { best, bestStep } = this.#progress
    return {
      step: next,
      totalSteps: this.#totalSteps,
      epoch: Math.floor(step / this.#stepsPerEpoch),
      loss,
      gradientNorm,
      learningRate,
      tokens,
      ...(heldOutLoss === null ? {} : { heldOutLoss }),
      ...(best === null ? {} : { best: { step: bestStep, heldOutLoss: best } }),
      last: this.#progress.stopped || next === this.#totalSteps
    }
  }

  /** Leaves the gradients of a step on the device. Where they overflow in half precision, with a smaller scale of the loss. */
  async #gradients(batches: readonly LossBatch[]): Promise<{ loss: number; gradientNorm: number }> {
    const { device } = this.#options
    for (;;) {
      const { step, lossScale } = this.#progress
      let loss = 0
      for (const [part, { feeds }] of batches.entries())
        loss += await device.accumulate({ feeds, step, part, ...(lossScale && { lossScale: lossScale.scale }) })
      const gradientNorm = await device.gradientNorm()
      // A loss is not scaled itself: where it is not finite, no scale helps.
      const smaller =
        lossScale && Number.isFinite(loss) && !Number.isFinite(gradientNorm) ? afterOverflow(lossScale) : null
      if (!smaller) return { loss, gradientNorm }
      device.discard()
      this.#progress = { ...this.#progress, lossScale: smaller }
    }
  }

  /** The examples of a step, batch by batch. The order of an epoch follows from the seed alone. */
  #batches(step: number): number[][] {
    const { objective, settings } = this.#options
    const { batchSize } = settings
    const epoch = Math.floor(step / this.#stepsPerEpoch)
    if (this.#order?.epoch !== epoch) {
      const examplesOf = epochOrder(this.#training, settings, (example) => objective.length(example), epoch)
      this.#order = { epoch, examplesOf }
    }
    const examples = this.#order.examplesOf(step % this.#stepsPerEpoch)
    const batches: number[][] = []
    for (let at = 0; at < examples.length; at += batchSize) batches.push(examples.slice(at, at + batchSize))
    return batches
  }

  /** The loss on the held-out examples where a check is due; ends the training when it has not improved for long enough. */
  async #check(step: number): Promise<number | null> {
    const { device, objective, settings } = this.#options
    const { earlyStopping } = settings
    if (!earlyStopping || this.#heldOut.length === 0) return null
    if (step % earlyStopping.everySteps !== 0 && step !== this.#totalSteps) return null
    const labels = objective.labels(this.#heldOut)
    let loss = 0
    for (let at = 0; at < this.#heldOut.length; at += settings.batchSize) {
      const batch = objective.batch(this.#heldOut.slice(at, at + settings.batchSize), labels)
      loss += await device.evaluate(batch.feeds)
    }
    const { best, bestStep, checksWithoutGain } = this.#progress
    const better = best === null || loss < best
    const without = better ? 0 : checksWithoutGain + 1
    this.#progress = {
      ...this.#progress,
      step,
      best: better ? loss : best,
      bestStep: better ? step : bestStep,
      checksWithoutGain: without,
      stopped: without >= earlyStopping.patience
    }
    return loss
  }

  async #checkFinite(loss: number, gradientNorm: number, examples: readonly number[]): Promise<void> {
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return
    const step = this.#progress.step + 1
    const weights = await this.#options.device.notFinite()
    const where =
      weights.length > 0 ? ` The gradient is not finite in ${weights.length} weights, first in "${weights[0]}".` : ''
    const what = Number.isFinite(loss) ? `a gradient norm of ${gradientNorm}` : `a loss of ${loss}`
    throw new LabError(
      'training-diverged',
      `Step ${step} of ${this.#totalSteps} gave ${what}.${where} The batch held examples ${examples.slice(0, 8).join(', ')}. Lower the learning rate, clip gradients, or remove damaged examples.`,
      { details: { step, loss, gradientNorm, weights: weights.slice(0, 20), examples } }
    )
  }
}
