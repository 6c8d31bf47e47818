import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RerankerCard } from '../../contract/reranking.ts'
import { representationNames, representations } from '../../contract/strategies.ts'
import { openDataset } from '../../data/dataset.ts'
import type { Engine, LabelledPair } from '../../engine/engine.ts'
import { moveIntoPlace } from '../../files/durable.ts'
import { removeInside } from '../../files/remove.ts'
import { encoderOf, type Encoder } from '../../retrieval/encoder.ts'
import type { JobContext } from '../job.ts'
import { cosineScorer, drawNearnessPairs } from './nearness.ts'
import { pairTraining, tokensOf, withEngine } from './pair-training.ts'
import type { RankedSet } from './pairs-file.ts'
import { areaOf } from './quality.ts'

type Context = JobContext<'train-reranker'>

/**
 * Teaches the classifier in `work`/start to tell near from far as the base's own vectors do, on rows of tasks that do not judge; gives
 * the folder that it lies in. Interrupted, it goes on from its last checkpoint.
 */
export async function learnNearness(context: Context, work: string, judges: readonly string[]): Promise<string> {
  const { report, paused, log } = context
  const [start, near, checkpoint] = [join(work, 'start'), join(work, 'near'), join(work, 'near-checkpoint')]
  if (existsSync(near)) return near
  const pairs = await pairsOf(context, judges)
  await withEngine(context, start, async (engine) => {
    const settings = pairTraining(context.input.settings, engine, { pairs: pairs.length, epochs: 1 })
    const training = await engine.trainPairs(pairs, settings, checkpoint)
    for await (const { step, totalSteps, loss, learningRate, last } of training) {
      report({ phase: 'nearness', done: step, total: totalSteps, unit: 'steps', figures: { loss, learningRate } })
      await paused()
      if (step % context.input.settings.everySteps === 0 && !last) await training.saveCheckpoint(checkpoint)
    }
    await removeInside(work, `${near}.part`)
    await training.export(`${near}.part`, 'full')
    await training.close()
  })
  await moveIntoPlace(`${near}.part`, near)
  log(`It has learnt to tell near from far by ${pairs.length} pairs without labels.`)
  return near
}

/** How well what has learnt nearness alone, and its teacher, order what judges. */
export async function judgeNearness(
  context: Context,
  near: string,
  sets: readonly RankedSet[]
): Promise<RerankerCard['nearness']> {
  const { input, signal, paused } = context
  const { maxTokens, nearnessPairs: pairs } = input.settings
  const scoring = { maxTokens, signal, paused }
  const auc = await withEngine(context, near, (engine) => areaOf(engine, sets, scoring))
  const teacherAuc = await withEngine(context, input.base.folder, async (engine) =>
    areaOf(await cosineScorer(teacherOf(engine, context), sets, signal), sets, scoring)
  )
  return { pairs, auc, teacherAuc }
}

async function pairsOf(context: Context, judges: readonly string[]): Promise<LabelledPair[]> {
  const { input, signal } = context
  const { nearnessPairs: pairs, seed, shuffledLabels: shuffled } = input.settings
  const dataset = openDataset(input.data.path)
  try {
    return await withEngine(context, input.base.folder, (engine) =>
      drawNearnessPairs(dataset, teacherOf(engine, context), {
        ...{ pairs, seed, shuffled, signal },
        without: new Set(judges)
      })
    )
  } finally {
    dataset.close()
  }
}

/** The base as it makes vectors for an index of its own. */
const ofEncoders = representationNames.find((name) => representations[name].role === 'encoder')!

function teacherOf(engine: Engine, { input }: Context): Encoder {
  return encoderOf(engine, {
    representation: ofEncoders,
    prefix: '',
    maxTokens: tokensOf(input.settings, engine)
  })
}
