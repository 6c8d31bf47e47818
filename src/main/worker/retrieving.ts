import type { QuestionInput } from '../contract/questions.ts'
import type { Representation } from '../contract/strategies.ts'
import { loadEngine } from '../engine/load.ts'
import type { Engine } from '../engine/engine.ts'
import { encoderOf } from '../retrieval/encoder.ts'
import { retrieve, type RetrieveOptions } from '../retrieval/pipeline.ts'
import type { RetrievedExample } from '../contract/experiments.ts'
import type { JobContext } from './job.ts'
import { warmDataset, warmEncoder, warmIndex } from './warm.ts'

type Context = Pick<JobContext<'retrieve'>, 'threads' | 'signal' | 'log'>
type Question = Pick<RetrieveOptions, 'strategy' | 'queries' | 'settings' | 'excludedIds' | 'seed'> &
  Pick<QuestionInput<'retrieve'>, 'dataset' | 'indices' | 'provider'>

/** Retrieves with everything that it needs kept open for the next question of this process. */
export async function retrieveWarm(question: Question, context: Context): Promise<RetrievedExample[]> {
  const { provider, indices } = question
  return retrieve({
    ...(await optionsOf(question, context)),
    encoder: (wanted) => warmEncoder(refOf(indices, wanted.representation), wanted, provider, context.threads)
  })
}

/** Retrieves with models that are closed in the end: their memory is needed for what comes next. */
export async function retrieveOnce(question: Question, context: Context): Promise<RetrievedExample[]> {
  const { provider, indices } = question
  const { threads } = context
  const loaded: Engine[] = []
  try {
    return await retrieve({
      ...(await optionsOf(question, context)),
      async encoder(wanted) {
        const { folder } = refOf(indices, wanted.representation).encoder
        const { precision } = wanted
        const engine = await loadEngine({ folder, provider, precision, ...(threads === undefined ? {} : { threads }) })
        loaded.push(engine)
        return encoderOf(engine, wanted)
      }
    })
  } finally {
    for (const engine of loaded) await engine.close()
  }
}

async function optionsOf(question: Question, context: Context): Promise<Omit<RetrieveOptions, 'encoder'>> {
  const { strategy, queries, settings, excludedIds, seed, indices } = question
  const { threads, signal, log } = context
  return {
    ...{ strategy, queries, settings, excludedIds, seed, signal, log },
    dataset: await warmDataset(question.dataset),
    indices: Object.fromEntries(indices.map(({ encoder, folder }) => [encoder.representation, folder])),
    openIndex: (folder) => warmIndex(folder, context),
    ...(threads === undefined ? {} : { threads })
  }
}

type IndexRef = QuestionInput<'retrieve'>['indices'][number]

function refOf(indices: readonly IndexRef[], representation: Representation): IndexRef {
  const found = indices.find(({ encoder }) => encoder.representation === representation)
  if (found === undefined) throw new Error(`No ${representation} index was given, but its encoder is asked for.`)
  return found
}
