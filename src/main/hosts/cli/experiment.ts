import { Option } from 'commander'
import { type ExportFormat, exportFormatSchema } from '../../contract/comparison.ts'
import { metricNames, type MetricName } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { comparisonText } from './comparison-text.ts'
import { addImportAnswers } from './experiment-import.ts'
import { listing, type ListOrder, listOrders, runListing } from './experiment-listings.ts'
import { addLooks } from './experiment-look.ts'
import { addMore } from './experiment-more.ts'
import { begin, finish, plan, runAll, type ReportOptions } from './experiment-run.ts'
import { addScoring } from './experiment-score.ts'
import { addSpecOptions, readSpecs, type SpecOptions } from './experiment-spec.ts'
import { writeSaved, writeText } from './files.ts'
import { table } from './table.ts'
import { addThingVerbs } from './things.ts'

/** `experiment`: plan, run, look at, export and repeat experiments. */
export const addExperiment: AddCommand = (program, run) => {
  const experiment = program.command('experiment').description('plan, run, compare and repeat experiments')

  addSpecOptions(
    experiment.command('plan').description('what an experiment would do, how long it takes, what it can detect')
  ).action(
    run(async (context, files: string[], options: SpecOptions) =>
      plan(context, await readSpecs(context.client, files, options))
    )
  )

  addSpecOptions(experiment.command('run').description('run experiments to their end and compare the strategies'))
    .option('--dry-run', 'only say what would be done, as "experiment plan" does')
    .option('--report <new-file>', 'write the HTML report there')
    .option('--force', 'overwrite a report that is there already')
    .option('--detach', 'only queue it; a serving lab works on it')
    .action(run(runAll))

  experiment
    .command('presets')
    .description('the settings in which the paper, its released code and the other presets differ')
    .action(
      run(async ({ client, print }) => {
        const { columns, rows } = await client.experiments.differences({})
        print(
          { columns, rows },
          table(
            ['setting', ...columns],
            rows.map(({ path, values }) => [path, ...values]),
            []
          )
        )
      })
    )

  experiment
    .command('spec <experiment>')
    .description('write the study file of an experiment: things by name and content hash, all settings')
    .addOption(new Option('--format <format>', 'how to write it').choices(['yaml', 'json']).default('yaml'))
    .option('--out <new-file>', 'where to', '-')
    .option('--force', 'overwrite a file that is there already')
    .action(
      run(async ({ client, print }, id: string, options: { format: 'yaml' | 'json'; out: string; force?: true }) => {
        const { text } = await client.studies.write({ of: { experimentId: id }, format: options.format })
        const path = await writeText(options.out, text, options.force)
        if (path !== null) print({ path }, `Wrote ${path}`)
      })
    )

  experiment
    .command('resume <experiment>')
    .description('let a paused, failed or interrupted experiment go on to its end')
    .option('--report <new-file>', 'write the HTML report there')
    .option('--force', 'overwrite a report that is there already')
    .action(
      run(async (context, id: string, options: ReportOptions) =>
        finish(context, await context.client.experiments.resume({ id }), options)
      )
    )

  for (const verb of ['pause', 'cancel'] as const) {
    experiment
      .command(`${verb} <experiment>`)
      .description(`${verb} all runs of an experiment`)
      .action(
        run(async ({ client, print }, id: string) => {
          const changed = await client.experiments[verb]({ id })
          print(changed, listing([changed]))
        })
      )
  }

  experiment
    .command('list', { isDefault: true })
    .description('newest first, with the mean score of the best tuned strategy')
    .addOption(
      new Option('--sort <by>', 'score: the best first, those without one last; name: from A to Z')
        .choices(['started', 'score', 'name'] satisfies ListOrder[])
        .default('started')
    )
    .action(
      run(async ({ client, print }, options: { sort: ListOrder }) => {
        const all = (await client.experiments.list()).reverse().sort(listOrders[options.sort])
        print(all, all.length === 0 ? 'No experiments.' : listing(all))
      })
    )

  experiment
    .command('show <experiment>')
    .description('the comparison of an experiment, finished or not')
    .addOption(metricOption())
    .option('--runs', 'every run with its time')
    .action(
      run(async ({ client, print }, id: string, options: { metric?: MetricName; runs?: boolean }) => {
        const comparison = await client.compare.table({ experimentId: id, metric: options.metric })
        const runs = await client.experiments.runs({ id })
        const names = new Map((await client.targets.list()).map((target) => [target.id, target.name]))
        const text = comparisonText(comparison) + (options.runs === true ? `\n\n${runListing(runs, names)}` : '')
        print({ comparison, runs }, text)
      })
    )

  experiment
    .command('compare <experiment-or-run...>')
    .description('runs of several experiments side by side; each id is a run or a whole experiment')
    .addOption(metricOption())
    .option('--report <new-file>', 'write the HTML report there')
    .option('--force', 'overwrite a report that is there already')
    .action(
      run(async ({ client, print }, ids: string[], options: { metric?: MetricName; report?: string; force?: true }) => {
        const subject = { picks: await picksOf(client, ids) }
        const comparison = await client.compare.table({ ...subject, metric: options.metric })
        let report: string | null = null
        if (options.report !== undefined) {
          const { text } = await client.compare.export({ ...subject, format: 'html', metric: options.metric })
          report = await writeText(options.report, text, options.force)
          if (report === null) return
        }
        print({ comparison, report }, comparisonText(comparison) + (report === null ? '' : `\n\nReport: ${report}`))
      })
    )

  addMore(experiment, run, begin)
  addLooks(experiment, run)
  addScoring(experiment, run)
  addImportAnswers(experiment, run)

  experiment
    .command('export <experiment>')
    .description('write the comparison as a file')
    .addOption(
      new Option('--format <format>', 'how to write it').choices(exportFormatSchema.options).makeOptionMandatory()
    )
    .option('--out <new-file>', 'where to; "-" for standard output; default: a name of its own in this folder')
    .addOption(metricOption())
    .option(
      '--quality',
      'in the report (html) and in everything (json): how well the strategies retrieve, measured now'
    )
    .option('--force', 'overwrite a file that is there already')
    .action(
      run(async ({ client, print }, id: string, { format, out, metric, quality, force }: ExportOptions) => {
        const file = await client.compare.export({ experimentId: id, format, metric, quality: quality === true })
        const path = await writeSaved(out ?? file.fileName, file, force)
        if (path !== null) print({ path }, `Wrote ${path}`)
      })
    )

  experiment
    .command('repeat <experiment-or-run>')
    .description('compute a run, or every run of an experiment, once more and compare the numbers')
    .action(run(repeat))

  addThingVerbs(experiment, run, 'experiment')
}

