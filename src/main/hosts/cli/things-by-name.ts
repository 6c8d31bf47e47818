import type { Client } from '../../contract/client.ts'
import type { ModelRole } from '../../contract/strategies.ts'
import { modelRoles, plays } from '../../contract/strategies.ts'
import { findNamed, type Called } from '../../naming/find-named.ts'

/** One kind of thing that words of the command line name. */
interface Kind {
  /** As in "There is no target …". */
  readonly noun: string
  /** All that there are, by id and name; what has no name of its own goes by its id. */
  list(client: Client): Promise<readonly Called[]>
}

const experiments = async (client: Client) =>
  (await client.experiments.list()).map(({ id, spec }) => ({ id, name: spec.name }))
const runs = async (client: Client) => {
  const found: Called[] = []
  for (const { id } of (await client.experiments.list({ newest: mostExperiments })).reverse())
    found.push(...(await client.experiments.runs({ id })).map((run) => ({ id: run.id, name: run.id })))
  return found
}
const jobs = async (client: Client) =>
  (await client.jobs.list({ limit: 1000 })).jobs.map(({ id }) => ({ id, name: id }))
const minings = async (client: Client) => client.reranking.minings({})
const role = (which: ModelRole): Kind => ({
  noun: modelRoles[which].name,
  list: async (client) => (await client.models.list()).filter((model) => plays(which, model))
})

/** Runs have no list of their own: where one is not found, those of the newest experiments are looked through for a near one. */
const mostExperiments = 200

/** Every kind of thing that a command takes, by the placeholder that stands for it in the command's usage. */
export const kinds = {
  experiment: { noun: 'experiment', list: experiments },
  run: { noun: 'run', list: runs },
  'experiment-or-run': {
    noun: 'experiment or run',
    list: async (client) => [...(await experiments(client)), ...(await runs(client))]
  },
  dataset: { noun: 'dataset', list: async (client) => client.data.list() },
  'upstream-data': {
    noun: 'upstream dataset',
    list: async (client) => (await client.data.list()).filter(({ kind }) => kind === 'upstream')
  },
  target: { noun: 'target', list: async (client) => client.targets.list() },
  'query-set': {
    noun: 'query set',
    list: async (client) => {
      const sets = await Promise.all((await client.targets.list()).map(({ id }) => client.targets.querySets({ id })))
      return sets.flat().map(({ id }) => ({ id, name: id }))
    }
  },
  model: { noun: 'model', list: async (client) => client.models.list() },
  'base-model': role('base'),
  encoder: role('encoder'),
  reranker: role('reranker'),
  retriever: role('retriever'),
  'encoder-or-classifier': {
    noun: 'encoder',
    list: async (client) => (await client.models.list()).filter((model) => model.role !== 'seq2seq')
  },
  index: {
    noun: 'index',
    list: async (client) => {
      const [all, data, labels] = [
        await client.indices.list(),
        await client.data.list(),
        await client.things.labels()
      ] as const
      return all.map(({ id, representation, datasetId }) => {
        const given = labels.find((label) => label.what === 'index' && label.id === id)?.name ?? ''
        const of = data.find((one) => one.id === datasetId)?.name ?? datasetId
        return { id, name: given === '' ? `${representation} index of ${of}` : given }
      })
    }
  },
  mining: { noun: 'mining', list: minings },
  'mining-or-job': { noun: 'mining', list: async (client) => [...(await minings(client)), ...(await jobs(client))] },
  job: { noun: 'job', list: jobs },
  place: {
    noun: 'place',
    list: async (client) => (await client.places.list()).map(({ id, settings }) => ({ id, name: settings.name }))
  },
  'catalog-entry': { noun: 'entry in the catalog', list: async (client) => client.catalog.list() },
  'bin-id': {
    noun: 'thing in the bin',
    list: async (client) => (await client.things.bin()).map(({ binId, name }) => ({ id: binId, name }))
  }
} as const satisfies Record<string, Kind>

export type KindName = keyof typeof kinds

/** Where asking for one thing is quicker than listing all of them, which takes seconds in a home of thousands. */
const quickly: Partial<Record<KindName, (client: Client, id: string) => Promise<unknown>>> = {
  experiment: (client, id) => client.experiments.get({ id }),
  run: (client, id) => client.experiments.run({ id }),
  'experiment-or-run': (client, id) => client.experiments.get({ id }).catch(() => client.experiments.run({ id })),
  job: (client, id) => client.jobs.get({ id })
}

/** The id of what a word means. Throws `not-found` and `name-ambiguous`. */
export async function idOf(client: Client, kind: KindName, wanted: string): Promise<string> {
  const quick = quickly[kind]
  if (
    quick !== undefined &&
    (await quick(client, wanted).then(
      () => true,
      () => false
    ))
  )
    return wanted
  return findNamed(kinds[kind].noun, await kinds[kind].list(client), wanted).id
}
