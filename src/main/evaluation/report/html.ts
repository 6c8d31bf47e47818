import { isUnscored, type Comparison, type ComparisonTest } from '../../contract/comparison.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import { testsAgainst } from '../columns.ts'
import { rightFrom } from '../examples.ts'
import { metrics } from '../metrics/metrics.ts'
import { count } from '../wording.ts'
import { dotPlot } from './charts/dot-plot.ts'
import { forestPlot } from './charts/forest-plot.ts'
import { legend } from './charts/series.ts'
import { timePlot } from './charts/time-plot.ts'
import { card, escape, more, section } from './markup.ts'
import type { ReportData, ShownExample } from './report-data.ts'
import { curveSection, reportedSection } from './curve-section.ts'
import { retrievedTables } from './retrieved-section.ts'
import { scoreTable } from './score-table.ts'
import { reportStyle } from './style.ts'
import { trackingTables } from './tracking-section.ts'

/** The report as one HTML file: no script, no outside file, readable in every browser and on paper. */
export function toHtml(data: ReportData): string {
  const { comparison } = data
  const name = escape(comparison.name)
  const sections = `${section('short', 'In short', '', `<p class="lead">${escape(comparison.headline.sentence)}</p>`, headlines(comparison), care(comparison), diagnoses(comparison))}
${isUnscored(comparison) ? '' : scoreSections(comparison)}
${section('examples', ...exampleTitles(comparison), examples(data))}
${section('retrieved', 'What was retrieved', 'The darker the cell, the more of the examples for that target came from that group of tasks.', retrievedTables(data))}
${isUnscored(comparison) ? '' : section('time', 'Score against time', '', card(withLegend(comparison, timePlot(comparison))))}
${section('tracking', 'How it was run', '', trackingTables(data))}
${isUnscored(comparison) ? '' : section('reading', 'How to read this', '', reading)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="ReCross Lab">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${name} – ReCross Lab report</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<header>
<p class="kicker">ReCross Lab · experiment report</p>
<h1>${name}</h1>
${facts(data)}
</header>
${contents(sections)}
${sections}
<footer>Made by ReCross Lab on ${escape(data.madeAt.slice(0, 10))}. This file has no scripts and loads nothing.</footer>
</main>
</body>
</html>
`
}

function scoreSections(comparison: Comparison): string {
  const metric = metrics[comparison.metric]
  return `${section('scores', 'Scores', `${metric.title}: ${metric.summary}`, card(scoreTable(comparison)))}
${reportedSection(comparison)}
${curveSection(comparison)}
${section(
  'differences',
  'Differences that hold up, and those that do not',
  'Each mark is the difference to zero-shot in points, with its 95 % interval. A filled mark is a difference beyond chance; a hollow one may be chance.',
  plotAgainst(comparison, 'zero-shot'),
  testsAgainst(comparison, 'random').length > 0
    ? `<h3>Against random retrieval</h3>${plotAgainst(comparison, 'random')}`
    : '',
  more('All tests in words', inFamilies([...comparison.tests, ...comparison.otherTargets]))
)}
${section('targets', 'Scores by target', 'Mean over the rounds; the line is the standard deviation.', card(withLegend(comparison, dotPlot(comparison))))}`
}

/** Title and lead of the rows that are shown in full. */
function exampleTitles(comparison: Comparison): [string, string] {
  return isUnscored(comparison)
    ? ['Answers side by side', 'Questions that the strategies answer differently. Nobody has said what is right.']
    : [
        'Wins and losses, example by example',
        'Test rows that the tuned model got right where zero-shot did not, and the other way round.'
      ]
}

/** A list of the sections that there are. */
function contents(sections: string): string {
  const entries = [...sections.matchAll(/<h2 id="([^"]+)">(.*?)<\/h2>/g)]
  const items = entries.map(([, id, title]) => `<li><a href="#${id}">${title}</a></li>`).join('')
  return `<nav class="contents" aria-label="Contents"><ol>${items}</ol></nav>`
}

function facts({ comparison, experiments, names }: ReportData): string {
  const each = (pick: (spec: ExperimentSpec) => string): string =>
    [...new Set(experiments.map(({ spec }) => pick(spec)))].join(' / ')
  const entries: [string, string][] = [
    ['base model', each(({ models }) => names.get(models.base) ?? models.base)],
    ['upstream data', each(({ datasetId }) => names.get(datasetId) ?? datasetId)],
    ['targets', String(comparison.targets.length)],
    ['rounds', each(({ rounds }) => String(rounds))],
    ['queries per target', each(({ queries }) => String(queries))],
    ['retrieved examples', each(({ retrieval }) => count(retrieval.budget))]
  ]
  return `<ul class="facts">${entries.map(([label, value]) => `<li>${label} <b>${escape(value)}</b></li>`).join('')}</ul>`
}

