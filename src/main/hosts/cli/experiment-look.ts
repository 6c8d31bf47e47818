import { Option, type Command } from 'commander'
import { isUnscored } from '../../contract/comparison.ts'
import { heatMapBySchema, type HeatMapBy, type Lineage } from '../../contract/answers.ts'
import { untuned, usualStrategy } from '../../contract/strategies.ts'
import type { CommandContext, RunCommand } from './command.ts'
import { wholeNumber } from './numbers.ts'
import { qualityText } from './quality-text.ts'
import { table } from './table.ts'

/** A row counts as right from this score on, as on the screens. */
const rightFrom = 50

type Filter = (typeof filters)[number]

const filters = ['all', 'fixed', 'broken', 'all-wrong', 'all-right', 'differ'] as const

/** `experiment answers | retrieved | lineage | heat-map | settings`: what stands behind the table of a comparison. */
export function addLooks(experiment: Command, run: RunCommand): void {
  experiment
    .command('answers <experiment>')
    .description('test rows with the answer of every strategy')
    .requiredOption('--target <target>', 'the target')
    .option('--column <column>', 'a strategy', usualStrategy)
    .option('--against <column>', 'what it is held against', untuned)
    .addOption(
      new Option(
        '--filter <filter>',
        'fixed: right now, wrong before; default: fixed, or differ where nobody knows right answers'
      ).choices(filters)
    )
    .option('--round <round>', 'which query set', wholeNumber(1), 1)
    .option('--text <text>', 'only rows with this text', '')
    .option('--limit <count>', 'how many', wholeNumber(1), 20)
    .action(run(answers))
  experiment
    .command('retrieved <experiment>')
    .description('what every strategy retrieved for a target: tasks, overlap, the nearest examples')
    .requiredOption('--target <target>', 'the target')
    .option('--round <round>', 'which query set', wholeNumber(1), 1)
    .action(run(retrieved))
  experiment
    .command('lineage <run>')
    .description('from an answer to the upstream examples that its run was tuned on')
    .requiredOption('--target <target>', 'the target')
    .requiredOption('--row <row>', 'number of the test row', wholeNumber(1))
    .option('--limit <count>', 'how many examples', wholeNumber(1), 10)
    .action(run(lineage))
  experiment
    .command('heat-map <experiment>')
    .description('from which groups of tasks, or which tasks, a strategy retrieved, by target')
    .option('--column <column>', 'a strategy', usualStrategy)
    .addOption(new Option('--by <what>', 'one row for each').choices(heatMapBySchema.options).default('group'))
    .action(run(heatMap))
  experiment
    .command('quality <experiment>')
    .description('how well its strategies retrieve by themselves: recall, MRR, NDCG, with upstream examples as queries')
    .addOption(
      new Option('--by <what>', 'what comes from the same is right').choices(heatMapBySchema.options).default('task')
    )
    .option('--k <places>', 'how many places count', wholeNumber(1, 200), 10)
    .option('--queries <count>', 'queries of every task or group', wholeNumber(1, 200), 10)
    .action(run(quality))
  experiment
    .command('settings <experiment...>')
    .description('settings of experiments side by side; of several, only those that differ')
    .option('--all', 'also those that are the same')
    .action(run(settings))
}

async function quality(
  { client, print }: CommandContext,
  id: string,
  { by, k, queries: perName }: { by: HeatMapBy; k: number; queries: number }
): Promise<void> {
  const found = await client.compare.quality({ experimentId: id, by, k, perName })
  const parts = found.columns.map(({ label, measured, problem }) =>
    measured === null ? `${label}: ${problem}` : qualityText(label, measured)
  )
  print(
    found,
    parts.length === 0 ? 'None of its strategies looks at queries: there is nothing to measure.' : parts.join('\n\n')
  )
}

interface AnswerOptions {
  target: string
  column: string
  against: string
  filter?: Filter
  round: number
  text: string
  limit: number
}

