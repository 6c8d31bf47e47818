import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import type { Contract } from '../../contract/routes.ts'
import { hubCacheFolder } from '../../data/download/hub-cache.ts'
import { refuseOffline } from '../lab/stay-offline.ts'
import type { Services } from '../services.ts'

/** Looks at a dataset of the hub before anything is kept. Throws `offline`, `repository-name`. */
export async function lookAtHub(services: Services, input: Asked<Contract['catalog']['look']>, signal?: AbortSignal) {
  return services.jobs.ask('look-at-hub', { ...input, ...waysToLook(services, input.repo) }, signal)
}

/** Looks at a model of the hub before its weights are fetched. Throws `offline`, `repository-name`. */
export async function lookAtHubModel(
  services: Services,
  input: Asked<Contract['catalog']['lookAtModel']>,
  signal?: AbortSignal
) {
  return services.jobs.ask('look-at-hub-model', { ...input, ...waysToLook(services, input.repo) }, signal)
}

function waysToLook(services: Services, repo: string) {
  refuseOffline(services)
  checkRepository(repo)
  const { store, tokens } = services
  const token = tokens.get() ?? store.tokens.get() ?? process.env['HF_TOKEN'] ?? null
  return { ...connection(services), token, cache: hubCacheFolder() }
}

/** Throws `repository-name`. */
export function checkRepository(repo: string): void {
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(repo))
    throw new LabError(
      'repository-name',
      `"${repo}" is not the name of a Hugging Face repository, such as google/flan-t5-small.`
    )
}

/** How the hub is reached: as set in the lab, else as the variables of `huggingface_hub` say. */
export function connection({ store }: Services): { mirror: string | null; proxy: string | null } {
  const { mirror, proxy } = store.settings.get()
  return { mirror: mirror ?? (process.env['HF_ENDPOINT'] || null), proxy }
}
