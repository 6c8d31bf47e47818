import type { AnswerTable, ReportData } from './report-data.ts'

/** Everything: what the report shows and every answer. The version changes when a reader would have to (docs/formats.md). */
export function toJson(data: ReportData, answers: readonly AnswerTable[]): string {
  const { names, ...rest } = data
  return `${JSON.stringify({ format: 'recross-lab-report', version: 2, ...rest, names: Object.fromEntries(names), answers }, null, 2)}\n`
}
