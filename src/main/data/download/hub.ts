import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../contract/error.ts'
import type { Wanted } from './fetch-file.ts'
import type { Http } from './http.ts'
import { readCard, type Card } from './hub-card.ts'
import { asPattern, chosenParts, hubParts, type ListedFile } from './hub-parts.ts'

export interface HubRepo {
  repo: string
  repoType: 'model' | 'dataset'
  revision: string
  /** Paths or patterns with `*` and `**`; empty: what the lab needs of such a repository. */
  files: readonly string[]
  /** Datasets: configurations wanted, and of each the first of these splits that it has; empty: all. */
  configs?: readonly string[]
  splits?: readonly string[]
}

export const hubAddress = 'https://huggingface.co'

const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number().default(0),
    oid: z.string().optional(),
    lfs: z.object({ oid: z.string(), size: z.number() }).optional()
  })
)
export type TreeEntry = z.infer<typeof treeSchema>[number]

const modelFiles = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'vocab.txt',
  'merges.txt',
  'spiece.model',
  'spm.model',
  'sentencepiece.bpe.model',
  'modules.json',
  'config_sentence_transformers.json',
  // Not for use: a model that has one is refused by its name.
  'adapter_config.json'
]
/** The first module of sentence-transformers under any of its names, and modules in folders of their own with their weights. */
const moduleFile = /^sentence_\w+_config\.json$|^\d+_\w+\/(config\.json|model\.safetensors|pytorch_model\.bin)$/
const weightLayouts = [
  [/^model\.safetensors$/],
  [/^model\.safetensors\.index\.json$/, /^model-\d+-of-\d+\.safetensors$/],
  [/^pytorch_model\.bin$/],
  [/^pytorch_model\.bin\.index\.json$/, /^pytorch_model-\d+-of-\d+\.bin$/]
]
/** What `datasets` and others write about data. */
const notData = /(^|\/)(dataset_infos?|dataset_dict|state|croissant|metadata|package|config)\.json$|(^|\/)\./i
const dataFile = /\.(jsonl?|ndjson|csv|tsv|parquet|xlsx)(\.(gz|zst))?$|\.zip$/i

/** The repository's files that are wanted, with sizes and checksums as the hub lists them. Throws hub-nothing-to-fetch. */
export async function hubFiles(
  http: Http,
  source: HubRepo,
  folder: string,
  { address = hubAddress, card = null }: { address?: string; card?: Card | null } = {}
): Promise<Wanted[]> {
  const { revision, entries } = await listHub(http, source, address)
  const chosen = choose(source, entries, card)
  if (chosen.length === 0) throw nothingToFetch(source, entries, address, card)
  const place = repoAddress(source, address)
  return chosen.map((entry) => ({
    url: `${place}/resolve/${encodeURIComponent(revision)}/${entry.path.split('/').map(encodeURIComponent).join('/')}`,
    path: join(folder, ...safeParts(entry.path)),
    bytes: entry.lfs?.size ?? entry.size,
    checksum: entry.lfs
      ? { kind: 'sha256' as const, value: entry.lfs.oid.replace(/^sha256:/, '') }
      : entry.oid && /^[0-9a-f]{40}$/.test(entry.oid)
        ? { kind: 'git' as const, value: entry.oid }
        : null
  }))
}

/**
 * Files of a repository. A dataset that is only a program has none that can be read: then those of the branch into which
 * the hub has converted it.
 */
export async function listHub(
  http: Http,
  source: HubRepo,
  address = hubAddress
): Promise<{ revision: string; entries: TreeEntry[] }> {
  const entries = await listBranch(http, source, source.revision, address)
  // What a program makes of the files beside it only the converted branch shows.
  const script = `${source.repo.split('/').at(-1)!}.py`
  const readable = readableFiles(entries).length > 0 && !entries.some(({ path }) => path === script)
  if (source.repoType === 'model' || source.revision !== 'main' || readable)
    return { revision: source.revision, entries }
  try {
    return { revision: convertedBranch, entries: await listBranch(http, source, convertedBranch, address) }
  } catch (thrown) {
    if (thrown instanceof LabError && thrown.code === 'not-on-server') return { revision: source.revision, entries }
    throw thrown
  }
}

/** Where the hub keeps every dataset that it could convert as Parquet: `<configuration>/<split>/0000.parquet`. */
const convertedBranch = 'refs/convert/parquet'

