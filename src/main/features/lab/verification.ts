import type { Verification, VerifiedItem, VerifyItem } from '../../contract/housekeeping.ts'
import type { Services } from '../services.ts'

/** Everything that the home keeps and that was hashed when it came to be, read from end to end by a worker. */
export async function verify(services: Services, signal?: AbortSignal): Promise<Verification> {
  const { items } = await services.jobs.ask('verify-home', { items: itemsOf(services) }, signal)
  return {
    items: items.map((item) => ({ ...item, advice: adviceFor(item) })),
    whole: items.filter(({ state }) => state === 'whole').length
  }
}

function itemsOf({ home, store }: Services): VerifyItem[] {
  const none = { hash: null }
  return [
    ...store.datasets
      .list()
      .map(({ id, name }) => ({ kind: 'dataset' as const, id, name, path: home.dataset(id), ...none })),
    ...store.models
      .list()
      .map(({ id, name, fingerprint: hash }) => ({ kind: 'model' as const, id, name, path: home.model(id), hash })),
    ...store.indices.list().map(({ id, fingerprint, representation }) => ({
      ...{ kind: 'index' as const, id, name: `${representation} index`, path: home.index(fingerprint) },
      ...none
    })),
    ...store.runs
      .list()
      .filter(({ status }) => status === 'finished')
      .map(({ id, strategy, round }) => ({
        ...{ kind: 'run' as const, id, name: `${strategy}, round ${round + 1}`, path: home.run(id) },
        ...none
      }))
  ]
}

function adviceFor({ kind, state }: VerifiedItem): string | null {
  if (state === 'whole') return null
  if (state === 'unknown') return 'Import it again if you want to be sure.'
  const damaged = {
    dataset: 'Delete it and import the data again, or put the file back from a backup.',
    model: 'Delete it and install the model again, or put its folder back from a backup.',
    index: 'Delete it; it is built again when it is needed.',
    run: 'Its scores are still in the tables. Repeat the run to have its files again.'
  } as const
  return damaged[kind]
}
