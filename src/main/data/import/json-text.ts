/** A number whose text says more than a double holds, or that JSON has no word for. */
const needsCare = /\d{16}|\d\.\d*0(?!\d)|\d[eE]|-0(?![\d.])|0\.000000|\bNaN\b|\bInfinity\b/

/**
 * Parses JSON as files have it. Numbers that would come back with another text (5.0, 1e5, integers beyond 2^53) are
 * kept as that text; Python's NaN is null, its Infinity a text. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  if (!needsCare.test(text)) return JSON.parse(text)
  try {
    return JSON.parse(text, keepNumberText)
  } catch (thrown) {
    const plain = withoutPythonNumbers(text)
    if (plain === text) throw thrown
    return JSON.parse(plain, keepNumberText)
  }
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
