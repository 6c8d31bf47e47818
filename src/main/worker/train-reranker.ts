import { existsSync } from 'node:fs'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { JobOutput } from '../contract/jobs.ts'
import { Random } from '../random/random.ts'
import type { RerankerCard, RerankerSettings } from '../contract/reranking.ts'
import type { LabelledPair } from '../engine/engine.ts'
import { moveIntoPlace, writeWhole } from '../files/durable.ts'
import { removeInside, removeOwn } from '../files/remove.ts'
import { bytesIn, inspectModel } from './install-model.ts'
import { defineJob, type JobContext } from './job.ts'
import { rerankerCards } from './reranking/card.ts'
import { makeClassifierBase } from './reranking/classifier-base.ts'
import { judgedMinings } from './reranking/gate.ts'
import { divide, halves, readAll, tasksOf } from './reranking/divide.ts'
import { judgeNearness, learnNearness } from './reranking/learn-nearness.ts'
import { pairTraining, withEngine } from './reranking/pair-training.ts'
import type { RankedSet } from './reranking/pairs-file.ts'
import { agreementOf, areaOf, measureOrders } from './reranking/quality.ts'

/**
 * Trains a pair classifier on mined pairs, judged by tasks that it is not trained on. The best check's weights stay. The job's
 * folder is the model's own; until the end everything lies in `work` inside it.
 */
export const job = defineJob({
  kind: 'train-reranker',
  async run(context) {
    const { input, folder, signal, log } = context
    const started = performance.now()
    const work = join(folder, 'work')
    if (rerankerCards.isIn(folder)) return outputOf(folder, signal)
    await mkdir(work, { recursive: true })
    const { minings, overridden } = await judgedMinings(input)
    const { sets, manifest } = await readAll(input)
    const { training, judging } = divide(sets, input.settings)
    const pairs = trainingPairs(training, input.settings)
    log(`${pairs.length} pairs of ${training.length} query sets; ${judging.length} sets of other tasks judge.`)
    const { choosing, measuring } = halves(judging)
    await makeClassifierBase(input.base.folder, join(work, 'start'))
    const near = input.settings.nearnessPairs > 0 ? await learnNearness(context, work, tasksOf(judging)) : null
    const { steps, bestStep, learningRate } = await train(context, { work, near, pairs, judging: choosing })
    context.report({ phase: 'judging', done: steps, total: steps, unit: 'steps' })
    const scoring = { maxTokens: input.settings.maxTokens, signal, paused: context.paused }
    const judged = await withEngine(context, join(work, 'best'), (engine) => measureOrders(engine, measuring, scoring))
    const { previous } = input
    const before =
      previous === null
        ? null
        : await withEngine(context, previous.folder, (engine) => measureOrders(engine, measuring, scoring))
    const nearness = near === null ? null : await judgeNearness(context, near, measuring)
    const card: RerankerCard = {
      format: 1,
      base: { name: input.base.name, fingerprint: input.base.fingerprint },
      data: { name: input.data.name, contentHash: manifest.dataset.contentHash },
      minings,
      iteration: input.iteration,
      overridden,
      tasks: { train: tasksOf(training), validation: tasksOf(judging) },
      pairs: { train: pairs.length, validation: judging.reduce((sum, { labelled }) => sum + labelled.length, 0) },
      settings: input.settings,
      learningRate,
      quality: judged.quality,
      nearness,
      byTask: judged.byTask,
      agreement: before === null ? null : agreementOf(before.scores, judged.scores),
      previousAuc: before?.quality.auc ?? null,
      steps,
      bestStep,
      seconds: (performance.now() - started) / 1000,
      createdAt: new Date().toISOString()
    }
    log(
      `AUC ${judged.quality.auc.toFixed(3)} and NDCG ${judged.quality.ndcg.toFixed(3)} on tasks that it has not seen.`
    )
    await place(work, folder, card)
    return outputOf(folder, signal)
  }
})

type Context = JobContext<'train-reranker'>