/** The tests over all targets; with one target, those on it. */
function headlines(comparison: Comparison): string {
  const overall = comparison.tests.filter((test) => test.targetId === null)
  const tests = overall.length > 0 ? overall : comparison.tests
  const planned = tests.filter((test) => test.planned)
  const shown = [
    ...testsAgainst({ ...comparison, tests }, 'zero-shot'),
    ...testsAgainst({ ...comparison, tests }, 'random')
  ].filter((test) => !test.planned)
  const [first, rest] = [planned, shown].map((list) => (list.length === 0 ? '' : card(verdictList(list))))
  if (planned.length === 0) return rest!
  const others = rest === '' ? '' : `<h3>Others, corrected among themselves</h3>${rest}`
  return `<h3>Planned before the start, a family of their own</h3>${first}${others}`
}

function verdictList(tests: readonly ComparisonTest[]): string {
  const words = { better: 'better', worse: 'worse', equivalent: 'as good', 'no-evidence': 'no evidence' }
  const items = tests.map(
    (test) =>
      `<li><span class="chip ${test.verdict}">${words[test.verdict]}</span><span>${escape(test.sentence)}</span></li>`
  )
  return `<ul class="verdicts">${items.join('\n')}</ul>`
}

function inFamilies(tests: readonly ComparisonTest[]): string {
  const planned = tests.filter((test) => test.planned)
  if (planned.length === 0) return sentences(tests)
  const rest = tests.filter((test) => !test.planned)
  return `<h3>Planned before the start</h3>${sentences(planned)}${rest.length === 0 ? '' : `<h3>Others</h3>${sentences(rest)}`}`
}

function sentences(tests: readonly ComparisonTest[]): string {
  return tests.length === 0 ? '' : card(verdictList(tests))
}

function care(comparison: Comparison): string {
  if (comparison.warnings.length === 0) return ''
  const items = comparison.warnings.map((warning) => `<li>${escape(warning)}</li>`).join('')
  return `<div class="card care"><h3>Take care</h3><ul>${items}</ul></div>`
}

function diagnoses({ diagnoses: found }: Comparison): string {
  if (found.length === 0) return ''
  const items = found.map(({ sentence, next }) => `<li>${escape(sentence)} ${escape(next)}</li>`).join('')
  return `<div class="card care"><h3>Why it may be so, and what to do next</h3><ul>${items}</ul></div>`
}

function plotAgainst(comparison: Comparison, against: 'zero-shot' | 'random'): string {
  const tests = testsAgainst(comparison, against)
  const columns = comparison.columns.filter((column) => tests.some((test) => test.column === column.key))
  return card(legendAbove(forestPlot(comparison, against), legend(columns, escape)))
}

function withLegend(comparison: Comparison, chart: string): string {
  return legendAbove(chart, legend(comparison.columns, escape))
}

function legendAbove(chart: string, key: string): string {
  return chart === '' ? '' : key + chart
}

function examples({ examples: shown, comparison }: ReportData): string {
  if (shown.length === 0) return ''
  const labels = new Map(comparison.columns.map(({ key, label }) => [key, escape(label)]))
  return `<div class="pair">${shown.map((one) => example(one, labels)).join('\n')}</div>`
}

function example({ kind, target, column, against, row }: ShownExample, labels: ReadonlyMap<string, string>): string {
  const answer = (key: string): string => {
    const given = row.answers[key]
    if (!given) return ''
    const shown = given.output.trim() === '' ? '(nothing)' : escape(given.output)
    return `<dt>${labels.get(key)}</dt><dd class="${given.score === null ? '' : given.score >= rightFrom ? 'right' : 'wrong'}">${shown}</dd>`
  }
  const chip = { fixed: 'better', broken: 'worse', differs: '' }[kind]
  const said = kind === 'differs' ? 'answers differ' : `${kind} by ${labels.get(column)}`
  const right =
    row.references.length === 0
      ? ''
      : `<dt>right answer</dt><dd>${row.references.map(escape).join(' <span class="sd">or</span> ')}</dd>`
  return `<article class="card example"><span class="chip ${chip}">${said}</span> <span class="sd">${escape(target)}</span>
<pre tabindex="0">${escape(row.input)}</pre>
<dl>${right}${answer(against)}${answer(column)}</dl></article>`
}

const reading = `<p><b>Rounds</b> are query sets: each strategy retrieves and tunes once per set of unlabelled queries. The standard deviation says how much the score depends on which queries one happened to have.</p>
<p><b>What a verdict is about</b>: the strategy, not these test items and these query sets. Both count as samples (crossed random effects), so a difference must stand out from what other items <i>and</i> other query sets would have brought. With fewer than three rounds nothing can be said about other query sets; the sentence then says that it speaks of these only. Rounds share the test items and the one zero-shot run, so that a difference shows in every round is no evidence by itself.</p>
<p><b>Paired</b>: both strategies answered the same rows, and only rows where they differ carry information. <b>Clustered</b>: ten wordings of one question are not ten questions. <b>Corrected</b>: all comparisons of the table form one family, and so do those that were planned before the start; of tables without any true difference about one in twenty shows a false one. <b>Intervals</b> hold for all comparisons at once, so interval and verdict never contradict each other.</p>
<p>“No evidence” does not mean “equal”: each sentence says what size of difference would probably have been found. “Within ±2 points” does mean practically equal. An average over targets is about these targets; whether it holds for targets like these is a test of its own. The model, its assumptions, formulae and simulations stand in docs/methods.md of the lab.</p>`
