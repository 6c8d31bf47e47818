import { join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import type { WorkInput, WorkOutput } from '../../contract/work.ts'
import type { FetchedPieces } from '../import/data-file.ts'
import { previewImport } from '../import/preview.ts'
import { fetchBeginning } from './beginning.ts'
import { fetchFile, type Wanted } from './fetch-file.ts'
import { Http, type HttpOptions } from './http.ts'
import { hubAddress, hubCard, hubFiles, listHub, readableFiles } from './hub.ts'
import { takeFromCache } from './hub-cache.ts'
import { labelsFor, readingFor, type Card } from './hub-card.ts'
import { cardConfigOf, hubParts, isSplit, type HubPart } from './hub-parts.ts'

/** Where fetched files lie from look to look, and where archives are unpacked for this one. */
export interface LookFolders {
  fetched: string
  unpacked: string
}

/** Somebody waits for a look: after some seconds without a network it says so. */
export const looksTries = 3

/** A file up to this size is fetched whole to be looked at; of larger ones the beginning, if that can be had and says enough. */
const usualLook = 8 << 20
/** Else a file up to this size. */
const largestLook = 64 << 20

/**
 * Lists configurations and splits of a dataset on the hub and looks at one as an import would: the smallest file of the
 * configuration, which has the same columns. Throws hub-nothing-to-fetch, and what Http throws.
 */
export async function lookAtHub(
  input: WorkInput<'look-at-hub'>,
  folders: LookFolders,
  options: Omit<HttpOptions, 'proxy'>
): Promise<WorkOutput<'look-at-hub'>> {
  const http = new Http({ tries: looksTries, ...options, proxy: input.proxy }, input.token)
  const address = input.mirror ?? hubAddress
  const source = { repo: input.repo, repoType: 'dataset' as const, revision: input.revision, files: [] }
  try {
    const { revision, entries } = await listHub(http, source, address)
    const card = await hubCard(http, source, address)
    const parts = hubParts(readableFiles(entries), card?.configs)
    if (parts.length === 0)
      throw new LabError(
        'hub-nothing-to-fetch',
        `${input.repo} on ${new URL(address).host} has no data files that the lab can read, and the hub has not converted it.`,
        { details: { repo: input.repo, files: entries.map(({ path }) => path).slice(0, 50) } }
      )
    const part = chosen(parts, input)
    return {
      repo: input.repo,
      revision,
      parts: parts.map(({ config, split, files }) => ({
        config,
        split,
        files: files.length,
        bytes: files.reduce((sum, file) => sum + file.bytes, 0)
      })),
      config: part.config,
      split: part.split,
      licence: card?.licence ?? null,
      card:
        card === null ? null : { title: card.title, licence: card.licence, languages: card.languages, text: card.text },
      preview: await preview({ http, address, source: { ...source, revision }, card }, { parts, part }, input, folders)
    }
  } finally {
    await http.close()
  }
}

/** What was asked for, or what a user of this kind most likely wants. */
function chosen(parts: readonly HubPart[], { config, split, kind }: WorkInput<'look-at-hub'>): HubPart {
  const own = parts.filter((part) => config === null || part.config === config)
  const wanted = split !== null ? [split] : kind === 'upstream' ? ['train', ''] : ['test', 'validation', '']
  for (const name of wanted) {
    const found = own.find((part) => isSplit(part.split, name))
    if (found) return found
  }
  if (split === null && own[0]) return own[0]
  throw new LabError(
    'hub-no-part',
    `There is no ${[config, split].filter((name) => name !== null).join(', ')}. There are: ` +
      `${parts
        .slice(0, 30)
        .map((part) => `${part.config}/${part.split || 'all'}`)
        .join(', ')}.`,
    { details: { parts: parts.map((part) => `${part.config}/${part.split}`).slice(0, 200) } }
  )
}

/** The repository that is looked at, and what has been read of it. */
interface Looked {
  http: Http
  address: string
  source: { repo: string; repoType: 'dataset'; revision: string; files: string[] }
  card: Card | null
}

async function preview(
  { http, address, source, card }: Looked,
  { parts, part }: { parts: readonly HubPart[]; part: HubPart },
  input: WorkInput<'look-at-hub'>,
  { fetched, unpacked }: LookFolders
): Promise<WorkOutput<'look-at-hub'>['preview']> {
  const like = parts.filter(({ config }) => config === part.config).flatMap(({ files }) => files)
  const own = [...part.files].sort((a, b) => a.bytes - b.bytes)
  const listed = async (path: string): Promise<Wanted | undefined> =>
    (await hubFiles(http, { ...source, files: [path] }, fetched, { address }))[0]
  let looked = own[0]!
  let there: { path: string; pieces: FetchedPieces | null } | null = null
  if (looked.bytes > usualLook) {
    const file = await listed(looked.path)
    there = file ? await fetchBeginning(http, file) : null
  }
  if (there === null) {
    if (looked.bytes > largestLook) looked = [...like].sort((a, b) => a.bytes - b.bytes)[0]!
    if (looked.bytes > largestLook) return null
    const file = await listed(looked.path)
    if (!file) return null
    if (input.cache !== null) await takeFromCache(input.cache, source, file, fetched)
    await fetchFile(http, file, () => undefined)
    there = { path: file.path, pieces: null }
  }
  const { format, mapping, kind } = input
  const reading = { ...readingFor(card, [part.config]), ...input.reading }
  const repo = source.repo.split('/').at(-1)!
  const name = join(repo, looked.path)
  const carded = cardConfigOf(looked.path, card?.configs ?? [], [part.config])
  const place = carded === null ? undefined : join(repo, carded, 'train')
  const seen = await previewImport(
    {
      file: there.path,
      pieces: there.pieces,
      name,
      place,
      format,
      reading,
      mapping,
      kind,
      labels: labelsFor(card, [part.config])
    },
    unpacked
  )
  // The rows of one file say nothing about how many there are in all.
  return { ...seen, estimatedExamples: null }
}
