/** How the answers to one target fall apart: by label, and by the length of the question. */
export interface Breakdown {
  /** In the order of how often they are right; the last may be what answers to no label. Null: not a task of labels. */
  labels: string[] | null
  /** `confusion[right][answered]`: how many answers, over all rounds. */
  confusion: number[][]
  perLabel: { label: string; rows: number; precision: number | null; recall: number | null; f1: number }[]
  /** Quarters of the rows by the length of their input, in characters. */
  lengths: { from: number; to: number; rows: number; score: number }[]
  /** By the prompt that the question was written with, the best first; none where that is not known. */
  templates: { template: string; rows: number; score: number }[]
}

export interface BrokenRow {
  input: string
  /** The prompt that it was written with; null: unknown. */
  template: string | null
  /** The first is the label. */
  references: readonly string[]
  output: string
}

const mostLabels = 40
export const otherAnswer = '(something else)'

export function breakDown(rows: readonly BrokenRow[]): Breakdown {
  const plain = (text: string) => text.trim().toLowerCase()
  const counts = new Map<string, { label: string; rows: number }>()
  for (const { references } of rows) {
    const label = references[0]
    if (label === undefined) continue
    const known = counts.get(plain(label)) ?? { label, rows: 0 }
    counts.set(plain(label), { ...known, rows: known.rows + 1 })
  }
  const right = ({ output, references }: BrokenRow) => references.some((one) => plain(one) === plain(output))
  const answerable = rows.filter(({ references }) => references.length > 0)
  const lengths = byLength(answerable, right)
  const templates = byTemplate(answerable, right)
  // A task whose right answers hardly come twice is no task of labels.
  if (counts.size === 0 || counts.size > mostLabels || 2 * counts.size > rows.length)
    return { labels: null, confusion: [], perLabel: [], lengths, templates }
  const ordered = [...counts].sort(([, a], [, b]) => b.rows - a.rows)
  const at = new Map(ordered.map(([key], place) => [key, place]))
  const confusion = ordered.map(() => Array<number>(ordered.length + 1).fill(0))
  for (const { references, output } of rows) {
    const truth = references[0] === undefined ? undefined : at.get(plain(references[0]))
    if (truth !== undefined) confusion[truth]![at.get(plain(output)) ?? ordered.length]!++
  }
  const perLabel = ordered.map(([, { label, rows: support }], place) => {
    const hits = confusion[place]![place]!
    const predicted = confusion.reduce((sum, row) => sum + row[place]!, 0)
    return {
      label,
      rows: support,
      precision: predicted === 0 ? null : (100 * hits) / predicted,
      recall: (100 * hits) / support,
      f1: (200 * hits) / (predicted + support)
    }
  })
  return { labels: [...ordered.map(([, { label }]) => label), otherAnswer], confusion, perLabel, lengths, templates }
}

function byLength(rows: readonly BrokenRow[], right: (row: BrokenRow) => boolean): Breakdown['lengths'] {
  const sorted = [...rows].sort((a, b) => a.input.length - b.input.length)
  const quarters = [0, 1, 2, 3].map((quarter) =>
    sorted.slice(Math.round((quarter * sorted.length) / 4), Math.round(((quarter + 1) * sorted.length) / 4))
  )
  return quarters
    .filter((quarter) => quarter.length > 0)
    .map((quarter) => ({
      from: quarter[0]!.input.length,
      to: quarter.at(-1)!.input.length,
      rows: quarter.length,
      score: (100 * quarter.filter(right).length) / quarter.length
    }))
}

function byTemplate(rows: readonly BrokenRow[], right: (row: BrokenRow) => boolean): Breakdown['templates'] {
  const known = rows.filter(({ template }) => template !== null)
  return [...Map.groupBy(known, ({ template }) => template!)]
    .map(([template, own]) => ({ template, rows: own.length, score: (100 * own.filter(right).length) / own.length }))
    .sort((a, b) => b.score - a.score || a.template.localeCompare(b.template))
}
