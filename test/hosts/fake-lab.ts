import type { Client } from '../../src/main/contract/client.ts'
import type { Model } from '../../src/main/contract/models.ts'
import { retrieverSettingsSchema, type RetrieverCard } from '../../src/main/contract/retrievers.ts'
import { fakeClient, overridden } from '../renderer/client.ts'

/** Models that the list has and the fake's other answers do not know. */
export const addedModels = ['m-judge', 'm-near']

/** The screens' fake lab, with a thing of every kind that a command takes: places, a reranker, a retriever, something in the bin. */
export async function fullFakeLab(): Promise<Client> {
  const fake = fakeClient('cluster')
  const like = (await fake.models.list()).find(({ role }) => role === 'encoder')!
  const more: Model[] = [
    { ...like, id: 'm-judge', name: 'My judge', role: 'pair-classifier' },
    { ...like, id: 'm-near', name: 'My near', retriever: retrieverCard(like) }
  ]
  await fake.things.remove({ what: 'mining', id: (await fake.reranking.minings({})).at(-1)!.id })
  const list = async () => [...(await fake.models.list()), ...more]
  const get = async ({ id }: { id: string }) => more.find((one) => one.id === id) ?? fake.models.get({ id })
  // What goes on is done at once: nothing of it is looked at here.
  const [over] = (await fake.jobs.list({ status: ['finished'] })).jobs
  const again = () => Promise.resolve(over!)
  const whole = (await fake.experiments.list()).find(({ status }) => status === 'finished')!
  const goesOn = () => Promise.resolve(whole)
  const jobs = overridden(overridden(fake, 'models', { list, get }), 'jobs', { resume: again, retry: again })
  return overridden(jobs, 'experiments', { resume: goesOn, start: goesOn })
}

function retrieverCard({ name, fingerprint }: Model): RetrieverCard {
  const quality = { auc: 0.7, accuracy: 0.6, ndcg: 0.5, recall: 0.5, otherQueriesAuc: 0.5, sets: 4 }
  return {
    format: 1,
    index: { fingerprint: 'none', representation: 'semantic', maxTokens: 64, encoder: fingerprint },
    base: name,
    data: { name: 'upstream', contentHash: '' },
    ...{
      minings: [],
      distilled: null,
      overridden: false,
      tasks: { train: [], validation: [] },
      teacher: null,
      byTask: []
    },
    settings: retrieverSettingsSchema.parse({}),
    ...{ before: quality, quality, steps: 10, bestStep: 10, seconds: 1, createdAt: '2026-11-27T06:00:00.000Z' }
  }
}
