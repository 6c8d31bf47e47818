import type { Sheet } from './sheet.ts'

/** UTF-16 units that a cell of Excel holds. */
const longestText = 32_767

/**
 * A text as a cell can hold it: as it is, or its beginning with a note that says how long it is and that the sheet `wholeAt` has it whole.
 */
export function cutWhole(text: string, wholeAt: string): string {
  if (text.length <= longestText) return text
  const note = `… [cut here: all ${text.length} characters are on the sheet "${wholeAt}"]`
  return beginning(text, longestText - note.length) + note
}

/**
 * A sheet with every text that no cell can hold, in parts one below another: which sheet and cell it belongs to, and the parts
 * in their order, which make the text when they are put together. Null where every text fits.
 */
export function keptInParts(sheets: readonly Sheet[], placeOf: (row: number, column: number) => string): Sheet | null {
  const rows = sheets.flatMap(({ name, rows: all }) =>
    all.flatMap((row, at) =>
      row.flatMap((value, column) => {
        if (typeof value !== 'string' || value.length <= longestText) return []
        const parts = inParts(value)
        return parts.map((part, number) => [name, placeOf(at, column), number + 1, parts.length, part])
      })
    )
  )
  return rows.length === 0
    ? null
    : { name: 'Long texts', rows: [['sheet', 'cell', 'part', 'of_parts', 'text'], ...rows] }
}

function inParts(text: string): string[] {
  const parts: string[] = []
  for (let from = 0; from < text.length; from += parts.at(-1)!.length)
    parts.push(beginning(text.slice(from, from + longestText), longestText))
  return parts
}

/** The first units of a text, one less where the cut would go through a character of two. */
function beginning(text: string, units: number): string {
  const halved = text.length >= units && /[\uD800-\uDBFF]$/.test(text.slice(0, units))
  return text.slice(0, halved ? units - 1 : units)
}
