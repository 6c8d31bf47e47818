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
