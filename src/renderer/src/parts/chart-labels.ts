/** Where a chart's words stand, so that no two of them and no word and a mark lie over each other. Lengths in pixels. */

interface Placed {
  x: number
  anchor: 'start' | 'end'
}

let pen: OffscreenCanvasRenderingContext2D | null | undefined

/** How wide a text is in the lab's font; where nothing can be drawn, 0.6 of its size a letter. */
export function textWidth(text: string, size: number): number {
  pen ??= typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('2d')
  if (pen === null) return text.length * size * 0.6
  // Its widest weight: names in bold are measured too.
  pen.font = `650 ${size}px "Inter Variable", sans-serif`
  return pen.measureText(text).width
}

/** As much of a text as fits, with an ellipsis where something is missing. Letters of some writings are twice as wide as others. */
export function shortened(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text
  const letters = [...text]
  let kept = letters.length - 1
  while (kept > 1 && textWidth(`${letters.slice(0, kept).join('')}…`, size) > width) kept--
  return `${letters.slice(0, kept).join('').trimEnd()}…`
}

/** The label of a bar: behind it, before it where it would stand out of the chart, null where it fits nowhere. */
export function besideBar(
  bar: { from: number; to: number },
  width: number,
  room: { from: number; to: number },
  gap = 12
): Placed | null {
  if (bar.to + gap + width <= room.to) return { x: bar.to + gap, anchor: 'start' }
  if (bar.from - gap - width >= room.from) return { x: bar.from - gap, anchor: 'end' }
  return null
}

/** Marks of an axis from `low` to `high`: as many as have room for their words, at 1, 2 or 5 times a power of ten. */
export function axisMarks([low, high]: readonly [number, number], length: number, each = 48): number[] {
  const least = ((high - low) / Math.max(1, length)) * each
  const power = 10 ** Math.floor(Math.log10(least))
  const step = [1, 2, 5, 10].map((times) => times * power).find((wanted) => wanted >= least * (1 - 1e-9))!
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: Math.max(0, count) }, (_, place) => Number(((first + place) * step).toPrecision(12)))
}

/** A text broken at the blank nearest its middle. */
export function inTwoLines(text: string): string {
  const blanks = [...text.matchAll(/ /g)].map(({ index }) => index)
  const middle = blanks.toSorted((a, b) => Math.abs(a - text.length / 2) - Math.abs(b - text.length / 2))[0]
  return middle === undefined ? text : `${text.slice(0, middle)}\n${text.slice(middle + 1)}`
}
