import type { Column, Comparison, Summary } from '../../contract/comparison.ts'
import { testAgainstZeroShot } from '../columns.ts'
import { metrics } from '../metrics/metrics.ts'
import type { ReportData } from './report-data.ts'

/**
 * The paper's main table: a row per target, a column per strategy, mean and standard deviation over the rounds, and what the
 * best strategy gains over zero-shot; then mean, median, least and largest of the rounds over all targets. Needs booktabs.
 */
export function toLatex(data: ReportData): string {
  const { comparison } = data
  const { columns, targets } = comparison
  const gain = gainColumn(comparison)
  const mean = (summary: Summary) => summary.mean
  const row = (name: string, targetId: string | null, cells: string[], pick: (summary: Summary) => number) =>
    line(name, gain ? [...cells, gainCell(comparison, targetId, gain, pick)] : cells)
  const rows = targets.map((target) => row(escape(target.name), target.id, meanCells(comparison, target.id), mean))
  const overall = columns.map((column) => summaryOf(comparison, null, column))
  const whole: [string, (summary: Summary) => number][] = [
    ['All@mean', mean],
    ['@median', (summary) => summary.median],
    ['@min', (summary) => summary.min],
    ['@max', (summary) => summary.max]
  ]
  const aggregates = whole.map(([name, pick], at) => {
    const cells =
      at === 0 ? meanCells(comparison, null) : overall.map((summary) => (summary ? pick(summary).toFixed(2) : '--'))
    return row(name, null, cells, pick)
  })
  const queries = counted(data, ({ spec }) => spec.queries, 'query', 'queries')
  const rounds = counted(data, ({ spec }) => spec.rounds, 'query set', 'query sets')
  return [
    '% Made by ReCross Lab. Needs \\usepackage{booktabs}.',
    '\\begin{table}[t]',
    '  \\centering',
    `  \\caption{${metrics[comparison.metric].title} (\\%) with ${queries} per target: mean and standard deviation over ${rounds}.`,
    ...(gain ? [`    $\\Delta$: ${escape(gain.label)} minus zero-shot.`] : []),
    '    $^{*}$: differs from zero-shot beyond chance ($p \\le 0.05$; paired; source items and query sets random; all comparisons of the table corrected together).',
    '    Bold: better than every other column beyond chance.}',
    `  \\begin{tabular}{l${'r'.repeat(columns.length + (gain ? 1 : 0))}}`,
    '    \\toprule',
    `    ${line('Target', [...columns.map((column) => escape(column.label)), ...(gain ? ['$\\Delta$'] : [])])}`,
    '    \\midrule',
    ...rows.map((row) => `    ${row}`),
    '    \\midrule',
    ...aggregates.map((row) => `    ${row}`),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    ''
  ].join('\n')
}

/** The tuned column with the best mean over all targets, among those with an untuned model beside them. */
function gainColumn(comparison: Comparison): Column | undefined {
  const mean = (column: Column) => summaryOf(comparison, null, column)?.mean ?? -Infinity
  const tuned = comparison.columns.filter(({ baseline }) => baseline !== null)
  return [...tuned].sort((a, b) => mean(b) - mean(a))[0]
}

function gainCell(
  comparison: Comparison,
  targetId: string | null,
  column: Column,
  pick: (summary: Summary) => number
): string {
  const untuned = comparison.columns.find(({ key }) => key === column.baseline)
  const [ours, theirs] = [column, untuned].map((one) => one && summaryOf(comparison, targetId, one))
  if (!ours || !theirs) return '--'
  const gain = pick(ours) - pick(theirs)
  return `$${gain < 0 ? '-' : '+'}${Math.abs(gain).toFixed(2)}$`
}

/** `mean ± sd` of every column for one target (null: over all); bold and starred is only what tests say. */
function meanCells(comparison: Comparison, targetId: string | null): string[] {
  return comparison.columns.map((column) => {
    const cell = comparison.cells.find((one) => one.targetId === targetId && one.column === column.key)
    const summary = cell?.summary
    if (!summary) return '--'
    const text = summary.mean.toFixed(2)
    const mean = cell.best ? `\\textbf{${text}}` : text
    const star = differsFromZeroShot(comparison, targetId, column) ? '$^{*}$' : ''
    return summary.rounds > 1 ? `${mean}${star}{\\scriptsize$\\pm$${summary.sd.toFixed(2)}}` : `${mean}${star}`
  })
}

function summaryOf(comparison: Comparison, targetId: string | null, column: Column): Summary | null {
  return comparison.cells.find((cell) => cell.targetId === targetId && cell.column === column.key)?.summary ?? null
}

function differsFromZeroShot(comparison: Comparison, targetId: string | null, column: Column): boolean {
  const verdict = testAgainstZeroShot(comparison, targetId, column.key)?.verdict
  return verdict === 'better' || verdict === 'worse'
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
