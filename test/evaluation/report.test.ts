// @vitest-environment jsdom
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { answersCsv, answersJsonl } from '../../src/main/evaluation/report/answers.ts'
import { testsCsv, toCsv } from '../../src/main/evaluation/report/csv.ts'
import { toHtml } from '../../src/main/evaluation/report/html.ts'
import { toJson } from '../../src/main/evaluation/report/json.ts'
import { toLatex } from '../../src/main/evaluation/report/latex.ts'
import type { AnswerTable } from '../../src/main/evaluation/report/report-data.ts'
import { sampleReport } from './sample-report.ts'

const data = await sampleReport()

describe('CSV', () => {
  const rows = parse<Record<string, string>>(toCsv(data), { columns: true })

  test('has one line per run and target, names and figures intact', () => {
    expect(rows).toHaveLength(data.scores.length)
    rows.forEach((row, at) => {
      expect(row.target).toBe(data.scores[at]!.target)
      expect(Number(row.score)).toBeCloseTo(data.scores[at]!.value, 5)
    })
  })
  test('never starts a text with what a spreadsheet runs as a formula', () => {
    const scores = [{ ...data.scores[0]!, target: '=HYPERLINK("http://x")', value: -3.5 }]
    const [row] = parse<Record<string, string>>(toCsv({ ...data, scores }), { columns: true })
    expect(row).toMatchObject({ target: '\'=HYPERLINK("http://x")', score: '-3.5' })
  })
})

/** Texts that break formats that are put together by hand. */
const hard = ['plain', 'a, "b"\r\nc', '=1+1', '', '\t', '∀ ü 漢', '["x"]', '{"a":1}', "it's\\"]
const tables: AnswerTable[] = [
  {
    targetId: 't',
    target: 'a "target", really',
    rows: hard.map((input, at) => ({
      exampleId: at + 1,
      sourceItem: at,
      input,
      references: at % 2 ? [input] : [input, 'x']
    })),
    runs: ['r1', 'r2'].map((runId, round) => ({
      ...{ runId, column: 'semantic', round, seed: 7, outputs: hard.toReversed() },
      scores: { em: hard.map((_, at) => (at === 0 ? null : at * 10)) }
    }))
  }
]

