/**
 * Is version `a` newer than `b`? By their numbers; of equal numbers one without an ending (`1.0.0`) is newer than one with
 * (`1.0.0-beta.2`), as semantic versioning has it.
 */
export function isNewer(a: string, b: string): boolean {
  const [first, second] = [parts(a), parts(b)]
  for (let i = 0; i < 3; i++) {
    const difference = (first.numbers[i] ?? 0) - (second.numbers[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  if (first.ending === second.ending) return false
  if (first.ending === '' || second.ending === '') return first.ending === ''
  return first.ending.localeCompare(second.ending, 'en', { numeric: true }) > 0
}

function parts(version: string): { numbers: number[]; ending: string } {
  const [numbers = '', ...ending] = version.replace(/\+.*$/, '').split('-')
  return { numbers: numbers.split('.').map(Number), ending: ending.join('-') }
}
