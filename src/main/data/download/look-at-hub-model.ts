import type { WorkInput, WorkOutput } from '../../contract/work.ts'
import { fetchFile } from './fetch-file.ts'
import { Http, type HttpOptions } from './http.ts'
import { hubAddress, hubCard, hubFiles } from './hub.ts'
import { takeFromCache } from './hub-cache.ts'
import { looksTries } from './look-at-hub.ts'
import { isWeights, remoteFile, type RemoteFile } from './remote-file.ts'

type Look = Omit<WorkOutput<'look-at-hub-model'>, 'seconds'>
/** What the model's small files and the beginnings of its weights say. */
export type SeenModel = Omit<Look, 'repo' | 'revision' | 'bytes' | 'files' | 'licence' | 'card'>

/**
 * Looks at a model on the hub before its weights come: `see` gets a folder with its small files, and the weights where they are.
 * Throws hub-nothing-to-fetch, what Http throws, and what `see` throws.
 */
export async function lookAtHubModel(
  input: WorkInput<'look-at-hub-model'>,
  fetched: string,
  see: (folder: string, weights: readonly RemoteFile[]) => Promise<SeenModel>,
  options: Omit<HttpOptions, 'proxy'>
): Promise<Look> {
  const http = new Http({ tries: looksTries, ...options, proxy: input.proxy }, input.token)
  const address = input.mirror ?? hubAddress
  const { repo, revision } = input
  const source = { repo, repoType: 'model' as const, revision, files: [] }
  try {
    const wanted = await hubFiles(http, source, fetched, { address })
    const card = await hubCard(http, source, address)
    for (const file of wanted) {
      if (isWeights(file)) continue
      if (input.cache !== null) await takeFromCache(input.cache, source, file, fetched)
      await fetchFile(http, file, () => undefined)
    }
    const weights = wanted.filter(isWeights).map((file) => remoteFile(http, file))
    return {
      ...(await see(fetched, weights)),
      ...{ repo, revision },
      bytes: wanted.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
      files: wanted.length,
      licence: card?.licence ?? null,
      card: card && { title: card.title, licence: card.licence, languages: card.languages, text: card.text }
    }
  } finally {
    await http.close()
  }
}
