/** Where a chart's words stand, so that no two of them and no word and a mark lie over each other. Lengths in pixels. */

interface Placed {
  x: number
  anchor: 'start' | 'end'
}

/** Wide enough for what is drawn in the lab's font: 0.6 of its size a letter holds for names and figures alike. */
export function textWidth(text: string, size: number): number {
  return text.length * size * 0.6
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
