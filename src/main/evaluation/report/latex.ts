import type { Column, Comparison, Summary } from '../../contract/comparison.ts'
import { testAgainstZeroShot } from '../columns.ts'
import { metrics } from '../metrics/metrics.ts'
import type { ReportData } from './report-data.ts'

/**
 * The paper's main table: a row per target, a column per strategy, mean and standard deviation over the rounds, then
 * mean, median, least and largest of the rounds over all targets, and the difference to zero-shot. Needs booktabs.
 */
export function toLatex(data: ReportData): string {
  const { comparison } = data
  const { columns, targets } = comparison
  const rows = targets.map((target) => line(escape(target.name), meanCells(comparison, target.id)))
  const overall = columns.map((column) => summaryOf(comparison, null, column))
  const whole: [string, (summary: Summary) => number][] = [
    ['All@mean', (summary) => summary.mean],
    ['@median', (summary) => summary.median],
    ['@min', (summary) => summary.min],
    ['@max', (summary) => summary.max]
  ]
  const aggregates = whole.map(([name, pick], at) =>
    line(name, at === 0 ? meanCells(comparison, null) : bestInBold(overall.map((summary) => summary && pick(summary))))
  )
  const deltas = columns.map((column) => {
    const delta = comparison.cells.find((cell) => cell.targetId === null && cell.column === column.key)?.deltaToZeroShot
    return delta === null || delta === undefined ? '--' : `$${delta < 0 ? '-' : '+'}${Math.abs(delta).toFixed(2)}$`
  })
  const queries = counted(data, ({ spec }) => spec.queries, 'query', 'queries')
  const rounds = counted(data, ({ spec }) => spec.rounds, 'query set', 'query sets')
  return [
    '% Made by ReCross Lab. Needs \\usepackage{booktabs}.',
    '\\begin{table}[t]',
    '  \\centering',
    `  \\caption{${metrics[comparison.metric].title} (\\%) with ${queries} per target: mean and standard deviation over ${rounds}.`,
    '    $^{*}$: differs from zero-shot beyond chance ($p \\le 0.05$; paired, clustered by source item, corrected over targets).}',
    `  \\begin{tabular}{l${'r'.repeat(columns.length)}}`,
    '    \\toprule',
    `    ${line(
      'Target',
      columns.map((column) => escape(column.label))
    )}`,
    '    \\midrule',
    ...rows.map((row) => `    ${row}`),
    '    \\midrule',
    ...aggregates.map((row) => `    ${row}`),
    '    \\midrule',
    `    ${line('$\\Delta$ to zero-shot', deltas)}`,
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    ''
  ].join('\n')
}

/** `mean ± sd` of every column for one target (null: over all), the best in bold, significant ones starred. */
function meanCells(comparison: Comparison, targetId: string | null): string[] {
  const summaries = comparison.columns.map((column) => summaryOf(comparison, targetId, column))
  const means = bestInBold(summaries.map((summary) => summary && summary.mean))
  return means.map((mean, at) => {
    const summary = summaries[at]
    if (!summary) return mean
    const star = differsFromZeroShot(comparison, targetId, comparison.columns[at]!) ? '$^{*}$' : ''
    return summary.rounds > 1 ? `${mean}${star}{\\scriptsize$\\pm$${summary.sd.toFixed(2)}}` : `${mean}${star}`
  })
}

function summaryOf(comparison: Comparison, targetId: string | null, column: Column): Summary | null {
  return comparison.cells.find((cell) => cell.targetId === targetId && cell.column === column.key)?.summary ?? null
}

function differsFromZeroShot(comparison: Comparison, targetId: string | null, column: Column): boolean {
  const verdict = testAgainstZeroShot(comparison, targetId, column.key)?.verdict
  return verdict !== undefined && verdict !== 'no-evidence'
}

/** `16 queries`, or `8 / 16 queries` where the experiments differ. */
function counted(
  { experiments }: ReportData,
  pick: (experiment: ReportData['experiments'][number]) => number,
  one: string,
  many: string
): string {
  const values = [...new Set(experiments.map(pick))]
  return `${values.join(' / ')} ${values.length === 1 && values[0] === 1 ? one : many}`
}

function bestInBold(values: readonly (number | null)[]): string[] {
  const best = Math.max(...values.filter((value) => value !== null))
  return values.map((value) =>
    value === null ? '--' : value.toFixed(2) === best.toFixed(2) ? `\\textbf{${value.toFixed(2)}}` : value.toFixed(2)
  )
}

function line(first: string, cells: readonly string[]): string {
  return `${[first, ...cells].join(' & ')} \\\\`
}

function escape(text: string): string {
  return text.replace(/[\\{}$&#%_^~]/g, (sign) => specials[sign]!)
}

const specials: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}'
}