/** Every row of a set with every labelled candidate, inputs only; of large sets a draw with as many of either label. */
function trainingPairs(sets: readonly RankedSet[], settings: RerankerSettings): LabelledPair[] {
  const random = new Random(settings.seed).fork('training pairs')
  const pairs = sets.flatMap(({ queries, labelled }) => {
    const all = labelled.flatMap(({ text, label }) => queries.map((query) => ({ first: query, second: text, label })))
    if (settings.pairsPerSet === null || all.length <= settings.pairsPerSet) return all
    return ([0, 1] as const).flatMap((label) => {
      const own = all.filter((pair) => pair.label === label)
      return random.sample(own, Math.min(own.length, Math.floor(settings.pairsPerSet! / 2)))
    })
  })
  if (!settings.shuffledLabels) return pairs
  const labels = random.shuffle(pairs.map(({ label }) => label))
  return pairs.map((pair, index) => ({ ...pair, label: labels[index]! }))
}

/** A loss below this share of the coin's, ln 2, shows that something is being learnt. */
const learning = 0.97
/** Of the running mean of the loss. */
const memory = 0.95

const stateSchema = z.object({
  best: z.number(),
  /** Running mean of the loss; 0 before the first step. */
  loss: z.number(),
  bestStep: z.int(),
  without: z.int(),
  done: z.boolean(),
  steps: z.int()
})

interface Work {
  work: string
  /** What has learnt nearness, where anything has: the labels begin there, and it is the first check. */
  near: string | null
  pairs: readonly LabelledPair[]
  judging: readonly RankedSet[]
}

/**
 * Trains until the AUC has not grown for long enough; `work/best` then holds the best check's model. Checks count only once the loss
 * has left that of a coin: how two texts relate shows after a long plateau, on which the AUC goes up and down by chance.
 */
async function train(
  context: Context,
  { work, near, pairs, judging }: Work
): Promise<{ steps: number; bestStep: number; learningRate: number }> {
  const { input, report, curve, paused, signal } = context
  const { settings } = input
  const [best, checkpoint] = [join(work, 'best'), join(work, 'checkpoint')]
  const statePath = join(work, 'state.json')
  let state = existsSync(statePath)
    ? stateSchema.parse(JSON.parse(await readFile(statePath, 'utf8')))
    : { best: -1, bestStep: 0, without: 0, done: false, steps: 0, loss: 0 }
  return withEngine(context, near ?? join(work, 'start'), async (engine) => {
    const trained = pairTraining(settings, engine, { pairs: pairs.length })
    if (state.done) return { ...state, learningRate: trained.learningRate }
    const scoring = { maxTokens: settings.maxTokens, signal, paused }
    if (near !== null && state.best < 0) {
      state = { ...state, best: await areaOf(engine, judging, scoring) }
      curve({ step: 0, auc: state.best })
      await removeInside(work, best)
      await cp(near, best, { recursive: true })
      await writeWhole(statePath, JSON.stringify(state))
    }
    const training = await engine.trainPairs(pairs, trained, checkpoint)
    let running = state.loss
    for await (const { step, totalSteps, loss, learningRate, last } of training) {
      running = running === 0 ? loss : memory * running + (1 - memory) * loss
      report({
        phase: 'training',
        done: step,
        total: totalSteps,
        unit: 'steps',
        figures: { loss, learningRate, auc: state.best }
      })
      curve({ step, loss, learningRate })
      await paused()
      if (step % settings.everySteps !== 0 && !last) continue
      const auc = await areaOf(engine, judging, scoring)
      curve({ step, auc })
      const better = auc > state.best
      if (better) {
        await removeInside(work, `${best}.part`)
        await training.export(`${best}.part`, 'full')
        await removeInside(work, best)
        await moveIntoPlace(`${best}.part`, best)
      }
      const learns = running < learning * Math.LN2
      const without = better || !learns ? 0 : state.without + 1
      const ended = last || without >= settings.patience
      await training.saveCheckpoint(checkpoint)
      state = {
        best: better ? auc : state.best,
        bestStep: better ? step : state.bestStep,
        without,
        done: ended,
        steps: step,
        loss: running
      }
      await writeWhole(statePath, JSON.stringify(state))
      if (ended) break
    }
    await training.close()
    return { ...state, learningRate: trained.learningRate }
  })
}

/** The model's files go to their place one by one, the card last: without it nothing counts as made. */
async function place(work: string, folder: string, card: RerankerCard): Promise<void> {
  await cp(join(work, 'best'), folder, { recursive: true })
  await rerankerCards.write(folder, card)
}

async function outputOf(folder: string, signal: AbortSignal): Promise<JobOutput<'train-reranker'>> {
  await removeOwn(folder, join(folder, 'work'))
  return { ...(await inspectModel(folder, signal)), bytes: await bytesIn(folder) }
}
