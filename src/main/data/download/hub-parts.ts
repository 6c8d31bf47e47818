/** A file of a dataset repository as the hub lists it. */
export interface ListedFile {
  path: string
  bytes: number
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
 * Configurations and splits of a dataset repository, from the names of its files: `imdb_ask/train/0000.parquet` as the
 * hub's converted branch has them, `data/train-00000-of-00002.parquet`, `fr/test.jsonl`, `train.csv`.
 */
export function hubParts(files: readonly ListedFile[]): HubPart[] {
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
    const split = splits.find((wanted) => own.some((part) => part.split === wanted))
    if (split !== undefined) return own.filter((part) => part.split === split)
    return own.every((part) => part.split === '') ? own : []
  })
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