async function listBranch(http: Http, source: HubRepo, revision: string, address: string): Promise<TreeEntry[]> {
  const base = address.replace(/\/+$/, '')
  const name = source.repo.split('/').map(encodeURIComponent).join('/')
  const entries: TreeEntry[] = []
  let next: string | null =
    `${base}/api/${source.repoType}s/${name}/tree/${encodeURIComponent(revision)}?recursive=true`
  for (let pages = 0; next !== null; pages++) {
    if (pages === mostPages) throw endlessListing(name, base)
    const { text, headers } = await http.text(next)
    entries.push(...parseTree(text, base))
    next = nextPage(headers['link'], base)
  }
  return entries.filter((entry) => entry.type === 'file')
}

/** The repository's page, under which its files lie. */
function repoAddress({ repo, repoType }: Pick<HubRepo, 'repo' | 'repoType'>, address = hubAddress): string {
  const name = repo.split('/').map(encodeURIComponent).join('/')
  return `${address.replace(/\/+$/, '')}/${repoType === 'dataset' ? 'datasets/' : ''}${name}`
}

/** What a repository's card says; null where it has none. */
export async function hubCard(http: Http, source: HubRepo, address = hubAddress): Promise<Card | null> {
  try {
    const { text } = await http.text(
      `${repoAddress(source, address)}/resolve/${encodeURIComponent(source.revision)}/README.md`
    )
    return readCard(text)
  } catch (thrown) {
    // A repository without a card, or a mirror without it.
    if (thrown instanceof LabError && ['not-on-server', 'download-failed'].includes(thrown.code)) return null
    throw thrown
  }
}

function nothingToFetch(source: HubRepo, entries: readonly TreeEntry[], address: string, card: Card | null): LabError {
  const parts = hubParts(readableFiles(entries), card?.configs).map(
    ({ config, split }) => `${config}/${split || 'all'}`
  )
  const wanted =
    source.files.length > 0
      ? `file ${source.files.join(', ')}`
      : source.repoType === 'model'
        ? 'weights that the lab can read'
        : parts.length > 0
          ? `such part (${[...(source.configs ?? []), ...(source.splits ?? [])].join(', ')}); it has ${parts.slice(0, 20).join(', ')}`
          : 'data files that the lab can read'
  return new LabError('hub-nothing-to-fetch', `${source.repo} on ${new URL(address).host} has no ${wanted}.`, {
    details: { repo: source.repo, files: entries.map((entry) => entry.path).slice(0, 50), parts }
  })
}

/** Files that hold data, with their sizes. */
export function readableFiles(entries: readonly TreeEntry[]): ListedFile[] {
  return entries
    .filter(({ path }) => dataFile.test(path) && !notData.test(path))
    .map((entry) => ({ path: entry.path, bytes: entry.lfs?.size ?? entry.size }))
}

function choose(source: HubRepo, all: readonly TreeEntry[], card: Card | null): TreeEntry[] {
  const patterns = source.files.map(asPattern)
  const files = patterns.length > 0 ? all.filter((file) => patterns.some((pattern) => pattern.test(file.path))) : all
  if (source.repoType === 'dataset') {
    const parts = chosenParts(hubParts(readableFiles(files), card?.configs), source.configs ?? [], source.splits ?? [])
    const paths = new Set(parts.flatMap((part) => part.files.map(({ path }) => path)))
    return files.filter((file) => paths.has(file.path))
  }
  if (patterns.length > 0) return [...files]
  const weights = weightLayouts
    .map((layout) => files.filter((file) => layout.some((pattern) => pattern.test(file.path))))
    .find((found) => found.length > 0)
  return weights ? [...files.filter(({ path }) => modelFiles.includes(path) || moduleFile.test(path)), ...weights] : []
}

/** A hub, or somebody in between, must not choose where files go. */
function safeParts(path: string): string[] {
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:\0]/.test(part)))
    throw new LabError(
      'unsafe-path',
      `The server lists a file with the name ${JSON.stringify(path)}, which is refused.`,
      {
        details: { path }
      }
    )
  return parts
}

function parseTree(text: string, base: string): TreeEntry[] {
  try {
    return treeSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new LabError(
      'hub-answer',
      `${new URL(base).host} does not answer like a Hugging Face hub. Check the mirror's address in Settings.`,
      { cause }
    )
  }
}

function nextPage(link: string | string[] | undefined, base: string): string | null {
  const match = /<([^>]+)>\s*;\s*rel="next"/.exec(Array.isArray(link) ? link.join(',') : (link ?? ''))
  if (!match) return null
  const next = new URL(match[1]!, base)
  // A mirror may repeat the hub's own address in its links.
  const mirror = new URL(base)
  return `${mirror.origin}${next.pathname}${next.search}`
}

/** A thousand files a page: no repository of a model or data set has so many. */
const mostPages = 200

function endlessListing(name: string, base: string): LabError {
  return new LabError(
    'endless-listing',
    `The list of the files of ${name} at ${base} does not come to an end: ${mostPages} pages were read. Try another mirror, or download the files by hand and import them.`
  )
}
