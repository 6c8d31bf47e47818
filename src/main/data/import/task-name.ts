import { p3Place } from './p3-tasks.ts'

/** What the name of a file says about its records: the task, and where it is known the prompt and the group. */
export interface FilePlace {
  taskName: string
  template: string
  group: string
}

export function placeOfFile(fileName: string): FilePlace {
  for (const folder of fileName.split(/[/\\]/).slice(0, -1)) {
    const place = p3Place(folder)
    if (place) return { taskName: place.task, template: place.template, group: place.group }
  }
  return { taskName: taskNameOf(fileName), template: '', group: '' }
}

/** The split that a file's name says: `mrpc_train.tsv`, `data/test-00000-of-00001.parquet`; else train. */
export function splitOfFile(fileName: string): string {
  const found = [...fileName.matchAll(/(?:^|[-_./\\])(train|test|validation|valid|dev)(?=[-_./\\\d]|$)/gi)].at(-1)
  return found?.[1]?.toLowerCase() ?? 'train'
}

/**
 * The task that a file is about, from its name: `data/glue-mrpc_train.jsonl.gz` is glue-mrpc. Shards such as
 * `train-00000-of-00004.parquet` take the name of their folder.
 */
function taskNameOf(fileName: string): string {
  const parts = fileName.split(/[/\\]/).filter(Boolean)
  for (const part of parts.reverse()) {
    const stem = part.replace(/(\.(json|jsonl|ndjson|csv|tsv|txt|xlsx|xlsm|parquet|gz|zst|zstd|zip|tar))+$/i, '')
    const bare = stem.replace(/[-_.]?(train|training|test|validation|valid|dev|all)([-_.]?\d+(-of-\d+)?)?$/i, '')
    if (bare !== '' && !/^(data|default|\d+(-of-\d+)?)$/i.test(bare)) return bare
  }
  return 'task'
}
