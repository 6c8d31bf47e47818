/** Numbers and times as people read them. Every number comes with its unit. */

const locale = 'en-GB'
const whole = new Intl.NumberFormat(locale)

export function count(value: number): string {
  return whole.format(value)
}

/** "1 example", "12,345 examples". */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** 139,420,416 → "139 M". */
export function short(value: number): string {
  if (value >= 1e9) return `${digits(value / 1e9)} B`
  if (value >= 1e6) return `${digits(value / 1e6)} M`
  if (value >= 1e4) return `${digits(value / 1e3)} k`
  return count(value)
}

export function bytes(value: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const
  let unit = 0
  let left = value
  while (left >= 1000 && unit < units.length - 1) {
    left /= 1000
    unit++
  }
  return `${unit === 0 ? count(left) : digits(left)} ${units[unit] ?? ''}`
}

/** Seconds in words, coarse on purpose: "under a second", "40 s", "12 min", "3 h 20 min", "2 days". */
export function duration(seconds: number): string {
  if (seconds < 1) return 'under a second'
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours < 36) return rest ? `${hours} h ${rest} min` : `${hours} h`
  return `${Math.round(hours / 24)} days`
}

/** A duration for the axis of a chart, where nothing is just 0. */
export function tick(seconds: number): string {
  return seconds === 0 ? '0' : duration(seconds)
}

/** A score of 0…100 with one digit after the point. */
export function score(value: number): string {
  return value.toFixed(1)
}

/** A difference with its sign; a real minus sign, so that it is as wide as the plus. */
export function signed(value: number, digitsAfter = 1): string {
  const rounded = Math.abs(value).toLocaleString(locale, {
    minimumFractionDigits: digitsAfter,
    maximumFractionDigits: digitsAfter
  })
  return `${/[1-9]/.test(rounded) ? (value > 0 ? '+' : '−') : '±'}${rounded}`
}

/** A share of 0…1 as "37 %". */
export function percent(share: number): string {
  const value = share * 100
  return `${value > 0 && value < 1 ? '<1' : Math.round(value)} %`
}

export function rate(perSecond: number, unit: string): string {
  if (perSecond >= 1) return `${digits(perSecond)} ${unit}/s`
  return `${digits(perSecond * 60)} ${unit}/min`
}

/** A small number such as a loss or a learning rate. */
export function figure(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 0.001 || size >= 1e6) return value.toExponential(1).replace('e-', 'e−').replace('e+', 'e')
  return Number(value.toPrecision(4)).toString()
}

export function pValue(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`
}

const dateFormat = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false
})
export function dateTime(iso: string): string {
  return dateFormat.format(new Date(iso))
}

const timeFormat = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false
})
export function timeOfDay(iso: string): string {
  return timeFormat.format(new Date(iso))
}

/** The first characters of a text, on one line. */
export function excerpt(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`
}

function digits(value: number): string {
  return value >= 100 ? count(Math.round(value)) : value >= 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(1)
}
