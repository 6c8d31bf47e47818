type Value = string | number | boolean | readonly string[] | Repeated | null | undefined

interface Repeated {
  each: readonly string[]
}

/** Values of an option that takes one and may be said several times. */
export function repeated(each: readonly string[]): Repeated {
  return { each }
}

/** Quotes a word for a shell, only where it needs it. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** What starts the command line of a checkout; an installed lab has a shorter word for it. */
export const checkoutCommand = 'npm run lab --'

/**
 * `npm run lab -- import data.csv --name 'My data'`. Undefined, null, false and empty options are left out; true ones
 * are flags; lists become several words after one option.
 */
export function labCommand(words: readonly string[], options: Record<string, Value> = {}): string {
  const parts = [checkoutCommand, ...words.map(quoted)]
  for (const [name, value] of Object.entries(options)) {
    if (value === true) parts.push(`--${name}`)
    else if (typeof value === 'object' && value !== null && 'each' in value)
      parts.push(...value.each.map((one) => `--${name} ${quoted(one)}`))
    else if (typeof value === 'object' && value !== null) {
      if (value.length > 0) parts.push(`--${name} ${value.map(quoted).join(' ')}`)
    } else if (value !== undefined && value !== null && value !== '' && value !== false)
      parts.push(`--${name} ${quoted(String(value))}`)
  }
  return parts.join(' ')
}

/** What of a nested object differs from another, as `path=value` words. Lists and nulls are written as JSON. */
export function differences(from: unknown, to: unknown, path = ''): string[] {
  if (isRecord(from) && isRecord(to))
    return Object.keys(to).flatMap((key) => differences(from[key], to[key], path ? `${path}.${key}` : key))
  const [before, after] = [from, to].map((value) => JSON.stringify(value))
  if (before === after || after === undefined) return []
  return [`${path}=${typeof to === 'string' ? to : after}`]
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
