import type { ZodType } from 'zod'

/**
 * What the contract refuses of a form: the label of the first field, in the order of the labels, that it does not take; null: it takes all.
 *
 * @param labels of the fields by their paths in the request, e.g. `hnsw.m`
 */
export function refusedField(
  schema: ZodType,
  entered: unknown,
  labels: Readonly<Record<string, string>>
): string | null {
  const paths = refusedPaths(schema, entered)
  if (paths.length === 0) return null
  const named = Object.entries(labels).find(([field]) => paths.some((path) => path.join('.') === field))
  return named?.[1] ?? paths[0]!.join('.')
}

/** The paths of what the contract does not take, in its own order. */
export function refusedPaths(schema: ZodType, entered: unknown): PropertyKey[][] {
  const { error } = schema.safeParse(entered)
  return error?.issues.map(({ path }) => path) ?? []
}
