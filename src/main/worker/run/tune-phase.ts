import { join } from 'node:path'
import type { LoadOptions, TrainExample, TrainStep } from '../../engine/engine.ts'
import type { RunClock } from './clock.ts'
import type { RetrievedText } from './retrieve-phase.ts'
import type { RunFolder } from './run-folder.ts'
import type { RunContext, RunInput, RunTools } from './tools.ts'
import { trainingStages, trainSettings } from './training-data.ts'
import type { ReportFraction } from './progress.ts'

/** tuned.json: what came of the tuning. Paths are relative to the run's folder. */
export interface TunedRecord {
  /** What was changed. */
  patch: string
  /** A whole model that the patch belongs to; null: the base model. */
  base: string | null
  steps: number
  stages: TunedStage[]
}

interface TunedStage {
  examples: number
  steps: number
  firstLoss: number
  lastLoss: number
  /** With early stopping: the step whose weights were kept, and the loss on the held-out examples there. */
  best?: { step: number; heldOutLoss: number }
}

/**
 * Tunes the base model stage by stage and leaves what changed in the run's folder; with early stopping, what had changed
 * where the held-out loss was lowest. A stage that was cut off goes on from its checkpoint and ends as it would have
 * without the cut.
 */
export async function tuneModel(
  input: RunInput,
  retrieved: readonly RetrievedText[],
  folder: RunFolder,
  clock: RunClock,
  tools: RunTools,
  context: RunContext,
  report: ReportFraction
): Promise<TunedRecord> {
  const known = await folder.read<TunedRecord>('tuned.json')
  if (known) return known
  const stages = trainingStages(input, retrieved)
  const record: TunedRecord = { patch: '', base: null, steps: 0, stages: [] }
  for (const [number, examples] of stages.entries()) {
    const name = stages.length === 1 ? 'tuned' : `tuned-${number + 1}`
    const finished = await folder.read<TunedStage>(`${name}.stage.json`)
    const stage =
      finished ??
      (await tuneStage({
        input,
        examples,
        folder,
        clock,
        tools,
        context,
        report,
        before: record,
        name,
        number,
        count: stages.length
      }))
    if (!finished) await folder.write(`${name}.stage.json`, stage)
    await folder.remove(folder.file(`${name}.begun.json`))
    if (exportKind(input, number, stages.length) === 'full') record.base = name
    else record.patch = join(name, 'patch.safetensors')
    record.steps += stage.steps
    record.stages.push(stage)
  }
  await folder.write('tuned.json', record)
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
    ...(tuned && tuned.patch !== '' ? { patch: folder.file(tuned.patch) } : {}),
    ...(threads === undefined ? {} : { threads })
  }
}

interface StageParts {
  input: RunInput
  examples: readonly TrainExample[]
  folder: RunFolder
  clock: RunClock
  tools: RunTools
  context: RunContext
  report: ReportFraction
  before: TunedRecord
  name: string
  number: number
  count: number
}

/** An adapter cannot lie on top of another one, so that an earlier stage's is multiplied into a whole model. */
function exportKind(input: RunInput, number: number, count: number): 'patch' | 'full' {
  return input.tune.method === 'lora' && number < count - 1 ? 'full' : 'patch'
}

async function tuneStage(parts: StageParts): Promise<TunedStage> {
  const { input, examples, folder, clock, tools, context, report, before, name, number, count } = parts
  const checkpoint = join(folder.checkpoint, name)
  const engine = await tools.loadEngine(tunedModel(input, folder, before, context.threads))
  try {
    const settings = trainSettings(input.tune, input.model.prefix, input.seed, examples.length)
    const training = await engine.train(examples, settings, checkpoint)
    const saver = new Saver(tools.secondsBetweenCheckpoints)
    const stage: TunedStage = { examples: examples.length, steps: 0, firstLoss: NaN, lastLoss: NaN }
    const keep = () => training.export(folder.file(name), exportKind(input, number, count))
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
  const begun = `${name}.begun.json`
  if (step > 1) return (await folder.read<{ firstLoss: number }>(begun))?.firstLoss ?? loss
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
