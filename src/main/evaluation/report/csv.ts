import type { ReportData } from './report-data.ts'

/**
 * One line per run, target and metric, in the tidy form that R, pandas and spreadsheets want. RFC 4180: CRLF, quotes
 * doubled. Text that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function toCsv(data: ReportData): string {
  return csvText(scoresRows(data))
}

export function scoresRows(data: ReportData): (string | number)[][] {
  const header = ['experiment', 'target', 'strategy', 'round', 'seed', 'metric', 'score', 'examples', 'seconds', 'run']
  const lines = data.scores.map((score) => [
    data.comparison.name,
    score.target,
    score.column,
    score.round + 1,
    score.seed,
    score.metric,
    score.value,
    score.examples,
    score.seconds ?? '',
    score.runId
  ])
  return [header, ...lines]
}

/** One line per test: difference, interval, p-values and verdict, with what the claim covers. */
export function testsCsv(data: ReportData): string {
  return csvText(testsRows(data))
}

/** The same as JSON lines: one object per test. */
export function testsJsonl(data: ReportData): string {
  const [header, ...rows] = testsRows(data)
  return rows
    .map(
      (row) =>
        `${JSON.stringify(Object.fromEntries(row.map((value, at) => [header![at]!, value === '' ? null : value])))}\n`
    )
    .join('')
}

export function testsRows({ comparison }: ReportData): (string | number)[][] {
  const names = new Map(comparison.targets.map(({ id, name }) => [id, name]))
  const labels = new Map(comparison.columns.map(({ key, label }) => [key, label]))
  const header = [
    'target',
    'strategy',
    'against',
    'metric',
    'planned',
    'covers',
    'difference',
    'low',
    'high',
    'p',
    'p_corrected'
  ]
  const more = ['tests_in_family', 'detectable', 'rounds', 'rows', 'source_items', 'verdict']
  const lines = comparison.tests.map((test) => [
    test.targetId === null ? 'all targets' : (names.get(test.targetId) ?? test.targetId),
    ...[labels.get(test.column) ?? test.column, labels.get(test.against) ?? test.against, comparison.metric],
    ...[test.planned ? 'yes' : 'no', test.scope, test.difference, ...test.interval, test.p, test.pCorrected],
    ...[test.comparisons, test.detectable ?? '', test.rounds, test.rows, test.sourceItems, test.verdict]
  ])
  return [[...header, ...more], ...lines]
}

export function csvText(lines: readonly (readonly (string | number)[])[]): string {
  return lines.map((line) => line.map(field).join(',')).join('\r\n') + '\r\n'
}

function field(value: string | number): string {
  if (typeof value === 'number') return String(Number(value.toFixed(6)))
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
