/** The little that the report's charts need of SVG. Colours come from classes, so that light and dark are one file. */

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

type Attributes = Record<string, string | number | undefined>

/** An element; numbers are rounded to a tenth of a pixel. Children are markup already. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? Number(value.toFixed(1)) : escapeText(value!)}"`)
    .join('')
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(content))
}

/** A picture with a name and a description for people who cannot see it. */
export function picture(width: number, height: number, label: string, ...children: string[]): string {
  return element(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': label,
      class: 'chart',
      xmlns: 'http://www.w3.org/2000/svg'
    },
    ...children
  )
}

/** A straight scale from data to pixels, with round ticks. */
export interface Scale {
  (value: number): number
  ticks: number[]
}

/** A scale over `[low, high]`, widened to round numbers, onto pixels. */
export function linearScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  wanted = 6
): Scale {
  const step = roundStep(Math.max(high - low, 1e-6) / wanted)
  const first = Math.floor(low / step + 1e-9) * step
  const last = Math.max(Math.ceil(high / step - 1e-9) * step, first + step)
  const scale = (value: number): number => from + ((value - first) / (last - first)) * (to - from)
  const count = Math.round((last - first) / step)
  const ticks = Array.from({ length: count + 1 }, (_, at) => Number((first + at * step).toPrecision(12)))
  return Object.assign(scale, { ticks })
}

/** A logarithmic scale with ticks at 1, 2 and 5 of every power of ten. */
export function logScale([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Scale {
  const first = Math.log10(low)
  const last = Math.max(Math.log10(high), first + 0.1)
  const scale = (value: number): number => from + ((Math.log10(value) - first) / (last - first)) * (to - from)
  const ticks: number[] = []
  for (let power = Math.floor(first); power <= Math.ceil(last); power++) {
    for (const digit of [1, 2, 5]) {
      const tick = digit * 10 ** power
      if (tick >= low && tick <= high) ticks.push(tick)
    }
  }
  return Object.assign(scale, { ticks })
}

function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  const digit = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= raw * 0.999)!
  return digit * power
}