/** A name that is none is wrong usage. */
const metricOption = () => new Option('--metric <metric>', 'another metric than the first').choices(metricNames)

interface ExportOptions {
  format: ExportFormat
  out?: string
  metric?: MetricName
  quality?: true
  force?: true
}

/** The finished runs that ids stand for, by experiment. Throws `not-found` for an id that is neither. */
async function picksOf(client: CommandContext['client'], ids: readonly string[]) {
  const experiments = await client.experiments.list()
  const all = await Promise.all(
    experiments.map(async ({ id }) => ({ experimentId: id, runs: await client.experiments.runs({ id }) }))
  )
  const picks = all.map(({ experimentId, runs }) => ({
    experimentId,
    runIds: runs
      .filter((run) => ids.includes(experimentId) || (ids.includes(run.id) && run.experimentId === experimentId))
      .filter((run) => run.status === 'finished')
      .map((run) => run.id)
  }))
  const known = new Set(picks.flatMap(({ experimentId, runIds }) => [experimentId, ...runIds]))
  const unknown = ids.find((id) => !known.has(id))
  if (unknown !== undefined)
    throw new LabError(
      'not-found',
      `"${unknown}" is no experiment and no finished run. "experiment list" and "experiment show <id> --runs" name them.`,
      { details: { id: unknown } }
    )
  return picks.filter(({ runIds }) => runIds.length > 0)
}

async function repeat({ client, follow, print }: CommandContext, id: string): Promise<void> {
  const known = (await client.experiments.list()).some((one) => one.id === id)
  const runs = known
    ? (await client.experiments.runs({ id })).filter((run) => run.status === 'finished').map((run) => run.id)
    : [id]
  const results: { runId: string; result: string }[] = []
  for (const runId of runs) {
    const job = await follow(await client.experiments.repeatRun({ runId }))
    const log = await client.jobs.log({ id: job.id, tail: 20 })
    results.push({
      runId,
      result: log.findLast((line) => line.text.startsWith('Repeats run'))?.text ?? 'No comparison was made.'
    })
  }
  print(results, results.map(({ result }) => result).join('\n'))
}
