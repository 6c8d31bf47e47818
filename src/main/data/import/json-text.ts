/** A number whose text says more than a double holds. */
const needsCare = /\d{16}|\d\.\d*0(?!\d)|\d[eE]|-0(?![\d.])|0\.000000/

/**
 * Parses JSON as files have it. Numbers that would come back with another text (5.0, 1e5, integers beyond 2^53) are
 * kept as that text; Python's NaN is null, its Infinity a text. Throws SyntaxError, also where an object, at any depth, has one
 * name twice: nobody knows which of the two values is meant.
 */
export function parseJson(text: string): unknown {
  const value = parsed(text)
  const twice = nameTwice(text, value)
  if (twice !== null) throw new SyntaxError(`the name "${twice}" stands twice in it`)
  return value
}

function parsed(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    const plain = withoutPythonNumbers(text)
    if (plain === text) throw thrown
    return JSON.parse(plain, keepNumberText)
  }
  // Looking for a number in a value is quicker than looking through its text.
  return holdsNumber(value) && needsCare.test(text) ? JSON.parse(text, keepNumberText) : value
}

/** The first name that an object has twice; null where each stands once. */
function nameTwice(text: string, value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  // Looked at closely only where there are objects in it, or a name comes again anywhere in the text.
  const again =
    holdsObject(value) ||
    Object.keys(value).some((name) => {
      const quoted = JSON.stringify(name)
      return text.indexOf(quoted, text.indexOf(quoted) + quoted.length) >= 0
    })
  if (!again) return null
  const open: Set<string>[] = []
  let last: string | null = null
  for (const [found] of text.matchAll(/"(?:[^"\\]+|\\.)*"|[{}[\]:]/gs)) {
    if (found === '{' || found === '[') open.push(new Set())
    else if (found === '}' || found === ']') open.pop()
    else if (found !== ':') last = found
    else if (last !== null) {
      const name = last.includes('\\') ? (JSON.parse(last) as string) : last.slice(1, -1)
      const names = open.at(-1)!
      if (names.has(name)) return name
      names.add(name)
    }
  }
  return null
}

function holdsObject(value: object): boolean {
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object' && item !== null)
  return Object.values(value).some(
    (inner) => typeof inner === 'object' && inner !== null && (!Array.isArray(inner) || holdsObject(inner))
  )
}

/** No data set needs values nested deeper than this, and hostile files have them. */
const deepest = 100

function holdsNumber(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return true
  if (typeof value !== 'object' || value === null || depth > deepest) return false
  for (const key in value) if (holdsNumber((value as Record<string, unknown>)[key], depth + 1)) return true
  return false
}

function keepNumberText(_: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value
  return String(value) === context.source ? value : context.source
}

/** Replaces NaN and Infinity outside of strings. */
function withoutPythonNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs, (found) =>
    found.startsWith('"') ? found : found === 'NaN' ? 'null' : `"${found}"`
  )
}
