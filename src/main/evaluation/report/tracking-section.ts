import { compareSettings } from '../settings.ts'
import { columnOf } from '../columns.ts'
import { bytes, duration } from '../wording.ts'
import { card, escape, more, table } from './markup.ts'
import type { ReportData } from './report-data.ts'

/** What ran, on what, for how long, and how to run it again. */
export function trackingTables(data: ReportData): string {
  const finished = data.runs.flatMap((run) => (run.seconds ? [{ ...run, seconds: run.seconds }] : []))
  const total = (pick: (seconds: NonNullable<(typeof data.runs)[number]['seconds']>) => number): number =>
    finished.reduce((sum, run) => sum + pick(run.seconds), 0)
  const summary =
    finished.length === 0
      ? ''
      : `<p>${finished.length} runs took ${duration(total((seconds) => seconds.total))}: ${duration(total((seconds) => seconds.retrieve))} retrieving, ${duration(total((seconds) => seconds.tune))} tuning, ${duration(total((seconds) => seconds.evaluate))} evaluating.</p>`
  return [
    `<p>To run it again:</p>${data.experiments.map(({ command }) => `<code class="command">${escape(command)}</code>`).join('')}`,
    summary,
    card(identityTable(data)),
    more(`Every run (${data.runs.length})`, card(runTable(data))),
    more('Every setting', card(settingTable(data)))
  ].join('\n')
}

function identityTable(data: ReportData): string {
  const versions = Object.entries(Object.assign({}, ...data.runs.map((run) => run.versions)) as Record<string, string>)
  const rows = [
    ...data.identities.map(({ kind, name, hash }) => [
      escape(kind),
      escape(name),
      `<code class="hash">${escape(hash)}</code>`
    ]),
    ...versions.map(([name, version]) => [
      machine.has(name) ? 'machine' : 'software',
      escape(name),
      `<code>${escape(version)}</code>`
    ])
  ]
  return table(
    ['What', 'Name', 'Content hash or version'],
    rows.map((cells) => ({ cells })),
    {
      className: 'left',
      caption: 'The same hashes, versions and threads on the same provider give the same numbers.'
    }
  )
}

/** What of a run's versions is about the machine. */
const machine: ReadonlySet<string> = new Set(['platform', 'processor', 'threads'])

function runTable(data: ReportData): string {
  const rows = data.runs.map((run) => ({
    cells: [
      escape(columnOf(run).label),
      escape(placeOf(run.targetIds, data.names)),
      String(run.round + 1),
      String(run.seed),
      escape(run.provider ?? '–'),
      ...(run.seconds
        ? [run.seconds.retrieve, run.seconds.tune, run.seconds.evaluate, run.seconds.total].map((seconds) =>
            duration(seconds)
          )
        : ['–', '–', '–', '–']),
      run.peakBytes === null ? '–' : bytes(run.peakBytes),
      `<code>${escape(run.id)}</code>`
    ]
  }))
  const head = [
    'Strategy',
    'Target',
    'Round',
    'Seed',
    'Provider',
    'Retrieve',
    'Tune',
    'Evaluate',
    'Total',
    'Memory',
    'Run'
  ]
  return table(head, rows)
}

function placeOf(targetIds: readonly string[], names: ReadonlyMap<string, string>): string {
  return targetIds.length === 1 ? (names.get(targetIds[0]!) ?? targetIds[0]!) : `${targetIds.length} targets`
}

function settingTable(data: ReportData): string {
  const specs = data.experiments.map(({ spec }) => spec)
  const rows = compareSettings(specs, data.names).map(({ label, values }) => ({
    cells: [label, ...values].map(escape)
  }))
  const heads = specs.length === 1 ? ['Value'] : data.experiments.map(({ name }) => escape(name))
  return table(['Setting', ...heads], rows, { className: 'left' })
}
