import { decimal } from '../wording.ts'
import { card, escape, more, table } from './markup.ts'
import type { ReportData } from './report-data.ts'

/** Where the retrieved examples came from, per strategy, and how much the strategies' choices have in common. */
export function retrievedTables(data: ReportData): string {
  const maps = data.retrieval
    .filter(({ heatMap }) => heatMap.rows.length > 0)
    .map(({ column, heatMap }) =>
      card(
        table(
          ['Group', ...heatMap.targets.map((target) => escape(target.name))],
          heatMap.rows.map((group, at) => ({ cells: [escape(group), ...heatMap.share[at]!.map(heatCell)] })),
          { caption: `${column.label}: share of the retrieved examples by group, in percent`, className: 'heat' }
        )
      )
    )
  return [...maps, overlapTable(data), qualityTables(data)].join('\n')
}

/** Recall, MRR and NDCG: the means of every strategy, then its tasks. */
function qualityTables({ quality }: ReportData): string {
  if (quality === null || quality.columns.length === 0) return ''
  const { by, k } = quality
  const heads = ['Queries', `Recall@${k}`, 'MRR', `NDCG@${k}`, 'By chance']
  const measured = quality.columns.flatMap((column) =>
    column.measured ? [{ ...column, measured: column.measured }] : []
  )
  const means = measured.map(({ label, measured: { rows, mean, sd } }) => ({
    cells: [
      escape(label),
      String(rows.reduce((sum, { queries }) => sum + queries, 0)),
      ...(['recall', 'mrr', 'ndcg'] as const).map((name) => `${decimal(mean[name], 3)} ± ${decimal(sd[name], 3)}`),
      decimal(mean.chance, 3)
    ]
  }))
  const caption = `Retrieval by itself: upstream examples ask for their nearest, without themselves and their other wordings; what comes from the same ${by} is right. Mean ± standard deviation over the ${by}s`
  const each = measured.map(({ label, measured: { rows } }) =>
    table(
      [by === 'task' ? 'Task' : 'Group', ...heads],
      rows.map((row) => ({
        cells: [
          escape(row.name),
          String(row.queries),
          ...(['recall', 'mrr', 'ndcg', 'chance'] as const).map((name) => decimal(row[name], 3))
        ]
      })),
      { caption: `${label}, by ${by}` }
    )
  )
  const problems = quality.columns.flatMap(({ label, problem }) =>
    problem === null ? [] : [`<p>${escape(label)}: ${escape(problem)}</p>`]
  )
  return [
    card(table(['', ...heads], means, { caption })),
    more(`By ${by}`, each.map((one) => card(one)).join('')),
    ...problems
  ].join('\n')
}

function overlapTable(data: ReportData): string {
  if (data.overlap.length === 0) return ''
  const keys = [...new Set(data.overlap.flatMap(({ a, b }) => [a, b]))]
  const label = (key: string) => escape(data.comparison.columns.find((column) => column.key === key)?.label ?? key)
  const rows = keys.map((row) => ({
    cells: [
      label(row),
      ...keys.map((column) => {
        if (row === column) return '<td>·</td>'
        const pair = data.overlap.find(({ a, b }) => (a === row && b === column) || (a === column && b === row))
        return pair ? heatCell(pair.jaccard) : '–'
      })
    ]
  }))
  return card(
    table(['', ...keys.map(label)], rows, {
      caption:
        'Overlap of the retrieved sets in percent (shared examples over all examples of both), mean over targets and rounds',
      className: 'heat'
    })
  )
}

function heatCell(share: number): string {
  const percent = 100 * share
  return `<td style="background: rgba(var(--heat), ${(0.05 + 0.5 * share).toFixed(3)})">${decimal(percent, percent >= 9.95 || percent === 0 ? 0 : 1)}</td>`
}
