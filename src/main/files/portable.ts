import { sep } from 'node:path'

/**
 * Paths in a home are kept without the home: `{home}/datasets/…`. So a home that was copied, moved or renamed means its
 * own files, whatever it was called when they were written. A text that holds the mark itself is kept as `{home:}`, so
 * that what is read is always what was written.
 *
 * Values are changed where they are a path of the home, `prose` (log lines, messages) wherever it names one: no word of a
 * query or an answer ever changes because it reads like the home.
 */
export interface Portable {
  /** As it is kept. Several homes: a value may come from one that lay elsewhere before. */
  pack<T>(value: T, ...homes: readonly string[]): T
  /** As it is here and now. */
  unpack<T>(value: T, home: string): T
}

export const paths: Portable = portable('^', '')
export const prose: Portable = portable('(?<![\\p{L}\\p{N}_./\\\\-])', 'g')

function portable(before: string, flags: string): Portable {
  const anchor = before === '^' ? '^' : ''
  const kept = new RegExp(`${anchor}\\{home(:*)\\}`, flags)
  // A path ends at a blank or a quote where a sentence goes on, and with the value where it is the whole of it.
  const marked = new RegExp(`${anchor}\\{home\\}[/\\\\]${anchor === '' ? '[^\\s"\'<>|]' : '.'}*`, `${flags}s`)
  const occurrences = (home: string): RegExp => {
    const name = home.replace(/[/\\]+$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    // Not a folder whose name merely begins like the home's.
    return new RegExp(`${before}${name}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}_])`, `${flags}u`)
  }
  return {
    pack: (value, ...homes) => {
      // A longer path first: one home may have lain in another.
      const patterns = [...new Set(homes)].sort((a, b) => b.length - a.length).map(occurrences)
      return mapTexts(value, (text) => {
        const escaped = text.replace(kept, (_, colons: string) => `{home:${colons}}`)
        const packed = patterns.reduce((done, pattern) => done.replace(pattern, '{home}'), escaped)
        // Windows writes its paths the other way round; kept are those that all systems understand.
        return /^([A-Za-z]:|\\\\)/.test(homes[0] ?? '')
          ? packed.replace(marked, (path) => path.replaceAll('\\', '/'))
          : packed
      })
    },
    unpack: (value, home) =>
      mapTexts(value, (text) =>
        text
          .replace(marked, (path) => (sep === '/' ? path : path.replaceAll('/', sep)))
          .replace(kept, (_, colons: string) => (colons === '' ? home : `{home${colons.slice(1)}}`))
      )
  }
}

function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T
  if (Array.isArray(value)) return value.map((inner: unknown) => mapTexts(inner, change)) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner as unknown, change)])) as T
}
