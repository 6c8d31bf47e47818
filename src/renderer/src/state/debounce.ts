/** Runs an action once the calls for it have paused, with what the last call gave. */
export function debounced<Given extends unknown[]>(
  action: (...given: Given) => void,
  milliseconds = 200
): (...given: Given) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return (...given) => {
    clearTimeout(timer)
    timer = setTimeout(() => action(...given), milliseconds)
  }
}

/** The first call acts at once, so that a page that opens does not wait for others; later ones as `debounced` has it. */
export function thenDebounced(action: () => void, milliseconds = 200): () => void {
  const later = debounced(action, milliseconds)
  let begun = false
  return () => {
    if (begun) return later()
    begun = true
    action()
  }
}
