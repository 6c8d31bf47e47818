import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../contract/error.ts'
import type { Wanted } from './fetch-file.ts'
import type { Http } from './http.ts'

export interface HubRepo {
  repo: string
  repoType: 'model' | 'dataset'
  revision: string
  /** Paths or patterns with `*` and `**`; empty: what the lab needs of such a repository. */
  files: readonly string[]
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
type TreeEntry = z.infer<typeof treeSchema>[number]

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
  'sentencepiece.bpe.model',
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
  '1_Pooling/config.json',
  '2_Normalize/config.json'
]
const weightLayouts = [
  [/^model\.safetensors$/],
  [/^model\.safetensors\.index\.json$/, /^model-\d+-of-\d+\.safetensors$/],
  [/^pytorch_model\.bin$/],
  [/^pytorch_model\.bin\.index\.json$/, /^pytorch_model-\d+-of-\d+\.bin$/]
]
const dataFile = /\.(jsonl?|ndjson|csv|tsv|parquet)(\.(gz|zst))?$|\.zip$/i

/** The repository's files that are wanted, with sizes and checksums as the hub lists them. Throws hub-nothing-to-fetch. */
export async function hubFiles(http: Http, source: HubRepo, folder: string, address = hubAddress): Promise<Wanted[]> {
  const base = address.replace(/\/+$/, '')
  const prefix = source.repoType === 'dataset' ? 'datasets/' : ''
  const name = source.repo.split('/').map(encodeURIComponent).join('/')
  const revision = encodeURIComponent(source.revision)
  const entries: TreeEntry[] = []
  let next: string | null = `${base}/api/${source.repoType}s/${name}/tree/${revision}?recursive=true`
  for (let pages = 0; next !== null; pages++) {
    if (pages === mostPages) throw endlessListing(name, base)
    const { text, headers } = await http.text(next)
    entries.push(...parseTree(text, base))
    next = nextPage(headers['link'], base)
  }
  const chosen = choose(
    source,
    entries.filter((entry) => entry.type === 'file')
  )
  if (chosen.length === 0)
    throw new LabError(
      'hub-nothing-to-fetch',
      `${source.repo} on ${new URL(base).host} has no ${source.files.length > 0 ? `file ${source.files.join(', ')}` : source.repoType === 'model' ? 'weights that the lab can read' : 'data files that the lab can read'}.`,
      { details: { repo: source.repo, files: entries.map((entry) => entry.path).slice(0, 50) } }
    )
  return chosen.map((entry) => ({
    url: `${base}/${prefix}${name}/resolve/${revision}/${entry.path.split('/').map(encodeURIComponent).join('/')}`,
    path: join(folder, ...safeParts(entry.path)),
    bytes: entry.lfs?.size ?? entry.size,
    checksum: entry.lfs
      ? { kind: 'sha256' as const, value: entry.lfs.oid.replace(/^sha256:/, '') }
      : entry.oid && /^[0-9a-f]{40}$/.test(entry.oid)
        ? { kind: 'git' as const, value: entry.oid }
        : null
  }))
}

function choose(source: HubRepo, files: readonly TreeEntry[]): TreeEntry[] {
  if (source.files.length > 0) {
    const patterns = source.files.map(asPattern)
    return files.filter((file) => patterns.some((pattern) => pattern.test(file.path)))
  }
  if (source.repoType === 'dataset') return files.filter((file) => dataFile.test(file.path))
  const weights = weightLayouts
    .map((layout) => files.filter((file) => layout.some((pattern) => pattern.test(file.path))))
    .find((found) => found.length > 0)
  return weights ? [...files.filter((file) => modelFiles.includes(file.path)), ...weights] : []
}

function asPattern(text: string): RegExp {
  const escaped = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('**', '\u0000').replaceAll('*', '[^/]*').replaceAll('\u0000', '.*')}$`)
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
