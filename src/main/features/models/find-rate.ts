import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import { jobSchemas, type Job } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import { readRates, triedRatesSchema, type RateTest, type TriedRates } from '../../contract/rate-test.ts'
import type { Contract } from '../../contract/routes.ts'
import { plays } from '../../contract/strategies.ts'
import { computingOf } from '../experiments/computing.ts'
import { computingCores } from '../../jobs/cores.ts'
import type { Services } from '../services.ts'

type ModelRoutes = Contract['models']

/** Queues a learning rate range test on rows of upstream data. Throws `not-found`, `wrong-role`. */
export function findRate(
  services: Services,
  { modelId, datasetId, targetIds, tune, steps, seed, provider }: Asked<ModelRoutes['findRate']>
): Job {
  const { store, home, jobs } = services
  const model = store.models.get(modelId)
  if (!plays('base', model))
    throw new LabError('wrong-role', `“${model.name}” is no base model, so nothing is tuned from it.`)
  const { name } = store.datasets.get(datasetId)
  const computing = computingOf({ provider, tune }, model, { cores: computingCores(store) })
  return jobs.add(
    'find-rate',
    {
      model: { modelId, folder: home.model(modelId), prefix: model.prefix },
      dataset: home.dataset(datasetId),
      targets: targetIds.map((id) => judgeOf(services, id, datasetId)),
      ...{ tune, steps, seed, provider: computing.provider }
    },
    { title: { says: 'find-rate', of: { model: model.name, data: name } }, cores: computing.cores }
  )
}

/** All queries that rounds of the target would have, each once; rows that are the target's own data are not learnt from. */
function judgeOf({ store }: Services, targetId: string, datasetId: string) {
  const { name } = store.targets.get(targetId)
  const queries = store.querySets.ofTarget(targetId).flatMap((set) => set.queries)
  const once = [...new Map(queries.map((query) => [query.input, query])).values()]
  const own = store.leaks.of(targetId, datasetId).map(({ exampleId }) => exampleId)
  return { name, queries: once, excludedIds: [...new Set(own)] }
}

/** What a range test has found, finished or not. Throws `not-found`. */
export async function rateTestOf({ store }: Services, jobId: string): Promise<RateTest> {
  const { kind, status, folder, input } = store.jobs.get(jobId)
  if (kind !== 'find-rate')
    throw new LabError('not-found', `The job ${jobId} tries no learning rates.`, { details: { jobId } })
  const { tune, steps } = jobSchemas['find-rate'].input.parse(input)
  const over = status === 'finished'
  const text = await readFile(join(folder, 'rates.json'), 'utf8').catch(() => null)
  const record: TriedRates =
    text === null
      ? { steps, judgedBy: 'queries', of: [], rows: 0, heldOutRows: 0, before: [], tried: [] }
      : triedRatesSchema.parse(JSON.parse(text))
  const { before: _, tried: __, ...circumstances } = record
  const found = readRates(record)
  return { ...circumstances, ...found, suggested: over ? found.suggested : null, method: tune.method, over }
}

/** Presets begin with this rate from now on; null: with that of the model's size. Throws `not-found`. */
export function keepRate({ store, changes }: Services, { id, found }: Asked<ModelRoutes['keepRate']>): Model {
  const model = store.models.update(id, { foundRate: found })
  changes.changed('models', id)
  return model
}
