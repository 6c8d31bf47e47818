import type { MeasuredQuality } from '../../contract/retrieval-quality.ts'
import { table } from './table.ts'

/** Recall, MRR and NDCG by task or group, and their means, as a table. */
export function qualityText(label: string, { by, k, rows, mean, sd }: MeasuredQuality): string {
  const numbers = [`recall@${k}`, 'MRR', `NDCG@${k}`, 'chance']
  const names = ['recall', 'mrr', 'ndcg', 'chance'] as const
  return table(
    [`${label}: ${by}`, 'queries', ...numbers],
    [
      ...rows.map((row) => [row.name, String(row.queries), ...names.map((name) => row[name].toFixed(3))]),
      [
        `mean ± sd over ${rows.length} ${by}s`,
        '',
        ...names.map((name) => `${mean[name].toFixed(3)} ± ${sd[name].toFixed(3)}`)
      ]
    ],
    ['queries', ...numbers]
  )
}
