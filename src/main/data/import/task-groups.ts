import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { LabError, messageOf } from '../../contract/error.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'

const groupsSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

/** Reads task groups: `{"group": ["task", …]}` as the original has them, or `{"task": "group"}`. Returns task → group. */
export function readTaskGroups(path: string): Map<string, string> {
  refuseLfsPointer(path)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''))
  } catch (thrown) {
    throw notGroups(path, messageOf(thrown), thrown)
  }
  const parsed = groupsSchema.safeParse(value)
  if (!parsed.success) throw notGroups(path, 'it is not an object of lists of task names', parsed.error)
  const groups = new Map<string, string>()
  for (const [name, content] of Object.entries(parsed.data))
    if (typeof content === 'string') groups.set(name, content)
    else for (const task of content) groups.set(task, groups.get(task) ?? name)
  return groups
}

function notGroups(path: string, reason: string, cause: unknown): LabError {
  return new LabError(
    'groups-file',
    `${path} is not a file of task groups: ${reason}. Expected JSON such as {"sentiment": ["imdb", "yelp"]}.`,
    { cause, details: { path } }
  )
}
