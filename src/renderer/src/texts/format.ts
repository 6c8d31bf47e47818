import { language, type Language } from './language.ts'

/** Numbers and times as people read them. Every number comes with its unit. */

interface Habits {
  locale: string
  thousand: string
  million: string
  billion: string
  bytes: string
  /** Below a second. */
  instant: string
  days: string
}

const habits: Readonly<Record<Language, Habits>> = {
  en: {
    locale: 'en-GB',
    thousand: 'k',
    million: 'M',
    billion: 'B',
    bytes: 'bytes',
    instant: 'under a second',
    days: 'days'
  },
  de: {
    locale: 'de-DE',
    thousand: 'Tsd.',
    million: 'Mio.',
    billion: 'Mrd.',
    bytes: 'Byte',
    instant: 'unter 1 s',
    days: 'Tage'
  }
}

/** What German puts between thousands: a point would be read as a decimal point, so a narrow space that never breaks. */
const narrow = '\u202f'

/** All ways of writing numbers and times, in one language. */
export function formatOf(spoken: Language) {
  const { locale, ...words } = habits[spoken]
  const dateFormat = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false
  })
  const timeFormat = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false
  })

  const whole = new Intl.NumberFormat(locale)

  /** The decimal mark of the language, in what JavaScript has written. */
  function marked(written: string): string {
    return spoken === 'de' ? written.replace('.', ',') : written
  }

  function grouped(written: string): string {
    return spoken === 'de' ? written.replaceAll('.', narrow) : written
  }

  function count(value: number): string {
    return grouped(whole.format(value))
  }

  function digits(value: number): string {
    if (value >= 100) return count(Math.round(value))
    return marked(value >= 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(1))
  }

  /** "1 example", "12,345 examples". */
  function counted(value: number, one: string, many: string): string {
    return `${count(value)} ${value === 1 ? one : many}`
  }

  /** 139,420,416 → "139 M". */
  function short(value: number): string {
    if (value >= 1e9) return `${digits(value / 1e9)} ${words.billion}`
    if (value >= 1e6) return `${digits(value / 1e6)} ${words.million}`
    if (value >= 1e4) return `${digits(value / 1e3)} ${words.thousand}`
    return count(value)
  }

  function bytes(value: number): string {
    const units = [words.bytes, 'KB', 'MB', 'GB', 'TB'] as const
    let unit = 0
    let left = value
    while (left >= 1000 && unit < units.length - 1) {
      left /= 1000
      unit++
    }
    return `${unit === 0 ? count(left) : digits(left)} ${units[unit] ?? ''}`
  }

  /** Seconds in words, coarse on purpose: "under a second", "40 s", "12 min", "3 h 20 min", "2 days". */
  function duration(seconds: number): string {
    if (seconds < 1) return words.instant
    if (seconds < 90) return `${Math.round(seconds)} s`
    const minutes = Math.round(seconds / 60)
    if (minutes < 90) return `${minutes} min`
    const hours = Math.floor(minutes / 60)
    const rest = minutes % 60
    if (hours < 36) return rest ? `${hours} h ${rest} min` : `${hours} h`
    return `${Math.round(hours / 24)} ${words.days}`
  }

  /** A duration for the axis of a chart, where nothing is just 0. */
  function tick(seconds: number): string {
    return seconds === 0 ? '0' : duration(seconds)
  }

  /** A number with so many digits after the decimal mark; a real minus sign. */
  function fixed(value: number, digitsAfter: number): string {
    return marked(value.toFixed(digitsAfter)).replace('-', '−')
  }

  /** A score of 0…100 with one digit after the point. */
  function score(value: number): string {
    return fixed(value, 1)
  }

  /** A difference with its sign; a real minus sign, so that it is as wide as the plus. */
  function signed(value: number, digitsAfter = 1): string {
    const rounded = grouped(
      Math.abs(value).toLocaleString(locale, {
        minimumFractionDigits: digitsAfter,
        maximumFractionDigits: digitsAfter
      })
    )
    return `${/[1-9]/.test(rounded) ? (value > 0 ? '+' : '−') : '±'}${rounded}`
  }

  /** A share of 0…1 as "37 %". */
  function percent(share: number): string {
    const value = share * 100
    return `${value > 0 && value < 1 ? '<1' : Math.round(value)} %`
  }

  function rate(perSecond: number, unit: string): string {
    if (perSecond >= 1) return `${digits(perSecond)} ${unit}/s`
    return `${digits(perSecond * 60)} ${unit}/min`
  }

  /** A small number such as a loss or a learning rate. */
  function figure(value: number): string {
    if (value === 0) return '0'
    const size = Math.abs(value)
    if (size < 0.001 || size >= 1e6) return marked(value.toExponential(1)).replace('e-', 'e−').replace('e+', 'e')
    return marked(Number(value.toPrecision(4)).toString())
  }

  /** A learning rate as a field of numbers has it: 0.0003. */
  function rateOf(value: number): string {
    return marked(
      Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: false })
    )
  }

  function pValue(p: number): string {
    return p < 0.001 ? `p < ${marked('0.001')}` : `p = ${fixed(p, 3)}`
  }

  function dateTime(iso: string): string {
    return dateFormat.format(new Date(iso))
  }

  function timeOfDay(iso: string): string {
    return timeFormat.format(new Date(iso))
  }

  /** A heading in the middle of a line: English goes on in small letters, German nouns keep their capital. */
  function inLine(heading: string): string {
    return spoken === 'de' ? heading : heading.toLowerCase()
  }

  return {
    ...{ bytes, count, counted, figure, fixed, percent, pValue, score, short, signed, tick },
    ...{ dateTime, duration, rate, rateOf, timeOfDay, inLine }
  }
}

/** In the language of the page. */
export const {
  bytes,
  count,
  counted,
  dateTime,
  duration,
  figure,
  fixed,
  inLine,
  pValue,
  percent,
  rate,
  rateOf,
  score,
  short,
  signed,
  tick,
  timeOfDay
} = formatOf(language)

/** The first characters of a text, on one line. */
export function excerpt(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`
}
