import type { Reading } from '../../contract/import.ts'

/** A file of a dataset repository as the hub lists it. */
export interface ListedFile {
  path: string
  bytes: number
}

/** A configuration as the card of a dataset names it. */
export interface CardConfig {
  name: string
  isDefault: boolean
  /** Without patterns of its own, all files under this folder, told apart by their names. */
  folder: string
  files: { split: string; patterns: string[] }[] | null
  reading: Reading
}

/** Files of one split of one configuration. */
export interface HubPart {
  config: string
  /** Empty where nothing says which split it is. */
  split: string
  files: ListedFile[]
}

const splitNames: Record<string, string> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
  eval: 'test'
}
const splitWord = new RegExp(`(?:^|[-_.])(${Object.keys(splitNames).join('|')})(?=[-_.\\d]|$)`, 'i')
const dataEnding = /(\.(jsonl?|ndjson|csv|tsv|txt|xlsx|parquet|zip|gz|zst))+$/i

/**
 * Configurations and splits of a dataset repository: as its card says; else from the names of its files:
 * `imdb_ask/train/0000.parquet` as the hub's converted branch has them, `data/train-00000-of-00002.parquet`,
 * `fr/test.jsonl`, `train.csv`.
 */
export function hubParts(files: readonly ListedFile[], configs: readonly CardConfig[] = []): HubPart[] {
  const carded = configs.flatMap((config) => cardParts(files, config))
  return carded.length > 0 ? carded : namedParts(files)
}

/** The configuration that the card puts a file in, of those that are wanted; null where it says nothing of it. */
export function cardConfigOf(path: string, configs: readonly CardConfig[], wanted: readonly string[]): string | null {
  const own = configs.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  return own.find((config) => cardParts([{ path, bytes: 0 }], config).length > 0)?.name ?? null
}

function cardParts(files: readonly ListedFile[], { name, folder, files: own }: CardConfig): HubPart[] {
  if (own === null) {
    const inside = files.filter(({ path }) => folder === '' || path.startsWith(`${folder}/`))
    const parts = new Map<string, HubPart>()
    for (const part of namedParts(inside)) {
      const known = parts.get(part.split)
      if (known) known.files.push(...part.files)
      else parts.set(part.split, { ...part, config: name })
    }
    return [...parts.values()]
  }
  return own.flatMap(({ split, patterns }) => {
    const fits = patterns.map(asPattern)
    const found = files.filter(({ path }) => fits.some((pattern) => pattern.test(path)))
    return found.length > 0 ? [{ config: name, split, files: found }] : []
  })
}

/** A path with `*`, `?`, `[ab]` and `**`; a folder's name stands for all that is in it. */
export function asPattern(text: string): RegExp {
  const source = text.replace(/\*\*\/|\*\*|\*|\?|\[[^\]/]+\]|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    return part.length > 1 ? `[${part.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\')}]` : `\\${part}`
  })
  return new RegExp(`^${source.replace(/\/$/, '')}${/[*?]/.test(text.split('/').at(-1) ?? '') ? '' : '(?:/.*)?'}$`)
}

function namedParts(files: readonly ListedFile[]): HubPart[] {
  const parts = new Map<string, HubPart>()
  for (const file of files) {
    const { config, split } = placeOf(file.path)
    const key = JSON.stringify([config, split])
    const part = parts.get(key)
    if (part) part.files.push(file)
    else parts.set(key, { config, split, files: [file] })
  }
  return [...parts.values()]
}

/** Of each wanted configuration the first of the wanted splits that it has; all of it where it knows no splits. */
export function chosenParts(
  parts: readonly HubPart[],
  configs: readonly string[],
  splits: readonly string[]
): HubPart[] {
  const names = [...new Set(parts.map(({ config }) => config))].filter(
    (config) => configs.length === 0 || configs.includes(config)
  )
  return names.flatMap((config) => {
    const own = parts.filter((part) => part.config === config)
    if (splits.length === 0) return own
    const split = splits.find((wanted) => own.some((part) => isSplit(part.split, wanted)))
    if (split !== undefined) return own.filter((part) => isSplit(part.split, split))
    return own.every((part) => part.split === '') ? own : []
  })
}

/** Cards call their splits `dev` or `validation`, as they like. */
export function isSplit(name: string, wanted: string): boolean {
  return name === wanted || splitNames[name.toLowerCase()] === wanted
}

function placeOf(path: string): { config: string; split: string } {
  const folders = path.split('/')
  const name = folders.pop()!.replace(dataEnding, '')
  let split = splitNames[splitWord.exec(name)?.[1]?.toLowerCase() ?? ''] ?? ''
  const rest: string[] = []
  for (const folder of folders) {
    const own = splitNames[folder.replace(/^partial-/, '').toLowerCase()]
    if (own !== undefined) split ||= own
    else rest.push(folder)
  }
  const converted = /^\d{4}$/.test(name) && folders.length === 2 && split === ''
  // The converted branch has splits of any name.
  if (converted) return { config: folders[0]!, split: folders[1]!.replace(/^partial-/, '') }
  const config = rest.filter((folder) => !/^(data|raw|dataset)$/i.test(folder))[0]
  return { config: config ?? 'default', split }
}
