import { join } from 'node:path'

/** The fields of what commands print with --json, as they were published. */
export const publishedFile = join(import.meta.dirname, 'json-shapes.json')

export interface Published {
  version: number
  /** By command: its fields as paths, parted by blanks. */
  commands: Record<string, string>
}

/** So many steps down: what lies deeper belongs to records that have tests of their own. */
const deepest = 2

interface Schema {
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

/** The paths of a JSON Schema's fields: `runs[].strategy`. */
export function fieldsOf(schema: unknown): string[] {
  const found = new Set<string>()
  const walk = ({ properties, items, anyOf, oneOf, allOf }: Schema, path: string, depth: number): void => {
    for (const one of [anyOf, oneOf, allOf].flatMap((many) => many ?? [])) walk(one, path, depth)
    if (items) walk(items, `${path}[]`, depth)
    if (depth === deepest) return
    for (const [name, inner] of Object.entries(properties ?? {})) {
      const field = path === '' || path.endsWith('.') ? `${path}${name}` : `${path}.${name}`
      found.add(field)
      walk(inner, field, depth + 1)
    }
  }
  walk(schema ?? {}, '', 0)
  return [...found]
}
