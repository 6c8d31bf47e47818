/** A name that every file system takes. */
export function safeFileName(name: string): string {
  const safe = name
    .normalize('NFKD')
    .replace(/[^\w. -]+/g, '')
    .trim()
    .replace(/\s+/g, '-')
    .slice(0, 80)
  return safe === '' || safe.startsWith('.') ? 'experiment' : safe
}