async function answers({ client, print }: CommandContext, id: string, options: AnswerOptions): Promise<void> {
  const { target: targetId, round, filter, ...rest } = options
  const ask = (by: Filter) =>
    client.compare.examples({ experimentId: id, targetId, round: round - 1, ...rest, filter: by })
  const unscored = isUnscored(await client.compare.table({ experimentId: id }))
  const page = await ask(filter ?? (unscored ? 'differ' : 'fixed'))
  const counts = Object.entries(page.counts)
    .filter(([name]) => !unscored || name === 'all' || name === 'differ')
    .map(([name, count]) => `${name} ${count}`)
  const rows = page.rows.map(({ exampleId, input, references, answers: given }) =>
    [
      `#${exampleId} ${oneLine(input)}`,
      ...(references.length === 0 ? [] : [`  right answer: ${references.join(' | ')}`]),
      ...Object.entries(given).map(
        ([column, { output, score }]) =>
          `  ${score === null ? '·' : score >= rightFrom ? '✓' : '✗'} ${column}: ${output}`
      )
    ].join('\n')
  )
  print(page, [counts.join(', '), ...rows].join('\n\n'))
}

async function retrieved(
  { client, print }: CommandContext,
  id: string,
  { target, round }: { target: string; round: number }
): Promise<void> {
  const found = await client.compare.retrieved({ experimentId: id, targetId: target, round: round - 1 })
  const columns = found.columns.map(({ column, total, tasks, top }) =>
    [
      `${column}: ${total} examples of ${tasks.length} tasks`,
      taskTable(tasks),
      ...top.slice(0, 3).map((one) => `  ${exampleLine(one)}`)
    ].join('\n')
  )
  const overlap = found.overlap.map(
    ({ a, b, shared, jaccard }) =>
      `${a} and ${b} share ${shared} examples, ${(100 * jaccard).toFixed(1)} % of all of both.`
  )
  print(found, [...columns, ...(overlap.length === 0 ? [] : [overlap.join('\n')])].join('\n\n'))
}

async function lineage(
  { client, print }: CommandContext,
  runId: string,
  { target, row, limit }: { target: string; row: number; limit: number }
): Promise<void> {
  const found = await client.compare.lineage({ runId, targetId: target, exampleId: row })
  const { prediction, strategy, tasks } = found
  print(
    found,
    [
      `#${prediction.exampleId} ${oneLine(prediction.input)}`,
      `  right answer: ${prediction.references.join(' | ')}`,
      `  ${strategy}: ${prediction.output}`,
      '',
      tasks.length === 0 ? 'Nothing was retrieved for this run.' : taskTable(tasks),
      ...found.retrieved.slice(0, limit).map((one) => `  ${exampleLine(one)}`)
    ].join('\n')
  )
}

async function heatMap(
  { client, print }: CommandContext,
  id: string,
  { column, by }: { column: string; by: HeatMapBy }
): Promise<void> {
  const map = await client.compare.heatMap({ experimentId: id, column, by })
  const names = map.targets.map(({ name }) => name)
  const rows = map.rows.map((row, at) => [row, ...map.share[at]!.map((share) => `${(100 * share).toFixed(1)} %`)])
  print(map, table([by, ...names], rows, names))
}

async function settings({ client, print }: CommandContext, ids: string[], { all }: { all?: boolean }): Promise<void> {
  const rows = await client.compare.settings({ experimentIds: ids })
  const shown = ids.length === 1 || all === true ? rows : rows.filter(({ differs }) => differs)
  const text = table(
    ['setting', ...ids],
    shown.map(({ label, values }) => [label, ...values])
  )
  print(shown, shown.length === 0 ? 'All settings are the same.' : text)
}

function taskTable(tasks: Lineage['tasks']): string {
  const rows = tasks.slice(0, 8).map(({ task, group, count }) => [`  ${task}`, group, String(count)])
  const rest = tasks.slice(8).reduce((sum, { count }) => sum + count, 0)
  return table(
    ['  task', 'group', 'examples'],
    rest === 0 ? rows : [...rows, [`  ${tasks.length - 8} more`, '', String(rest)]],
    ['examples']
  )
}

function exampleLine(one: Lineage['retrieved'][number]): string {
  const score = one.score === null ? '' : `${one.score.toFixed(3)} `
  const from = one.queryText === null ? '' : ` ← ${oneLine(one.queryText, 60)}`
  const trail = one.trail?.map(({ stage, rank }) => `${stage} ${rank}`).join(' → ')
  const places = trail === undefined ? '' : `(${trail}) `
  return `${score}${places}${one.task}: ${oneLine(one.input)} → ${oneLine(one.outputs[0] ?? '', 40)}${from}`
}

/** Texts of many lines take one, and not a long one. */
function oneLine(text: string, most = 160): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim()
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat
}
