import { join } from 'node:path'
import type { LoadOptions, TrainExample, TrainStep } from '../../engine/engine.ts'
import { runFiles, stageFiles, type TunedRecord, type TunedStage } from '../../run-files/files.ts'
import type { RunFolder } from '../../run-files/run-folder.ts'
import type { ReportFraction } from './progress.ts'
import type { RetrievedText } from './retrieve-phase.ts'
import type { RunSession } from './session.ts'
import type { RunInput } from './tools.ts'
import { stageSettings, trainingStages, trainSettings } from './training-data.ts'

/**
 * Tunes the base model stage by stage and leaves what changed in the run's folder; with early stopping, what had changed
 * where the held-out loss was lowest. A stage that was cut off goes on from its checkpoint and ends as it would have
 * without the cut.
 */
export async function tuneModel(
  session: RunSession,
  retrieved: readonly RetrievedText[],
  report: ReportFraction
): Promise<TunedRecord> {
  const { input, folder } = session
  const known = await folder.read(runFiles.tuned)
  if (known) return known
  const stages = trainingStages(input, retrieved)
  const record: TunedRecord = { patch: null, base: null, steps: 0, stages: [] }
  for (const [number, examples] of stages.entries()) {
    const stage: Stage = {
      ...{ examples, number, count: stages.length, before: record },
      name: stages.length === 1 ? 'tuned' : `tuned-${number + 1}`
    }
    const file = stageFiles.finished(stage.name)
    const finished = await folder.read(file)
    const done = finished ?? (await tuneStage(session, stage, report))
    if (!finished) await folder.write(file, done)
    await folder.remove(folder.file(stageFiles.begun(stage.name).name))
    if (exportKind(input, stage) === 'full') record.base = stage.name
    else record.patch = join(stage.name, 'patch.safetensors')
    record.steps += done.steps
    record.stages.push(done)
  }
  await folder.write(runFiles.tuned, record)
  await folder.remove(folder.checkpoint)
  return record
}

/** How to load the base model with what a tuning has changed so far; null: as it is. */
export function tunedModel(
  input: RunInput,
  folder: RunFolder,
  tuned: TunedRecord | null,
  threads: number | undefined
): LoadOptions {
  return {
    folder: tuned?.base ? folder.file(tuned.base) : input.model.folder,
    provider: input.provider,
    ...(input.tune.base === 'full' ? {} : { base: input.tune.base }),
    ...(tuned?.patch ? { patch: folder.file(tuned.patch) } : {}),
    ...(threads === undefined ? {} : { threads })
  }
}

interface Stage {
  examples: readonly TrainExample[]
  name: string
  number: number
  count: number
  /** What the stages before it came to. */
  before: TunedRecord
}

/** An adapter cannot lie on top of another one, so that an earlier stage's is multiplied into a whole model. */
function exportKind(input: RunInput, { number, count }: Stage): 'patch' | 'full' {
  return input.tune.method === 'lora' && number < count - 1 ? 'full' : 'patch'
}

async function tuneStage(session: RunSession, place: Stage, report: ReportFraction): Promise<TunedStage> {
  const { input, folder, clock, tools, context } = session
  const { examples, name, number, count, before } = place
  const checkpoint = join(folder.checkpoint, name)
  const load = tunedModel(input, folder, before, context.threads)
  const engine = await tools.loadEngine({ ...load, tuning: input.tune.precision })
  try {
    if (input.tune.precision === 'half') context.log(engine.info.providerReason)
    const settings = trainSettings(
      stageSettings(input.tune, number),
      input.model.prefix,
      input.seeds?.training ?? input.seed,
      examples.length
    )
    const training = await engine.train(examples, settings, checkpoint)
    const saver = new Saver(tools.secondsBetweenCheckpoints)
    const stage: TunedStage = { examples: examples.length, steps: 0, firstLoss: NaN, lastLoss: NaN }
    const keep = () => training.export(folder.file(name), exportKind(input, place))
    try {
      for await (const step of training) {
        if (Number.isNaN(stage.firstLoss)) stage.firstLoss = await firstLossOf(folder, name, step)
        stage.steps = step.step
        stage.lastLoss = step.loss
        if (step.best) stage.best = step.best
        // The best weights are kept before a checkpoint can remember that they were the best.
        if (step.best?.step === step.step) await keep()
        clock.sample()
        context.curve(curveRow(step))
        const phase = count === 1 ? 'tuning' : `tuning, stage ${number + 1} of ${count}`
        report(
          {
            phase,
            done: step.step,
            total: step.totalSteps,
            unit: 'steps',
            figures: { loss: step.loss, learningRate: step.learningRate }
          },
          (number + step.step / step.totalSteps) / count
        )
        await clock.outside(context.paused)
        if (!step.last)
          await saver.save(async () => {
            await training.saveCheckpoint(checkpoint)
            await clock.save()
          }, context.saveNow?.())
      }
      if (!stage.best) await keep()
    } finally {
      await training.close()
    }
    context.log(
      `Tuned on ${examples.length} examples in ${stage.steps} steps; loss ${stage.firstLoss.toFixed(3)} → ${stage.lastLoss.toFixed(3)}.${bestOf(stage)}`
    )
    return stage
  } finally {
    await engine.close()
  }
}

/** The loss of the first step of all attempts: one that was cut off has left it. */
async function firstLossOf(folder: RunFolder, name: string, { step, loss }: TrainStep): Promise<number> {
  const begun = stageFiles.begun(name)
  if (step > 1) return (await folder.read(begun))?.firstLoss ?? loss
  await folder.write(begun, { firstLoss: loss })
  return loss
}

function bestOf({ best, steps }: TunedStage): string {
  if (!best) return ''
  const kept = best.step === steps ? 'the last step' : `step ${best.step}`
  return ` The weights of ${kept} are kept: there the loss on held-out examples was lowest, ${best.heldOutLoss.toFixed(3)}.`
}

/** Saves when enough time has passed, and never so often that saving takes more than a twentieth of the time. */
class Saver {
  readonly #seconds: number
  #due: number

  constructor(seconds: number) {
    this.#seconds = seconds
    this.#due = performance.now() + seconds * 1000
  }

  async save(work: () => Promise<void>, now = false): Promise<void> {
    const started = performance.now()
    if (started < this.#due && !now) return
    await work()
    const ended = performance.now()
    this.#due = ended + Math.max(this.#seconds * 1000, 20 * (ended - started))
  }
}

function curveRow(step: TrainStep): Record<string, number> {
  const { step: number, loss, learningRate, gradientNorm, heldOutLoss } = step
  return { step: number, loss, learningRate, gradientNorm, ...(heldOutLoss === undefined ? {} : { heldOutLoss }) }
}
