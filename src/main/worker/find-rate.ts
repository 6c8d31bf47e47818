import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import { isEnough, rateLadder, readRates, triedRatesSchema, type TriedRates } from '../contract/rate-test.ts'
import { openDataset } from '../data/dataset.ts'
import type { Reference, TrainExample, TrainSettings, Trials } from '../engine/engine.ts'
import { loadEngine } from '../engine/load.ts'
import { writeWhole } from '../files/durable.ts'
import { defineJob, type JobContext } from './job.ts'
import { casesOf, type RateCase } from './rates/cases.ts'
import { trainSettings } from './run/training-data.ts'
import { sum } from '../sums/sums.ts'

/** Tries one rate after the other, from the same weights on the same rows, until larger ones do harm. Goes on where it was cut off. */
export const job = defineJob({
  kind: 'find-rate',
  async run(context) {
    const { input, folder, threads, log, curve, report, paused, signal } = context
    const file = join(folder, 'rates.json')
    const { judgedBy, cases } = readCases(context)
    const engine = await loadEngine({
      ...{ folder: input.model.folder, provider: input.provider, tuning: input.tune.precision },
      ...(threads === undefined ? {} : { threads })
    })
    try {
      log(engine.info.providerReason)
      const trials = await engine.trials(settingsOf(context, Math.min(...cases.map(({ learnt }) => learnt.length))))
      try {
        const judged = cases.map((one) => ({ ...one, groups: one.judges.map((rows) => trials.reference(rows)) }))
        const record: TriedRates = (await earlier(file)) ?? {
          ...{ steps: input.steps, judgedBy, of: cases.map(({ name }) => name), tried: [] },
          rows: sum(cases.map(({ learnt }) => learnt.length)),
          heldOutRows: sum(cases.flatMap(({ judges }) => judges.map((rows) => rows.length))),
          before: await lossesBefore(trials, judged)
        }
        const total = rateLadder.length * cases.length
        for (const rate of rateLadder.slice(record.tried.length)) {
          if (isEnough(record)) break
          const losses: (number | null)[][] = []
          for (const [at, one] of judged.entries()) {
            report({
              ...{ phase: `learning rate ${rate}`, unit: 'trials', total },
              done: record.tried.length * cases.length + at
            })
            await paused()
            signal.throwIfAborted()
            const after = await lossesWith(trials, one, rate)
            if (after !== null) losses.push(after)
          }
          record.tried.push({ rate, losses: losses.length < judged.length ? null : losses.flat() })
          await writeWhole(file, JSON.stringify(record))
          const { loss } = readRates(record).points.at(-1)!
          if (loss !== null) curve({ step: record.tried.length, loss, learningRate: rate })
        }
        report({ phase: 'done', done: total, total, unit: 'trials' })
        const found = readRates(record)
        log(sentence(found, input.steps))
        return { rate: found.suggested }
      } finally {
        await trials.close()
      }
    } finally {
      await engine.close()
    }
  }
})

type Context = JobContext<'find-rate'>

interface JudgedCase extends RateCase {
  groups: readonly Reference[]
}

function readCases({ input }: Context) {
  const { tune, steps, seed, targets } = input
  const dataset = openDataset(input.dataset)
  try {
    return casesOf(dataset, targets, { seed, rows: steps * tune.batchSize * tune.accumulation })
  } finally {
    dataset.close()
  }
}

async function earlier(file: string): Promise<TriedRates | null> {
  if (!existsSync(file)) return null
  return triedRatesSchema.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** The settings of the experiment, for so many steps; what only a long training has is left out. */
function settingsOf({ input }: Context, examples: number): TrainSettings {
  const { tune, steps } = input
  const perStep = tune.batchSize * tune.accumulation
  const short = {
    ...{ maxSteps: steps, epochs: Math.ceil((steps * perStep) / examples), earlyStopping: null },
    warmupSteps: Math.min(tune.warmupSteps, Math.floor(steps / 4))
  }
  return trainSettings({ ...tune, ...short }, input.model.prefix, input.seed, examples)
}

async function lossesBefore(trials: Trials, cases: readonly JudgedCase[]): Promise<number[]> {
  const losses: number[] = []
  for (const group of cases.flatMap(({ groups }) => groups)) losses.push(await trials.loss(group))
  return losses
}

/** Null where the training went out of bounds, which is an answer too. */
async function lossesWith(
  trials: Trials,
  { learnt, groups }: { learnt: readonly TrainExample[]; groups: readonly Reference[] },
  learningRate: number
): Promise<(number | null)[] | null> {
  try {
    const losses = await trials.lossesAfter(learnt, groups, { learningRate })
    return losses.map((loss) => (Number.isFinite(loss) ? loss : null))
  } catch (thrown) {
    if (thrown instanceof LabError && thrown.code === 'training-diverged') return null
    throw thrown
  }
}

function sentence({ suggested, harmless, lowest, before }: ReturnType<typeof readRates>, steps: number): string {
  if (suggested !== null)
    return `Take ${suggested}: ${steps} steps with it bring the loss as low as the best of all, ${lowest}, but for chance.`
  const begun = `No rate brought the loss below ${before?.toFixed(3)}, where it began, by more than chance does.`
  return harmless === null ? begun : `${begun} Up to ${harmless} it did no harm.`
}
