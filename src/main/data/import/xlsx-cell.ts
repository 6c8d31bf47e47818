/** Formats that show a date or a time, of those that every workbook has. */
const dateFormats = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58]
] as const
const dayMilliseconds = 86_400_000

/** Whether a number format shows a date or a time. */
export function isDateFormat(number: number, code: string | undefined): boolean {
  if (code === undefined) return dateFormats.some(([from, to]) => number >= from && number <= to)
  const bare = code.replace(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_./gi, '')
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare)
}

/**
 * What a cell shows, by its type: texts, numbers with the 15 digits that Excel keeps, TRUE and FALSE, dates as
 * 2024-03-01 or 2024-03-01 14:30:00, errors as their names.
 */
export function cellText(
  type: string,
  value: string,
  book: { shared: readonly string[]; dates: readonly boolean[]; from1904: boolean },
  style: number
): string {
  if (type === 's') return book.shared[Number(value)] ?? ''
  if (type === 'b') return value === '' ? '' : value === '1' ? 'TRUE' : 'FALSE'
  if (type === 'd') return value.replace('T', ' ')
  if (type !== 'n' || value === '') return value
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  if (book.dates[style]) return dateText(number, book.from1904)
  return String(Number(number.toPrecision(15)))
}

/** Excel counts days from the end of 1899, with a 29 February 1900 that never was; old Macs from 1904. */
function dateText(days: number, from1904: boolean): string {
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30)
  const date = new Date(start + Math.round(days * 86_400) * 1000)
  if (Number.isNaN(date.getTime())) return String(days)
  const text = date.toISOString()
  if (!from1904 && days < 1) return text.slice(11, 19)
  return date.getTime() % dayMilliseconds === 0 ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
}
