import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { LabError, messageOf } from '../../contract/error.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'
import { parseJson } from './json-text.ts'

const groupsSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

/** Reads task groups: `{"group": ["task", …]}` as the original has them, or `{"task": "group"}`. Returns task → group. */
export function readTaskGroups(path: string): Map<string, string> {
  refuseLfsPointer(path)
  let value: unknown
  try {
    value = parseJson(readFileSync(path, 'utf8').replace(/^\ufeff/, ''))
  } catch (thrown) {
    throw notGroups(path, messageOf(thrown), thrown)
  }
  const parsed = groupsSchema.safeParse(value)
  if (!parsed.success) throw notGroups(path, 'it is not an object of lists of task names', parsed.error)
  const groups = new Map<string, string>()
  for (const [name, content] of Object.entries(parsed.data))
    for (const [task, group] of typeof content === 'string' ? [[name, content]] : content.map((one) => [one, name])) {
      if (group!.trim() === '') throw notGroups(path, `the group of "${task}" has no name`)
      const other = groups.get(task!)
      if (other !== undefined && other !== group)
        throw notGroups(path, `the task "${task}" is in two groups, "${other}" and "${group}"`)
      groups.set(task!, group!)
    }
  return groups
}

function notGroups(path: string, reason: string, cause?: unknown): LabError {
  return new LabError(
    'groups-file',
    `${path} is not a file of task groups: ${reason}. Expected JSON such as {"sentiment": ["imdb", "yelp"]}.`,
    { cause, details: { path } }
  )
}
