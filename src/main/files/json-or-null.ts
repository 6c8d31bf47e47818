/** What a text says as JSON; null where it is none, as with a line that was cut off. A schema then judges it. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