describe('every answer', () => {
  const expected = tables[0]!.runs.flatMap((run) =>
    tables[0]!.rows.map((row, at) => ({ ...row, runId: run.runId, output: run.outputs[at], em: run.scores['em']![at] }))
  )

  test('comes back out of the JSON lines', () => {
    const lines = answersJsonl(tables)
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toMatchObject(expected.map(({ em, ...rest }) => ({ ...rest, scores: { em } })))
  })

  test('comes back out of the CSV, but for an apostrophe before what a spreadsheet would run', () => {
    const rows = parse<Record<string, string>>(answersCsv(tables), { columns: true })
    const bare = (text: string) => text.replace(/^'(?=[=+\-@\t\r])/, '')
    expect(rows).toHaveLength(expected.length)
    rows.forEach((row, at) => {
      const { input, output, references, em } = expected[at]!
      expect(bare(row['input']!)).toBe(input)
      expect(bare(row['answer']!)).toBe(output)
      expect(bare(row['right_answers']!)).toBe(references.length === 1 ? references[0] : JSON.stringify(references))
      expect(row['em']).toBe(em === null ? '' : String(em))
    })
  })

  test('and every test is in a table of its own', () => {
    const rows = parse<Record<string, string>>(testsCsv(data), { columns: true })
    expect(rows.map((row) => [Number(row['difference']), Number(row['p']), row['verdict']])).toEqual(
      data.comparison.tests.map(({ difference, p, verdict }) => [
        Number(difference.toFixed(6)),
        Number(p.toFixed(6)),
        verdict
      ])
    )
  })
})

describe('JSON', () => {
  test('gives the comparison back', () => {
    const read = JSON.parse(toJson(data, tables)) as {
      comparison: unknown
      version: number
      names: Record<string, string>
    } & {
      answers: unknown
    }
    expect(read.version).toBe(2)
    expect(read.answers).toEqual(tables)
    expect(read.comparison).toEqual(data.comparison)
    expect(read.names['model-1']).toBe('demo base model')
  })
})

describe('LaTeX', () => {
  const lines = toLatex(data).split('\n')

  test('has the paper’s rows, with special signs escaped', () => {
    expect(lines.some((line) => line.includes('word\\_sense 50 \\%'))).toBe(true)
    for (const name of ['All@mean', '@median', '@min', '@max']) {
      expect(
        lines.some((line) => line.trim().startsWith(name)),
        name
      ).toBe(true)
    }
  })
  test('every row of the table has as many cells as the head', () => {
    const cells = lines.filter((line) => line.endsWith('\\\\')).map((line) => line.split(/(?<!\\)&/).length)
    expect(new Set(cells)).toEqual(new Set([1 + data.comparison.columns.length + 1]))
  })
  test('ends every row with what the best strategy gains over zero-shot, as in the paper', () => {
    const overall = data.comparison.cells.filter((cell) => cell.targetId === null)
    const gain = Math.max(...overall.flatMap(({ deltaToZeroShot }) => deltaToZeroShot ?? []))
    const best = overall.find(({ deltaToZeroShot }) => deltaToZeroShot === gain)!.column
    expect(lines.find((line) => line.includes('All@mean'))).toMatch(new RegExp(`\\$\\+${gain.toFixed(2)}\\$ \\\\\\\\$`))
    expect(toLatex(data)).toContain(`$\\Delta$: ${best} minus zero-shot.`)
  })
  test('marks no best among equals', () => {
    const cells = data.comparison.cells.map((cell) => ({
      ...cell,
      summary: cell.summary && { ...cell.summary, mean: 0, median: 0, min: 0, max: 0 }
    }))
    expect(toLatex({ ...data, comparison: { ...data.comparison, cells } })).not.toContain('textbf')
  })
  test('braces are balanced', () => {
    const bare = toLatex(data).replaceAll(/\\[{}]/g, '')
    expect(bare.split('{').length).toBe(bare.split('}').length)
  })
})

describe('HTML', () => {
  const html = toHtml(data)
  const document = new DOMParser().parseFromString(html, 'text/html')

  test('is one file: no script, nothing loaded from anywhere', () => {
    expect(document.querySelectorAll('script, link, img, iframe, object').length).toBe(0)
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\/|url\(|@import/)
    expect(html).not.toMatch(/ on\w+=/)
  })
  test('shows names as text, never as markup', () => {
    expect(document.querySelectorAll('of, b b').length).toBe(0)
    expect(document.body.textContent).toContain('Entailment <of> claims & "facts"')
    expect(document.querySelector('.example pre')!.textContent).toContain('<b>before</b>')
  })
  test('the score table says what the comparison says', () => {
    const rows = [...document.querySelectorAll('#scores ~ .card tbody tr')]
    expect(rows).toHaveLength(data.comparison.targets.length + 4)
    const total = data.comparison.cells.filter((cell) => cell.targetId === null)
    const shown = [...rows[data.comparison.targets.length]!.querySelectorAll('td')].map((cell) =>
      parseFloat(cell.textContent)
    )
    total.forEach((cell, at) => expect(shown[at]).toBeCloseTo(cell.summary!.mean, 1))
  })
  test('every section has a heading that names it, every table its headings, every chart its name', () => {
    for (const section of document.querySelectorAll('section')) {
      expect(document.getElementById(section.getAttribute('aria-labelledby')!)?.tagName).toBe('H2')
    }
    for (const table of document.querySelectorAll('table')) {
      expect(table.querySelectorAll('thead th[scope=col]').length).toBeGreaterThan(1)
      for (const row of table.querySelectorAll('tbody tr')) expect(row.querySelector('th[scope=row]')).not.toBeNull()
    }
    const charts = [...document.querySelectorAll('svg[role=img]')]
    expect(charts.length).toBe(4)
    for (const chart of charts) expect(chart.getAttribute('aria-label')).not.toBe('')
  })
  test('draws a mark for every strategy on every target, filled only where a difference is beyond chance', () => {
    const [forest] = document.querySelectorAll('svg[role=img]')
    const tests = data.comparison.tests.filter((one) => one.against === 'zero-shot')
    expect(forest!.querySelectorAll('.series').length).toBe(tests.length)
    expect(forest!.querySelectorAll('.series.unsure').length).toBe(
      tests.filter((one) => one.verdict === 'no-evidence').length
    )
  })
  test('no coordinate is missing', () => {
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
  test('an experiment without results is a report without empty sections', () => {
    const nothing = {
      columns: [],
      cells: [],
      tests: [],
      otherTargets: [],
      diagnoses: [],
      points: [],
      warnings: [],
      targets: []
    }
    const comparison = { ...data.comparison, ...nothing }
    const empty = toHtml({ ...data, comparison, scores: [], runs: [], retrieval: [], overlap: [], examples: [] })
    expect(empty).not.toMatch(/NaN|undefined|Infinity/)
    expect(empty).not.toContain('id="differences"')
  })
})
