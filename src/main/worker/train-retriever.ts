import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import { Random } from '../random/random.ts'
import type { RetrieverCard } from '../contract/retrievers.ts'
import { loadEngine } from '../engine/load.ts'
import { removeInside } from '../files/remove.ts'
import { HeadTrainer, identityHead, type HeadList } from '../retrieval/head.ts'
import { openIndex, type OpenIndex } from '../retrieval/open-index.ts'
import { bytesIn, inspectModel } from './install-model.ts'
import { defineJob, type JobContext } from './job.ts'
import { judgedMinings } from './reranking/gate.ts'
import { divide, halves, readAll, tasksOf } from './reranking/divide.ts'
import { distilledList, headScorer, listOf } from './reranking/head-lists.ts'
import type { RankedSet } from './reranking/pairs-file.ts'
import { areaOf, measureOrders } from './reranking/quality.ts'
import { retrieverCards } from './reranking/card.ts'
import { makeRetrieverFolder } from './reranking/retriever-folder.ts'

/**
 * Trains a head on the stored vectors of an index with mined pairs, or with a reranker's scores for them; no encoder runs. Judged as a
 * reranker is, beside the vectors without a head. Minutes: interrupted, it begins again and comes out the same.
 */
export const job = defineJob({
  kind: 'train-retriever',
  async run(context) {
    const { input, folder, signal, log } = context
    const started = performance.now()
    if ((await retrieverCards.read(folder)) !== null) return outputOf(folder, signal)
    const { minings, overridden } = await judgedMinings(input)
    const { sets, manifest } = await readAll(input)
    const { training, judging } = divide(sets, input.settings)
    const { choosing, measuring } = halves(judging)
    const index = await openIndex(input.index.folder, { signal, log })
    try {
      checkIndex(index, manifest.dataset.contentHash, input.index.folder)
      const scoring = { maxTokens: input.settings.maxTokens, signal, paused: context.paused }
      const measure = async (trained: HeadTrainer['head']) =>
        measureOrders(headScorer(index, trained, measuring), measuring, scoring)
      const { lists, teacher } = await listsOf(context, index, training, measuring)
      const { head, steps, bestStep } = await train(context, { index, lists, choosing })
      context.report({ phase: 'judging', done: steps, total: steps, unit: 'steps' })
      const [before, after] = [await measure(identityHead(index.dimension)), await measure(head)]
      const { encoder } = index.manifest
      const card: RetrieverCard = {
        format: 1,
        index: {
          fingerprint: index.manifest.fingerprint,
          ...{ representation: encoder.representation, maxTokens: encoder.maxTokens, encoder: encoder.fingerprint }
        },
        base: input.base.name,
        data: { name: input.data.name, contentHash: manifest.dataset.contentHash },
        minings,
        distilled: input.reranker === null ? null : input.reranker.name,
        overridden,
        tasks: { train: tasksOf(training), validation: tasksOf(judging) },
        settings: input.settings,
        before: before.quality,
        quality: after.quality,
        teacher,
        byTask: after.byTask,
        ...{ steps, bestStep, seconds: (performance.now() - started) / 1000, createdAt: new Date().toISOString() }
      }
      log(
        `AUC ${after.quality.auc.toFixed(3)} on tasks that it has not seen; ${before.quality.auc.toFixed(3)} without the head.`
      )
      await makeRetrieverFolder(input.base.folder, folder, head, encoder.prefix)
      await retrieverCards.write(folder, card)
      return await outputOf(folder, signal)
    } finally {
      index.close()
    }
  }
})

type Context = JobContext<'train-retriever'>

function checkIndex(index: OpenIndex, contentHash: string, folder: string): void {
  if (index.manifest.dataset.contentHash === contentHash) return
  throw new LabError(
    'index-of-other-data',
    `The index in ${folder} was made of other data than the pairs were mined on. Choose an index of the same data.`,
    { details: { folder } }
  )
}

/** What is learnt from, by set; with a reranker also how good that is itself. */
async function listsOf(
  { input, report, signal, paused, threads }: Context,
  index: OpenIndex,
  training: readonly RankedSet[],
  measuring: readonly RankedSet[]
): Promise<{ lists: HeadList[]; teacher: RetrieverCard['teacher'] }> {
  const { reranker, provider, settings } = input
  if (reranker === null) return { lists: shuffled(training, settings).map((set) => listOf(index, set)), teacher: null }
  const engine = await loadEngine({ folder: reranker.folder, provider, ...(threads === undefined ? {} : { threads }) })
  try {
    const scoring = { maxTokens: settings.maxTokens, signal }
    const lists: HeadList[] = []
    for (const set of training) {
      await paused()
      report({ phase: 'scoring', done: lists.length, total: training.length, unit: 'query sets' })
      lists.push(await distilledList(index, set, engine, scoring))
    }
    return { lists, teacher: (await measureOrders(engine, measuring, scoring)).quality }
  } finally {
    await engine.close()
  }
}

/** The control: labels at random within each set. */
function shuffled(sets: readonly RankedSet[], settings: Context['input']['settings']): readonly RankedSet[] {
  if (!settings.shuffledLabels) return sets
  const random = new Random(settings.seed).fork('shuffled labels')
  return sets.map((set) => {
    const labels = random.shuffle(set.labelled.map(({ label }) => label))
    return { ...set, labelled: set.labelled.map((one, at) => ({ ...one, label: labels[at]! })) }
  })
}

interface Work {
  index: OpenIndex
  lists: readonly HeadList[]
  choosing: readonly RankedSet[]
}

/** An epoch is every set once, in a new order; the epoch with the best AUC stays. */
async function train(
  { input, report, curve, paused, signal }: Context,
  { index, lists, choosing }: Work
): Promise<{ head: HeadTrainer['head']; steps: number; bestStep: number }> {
  const { settings } = input
  const start = identityHead(index.dimension)
  const trainer = new HeadTrainer(start, settings)
  const scoring = { maxTokens: settings.maxTokens, signal }
  let best = { auc: await areaOf(headScorer(index, start, choosing), choosing, scoring), step: 0, head: start }
  let [step, without] = [0, 0]
  const total = settings.epochs * lists.length
  for (let epoch = 0; epoch < settings.epochs && without < settings.patience; epoch++) {
    for (const at of new Random(settings.seed).fork(`epoch ${epoch}`).shuffle(lists.map((_, place) => place))) {
      signal.throwIfAborted()
      await paused()
      const loss = trainer.step(lists[at]!)
      step++
      report({ phase: 'training', done: step, total, unit: 'steps', figures: { loss, auc: best.auc } })
      curve({ step, loss, learningRate: settings.learningRate })
    }
    const auc = await areaOf(headScorer(index, trainer.head, choosing), choosing, scoring)
    curve({ step, auc })
    without = auc > best.auc ? 0 : without + 1
    if (auc > best.auc) best = { auc, step, head: { ...trainer.head, weights: trainer.head.weights.slice() } }
  }
  return { head: best.head, steps: step, bestStep: best.step }
}

async function outputOf(folder: string, signal: AbortSignal) {
  await removeInside(folder, join(folder, 'work'))
  return { ...(await inspectModel(folder, signal)), bytes: await bytesIn(folder) }
}
