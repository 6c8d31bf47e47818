import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import type { Contract } from '../../contract/routes.ts'
import { hubCacheFolder } from '../../data/download/hub-cache.ts'
import { refuseOffline } from '../lab/stay-offline.ts'
import type { Services } from '../services.ts'

/** Looks at a dataset of the hub before anything is kept. Throws `offline`, `repository-name`. */
export async function lookAtHub(services: Services, input: Asked<Contract['catalog']['look']>, signal?: AbortSignal) {
  refuseOffline(services)
  checkRepository(input.repo)
  const { mirror, proxy } = connection(services)
  const { store, tokens, jobs } = services
  const token = tokens.get() ?? store.tokens.get() ?? process.env['HF_TOKEN'] ?? null
  return jobs.ask('look-at-hub', { ...input, mirror, proxy, token, cache: hubCacheFolder() }, signal)
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
