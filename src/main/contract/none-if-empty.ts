/** What people leave empty in a form, a file or on a command line is not there; behind the contract that is null and nothing else. */
export function noneIfEmpty(text: string): string | null {
  return text === '' ? null : text
}
