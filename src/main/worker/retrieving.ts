import { LabError } from '../contract/error.ts'
import type { QuestionInput } from '../contract/questions.ts'
import type { Representation } from '../contract/strategies.ts'
import { loadEngine } from '../engine/load.ts'
import type { Engine, LoadOptions } from '../engine/engine.ts'
import { encoderOf, type EncoderSettings } from '../retrieval/encoder.ts'
import type { OpenIndex } from '../retrieval/open-index.ts'
import { retrieve, type RetrieveOptions } from '../retrieval/pipeline.ts'
import type { RetrievedExample } from '../contract/runs.ts'
import type { JobContext } from './job.ts'
import { requireTwoClasses } from './reranking/classifier-base.ts'
import { warmDataset, warmEncoder, warmIndex, warmModel } from './warm.ts'

type Context = Pick<JobContext<'retrieve'>, 'threads' | 'signal' | 'log'> & Pick<RetrieveOptions, 'beforePairs'>
type Question = Pick<RetrieveOptions, 'strategy' | 'queries' | 'answers' | 'settings' | 'excludedIds' | 'seed'> &
  Pick<QuestionInput<'retrieve'>, 'dataset' | 'indices' | 'reranker' | 'provider'>

/** Retrieves with everything that it needs kept open for the next question of this process. */
export async function retrieveWarm(question: Question, context: Context): Promise<RetrievedExample[]> {
  const { provider, indices, reranker } = question
  return retrieve({
    ...(await optionsOf(question, context)),
    ...(reranker && {
      async reranker() {
        await requireTwoClasses(reranker.folder)
        return warmModel({ folder: reranker.folder, provider, threads: context.threads })
      }
    }),
    encoder: (wanted) => warmEncoder(refOf(indices, wanted.representation), exactly(wanted), provider, context.threads)
  })
}

/** Retrieves with models that are closed in the end: their memory is needed for what comes next. */
export async function retrieveOnce(question: Question, context: Context): Promise<RetrievedExample[]> {
  const { provider, indices, reranker } = question
  const { threads } = context
  const loaded: Engine[] = []
  const load = async (options: Pick<LoadOptions, 'folder' | 'precision'>): Promise<Engine> => {
    const engine = await loadEngine({ ...options, provider, ...(threads === undefined ? {} : { threads }) })
    loaded.push(engine)
    return engine
  }
  try {
    return await retrieve({
      ...(await optionsOf(question, context)),
      async encoder(wanted) {
        const { folder } = refOf(indices, wanted.representation).encoder
        return encoderOf(await load({ folder, precision: exactly(wanted).precision }), wanted)
      },
      ...(reranker && {
        async reranker() {
          await requireTwoClasses(reranker.folder)
          return load({ folder: reranker.folder })
        }
      })
    })
  } finally {
    for (const engine of loaded) await engine.close()
  }
}

async function optionsOf(question: Question, context: Context): Promise<Omit<RetrieveOptions, 'encoder'>> {
  const { strategy, queries, answers = null, settings, excludedIds, seed, indices } = question
  const { threads, signal, log, beforePairs } = context
  return {
    ...{ strategy, queries, answers, settings, excludedIds, seed, signal, log },
    dataset: await warmDataset(question.dataset),
    indices: Object.fromEntries(indices.map(({ encoder, folder }) => [encoder.representation, folder])),
    openIndex: (folder) => openAsPlanned(folder, indices, context),
    ...(beforePairs && { beforePairs }),
    ...(threads === undefined ? {} : { threads })
  }
}

/** Queries are few: they are embedded exactly, whatever the index was built with. */
function exactly<T extends EncoderSettings>(wanted: T): T & { precision: 'fp32' } {
  return { ...wanted, precision: 'fp32' }
}

/** Throws `index-changed`: the numbers would not be those that the fingerprint of the run stands for. */
async function openAsPlanned(folder: string, indices: readonly IndexRef[], context: Context): Promise<OpenIndex> {
  const index = await warmIndex(folder, context)
  const planned = indices.find((ref) => ref.folder === folder)?.search
  if (planned === undefined || planned === index.searchedBy) return index
  throw new LabError(
    'index-changed',
    `The index in ${folder} is searched otherwise than when this was planned (${index.searchedBy}, not ${planned}): it was built anew with other settings, or its graph is damaged or cannot be opened here. Start the experiment again: it is planned with the index as it is now.`,
    { details: { folder, planned, found: index.searchedBy } }
  )
}

type IndexRef = QuestionInput<'retrieve'>['indices'][number]

function refOf(indices: readonly IndexRef[], representation: Representation): IndexRef {
  const found = indices.find(({ encoder }) => encoder.representation === representation)
  if (found === undefined) throw new Error(`No ${representation} index was given, but its encoder is asked for.`)
  return found
}
