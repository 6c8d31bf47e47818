/** Numbers as people read them; one place, so that screen, command line and report say the same. */

/** `4.2 points`; the minus sign is the typographic one. */
export function points(value: number): string {
  const text = decimal(value)
  return `${text} ${text === '1.0' ? 'point' : 'points'}`
}

/** `+4.2`, `−0.3`, `0.0`. */
export function signedPoints(value: number): string {
  const text = decimal(value)
  return text === '0.0' || text.startsWith('−') ? text : `+${text}`
}

/** One digit after the point, a true minus sign, never `−0.0`; ∞ stays a word. */
export function decimal(value: number, digits = 1): string {
  if (!Number.isFinite(value)) return 'any size'
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−')
}

/** `p = 0.03`, `p < 0.001`. */
export function pValue(p: number): string {
  if (p < 0.001) return 'p < 0.001'
  return `p = ${p < 0.1 ? p.toFixed(3).replace(/0$/, '') : p.toFixed(2)}`
}

/** `1,000`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(whole / 60)
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `1.4 GB`, in powers of 1000. */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let size = value
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`
}

/** The same with a capital in front, as a sentence begins. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
