import type { Example } from '../contract/data.ts'
import { Random } from '../random/random.ts'

/**
 * The rows that are tested when fewer than all are wanted: as many different source items as possible, since prompt
 * variants of one item add little evidence. The choice depends on nothing but the rows, so every run of every
 * experiment on a target takes the same ones. In the order of their ids.
 */
export function chooseTestRows<Row extends Pick<Example, 'id' | 'sourceItem'>>(
  rows: readonly Row[],
  wanted: number
): Row[] {
  if (rows.length <= wanted) return [...rows]
  const byItem = new Map<number, Row[]>()
  for (const row of new Random('test rows').shuffle(rows)) {
    const variants = byItem.get(row.sourceItem)
    if (variants) variants.push(row)
    else byItem.set(row.sourceItem, [row])
  }
  const chosen: Row[] = []
  for (let variant = 0; chosen.length < wanted; variant++) {
    for (const variants of byItem.values()) {
      if (variant < variants.length && chosen.length < wanted) chosen.push(variants[variant]!)
    }
  }
  return chosen.sort((a, b) => a.id - b.id)
}
