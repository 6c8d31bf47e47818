import { InvalidArgumentError } from 'commander'

/** Reads an option's value as a whole number within bounds; anything else is wrong usage. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected a whole number ${between(least, most)}.`)
  }
}

/** As `wholeNumber`, for any number. */
export function anyNumber(least = -Infinity, most = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected a number ${between(least, most)}.`)
  }
}

function between(least: number, most: number): string {
  if (most === Infinity || most === Number.MAX_SAFE_INTEGER) return least === -Infinity ? '' : `of ${least} or more`
  return `from ${least} to ${most}`
}
