import { Option } from 'commander'
import { exportFormatSchema, type ExportFormat } from '../../contract/comparison.ts'
import type { Experiment, ExperimentPlan, ExperimentSpec, Run } from '../../contract/experiments.ts'
import { LabError } from '../../contract/error.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { comparisonText } from './comparison-text.ts'
import { followExperiment } from './experiment-follow.ts'
import { planText } from './plan-text.ts'
import { addLooks } from './experiment-look.ts'
import { addMore, type BeginOptions } from './experiment-more.ts'
import { addImportAnswers } from './experiment-import.ts'
import { addScoring } from './experiment-score.ts'
import { addSpecOptions, readSpecs, type SpecOptions } from './experiment-spec.ts'
import { newPath, writeSaved, writeText } from './files.ts'
import { duration, table } from './table.ts'
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
    .option('--report <file>', 'write the HTML report there')
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
    .command('spec <id>')
    .description('write the study file of an experiment: things by name and content hash, all settings')
    .addOption(new Option('--format <format>', 'how to write it').choices(['yaml', 'json']).default('yaml'))
    .option('--out <file>', 'where to', '-')
    .option('--force', 'overwrite a file that is there already')
    .action(
      run(async ({ client, print }, id: string, options: { format: 'yaml' | 'json'; out: string; force?: true }) => {
        const { text } = await client.studies.write({ of: { experimentId: id }, format: options.format })
        const path = await writeText(options.out, text, options.force)
        if (path !== null) print({ path }, `Wrote ${path}`)
      })
    )

  experiment
    .command('resume <id>')
    .description('let a paused, failed or interrupted experiment go on to its end')
    .option('--report <file>', 'write the HTML report there')
    .option('--force', 'overwrite a report that is there already')
    .action(
      run(async (context, id: string, { report, force }: { report?: string; force?: true }) => {
        const path = report === undefined ? undefined : newPath(report, force)
        await finish(context, await context.client.experiments.resume({ id }), path)
      })
    )

  for (const verb of ['pause', 'cancel'] as const) {
    experiment
      .command(`${verb} <id>`)
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
    .description('newest first')
    .action(
      run(async ({ client, print }) => {
        const all = (await client.experiments.list()).reverse()
        print(all, all.length === 0 ? 'No experiments.' : listing(all))
      })
    )

  experiment
    .command('show <id>')
    .description('the comparison of an experiment, finished or not')
    .option('--metric <metric>', 'another metric than the first')
    .option('--runs', 'every run with its time')
    .action(
      run(async ({ client, print }, id: string, options: { metric?: 'em'; runs?: boolean }) => {
        const comparison = await client.compare.table({ experimentId: id, metric: options.metric })
        const runs = await client.experiments.runs({ id })
        const names = new Map((await client.targets.list()).map((target) => [target.id, target.name]))
        const text = comparisonText(comparison) + (options.runs === true ? `\n\n${runListing(runs, names)}` : '')
        print({ comparison, runs }, text)
      })
    )

  experiment
    .command('compare <ids...>')
    .description('runs of several experiments side by side; each id is a run or a whole experiment')
    .option('--metric <metric>', 'another metric than the first')
    .option('--report <file>', 'write the HTML report there')
    .option('--force', 'overwrite a report that is there already')
    .action(
      run(async ({ client, print }, ids: string[], options: { metric?: 'em'; report?: string; force?: true }) => {
        const subject = { picks: await picksOf(client, ids) }
        const comparison = await client.compare.table({ ...subject, metric: options.metric })
        const report = options.report === undefined ? null : newPath(options.report, options.force)
        if (report !== null) {
          const { text } = await client.compare.export({ ...subject, format: 'html', metric: options.metric })
          await writeText(report, text, options.force)
        }
        print({ comparison, report }, comparisonText(comparison) + (report === null ? '' : `\n\nReport: ${report}`))
      })
    )

  addMore(experiment, run, begin)
  addLooks(experiment, run)
  addScoring(experiment, run)
  addImportAnswers(experiment, run)

  experiment
    .command('export <id>')
    .description('write the comparison as a file')
    .addOption(
      new Option('--format <format>', 'how to write it').choices(exportFormatSchema.options).makeOptionMandatory()
    )
    .option('--out <file>', 'where to; "-" for standard output; default: a name of its own in this folder')
    .option('--metric <metric>', 'another metric than the first')
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
    .command('repeat <id>')
    .description('compute a run, or every run of an experiment, once more and compare the numbers')
    .action(run(repeat))

  addThingVerbs(experiment, run, 'experiment')
}

interface ExportOptions {
  format: ExportFormat
  out?: string
  metric?: 'em'
  quality?: true
  force?: true
}

async function plan({ client, print }: CommandContext, specs: readonly ExperimentSpec[]): Promise<void> {
  const names = new Map((await client.targets.list()).map((target) => [target.id, target.name]))
  const plans: { spec: ExperimentSpec; plan: ExperimentPlan }[] = []
  for (const spec of specs) plans.push({ spec, plan: await client.experiments.plan(spec) })
  const texts = plans.map((one) => {
    const text = planText(one.spec, one.plan, (id) => names.get(id) ?? id)
    return plans.length === 1 ? text : `${one.spec.name}\n\n${text}`
  })
  print(plans.length === 1 ? plans[0] : plans, texts.join('\n\n'))
}

interface RunOptions extends SpecOptions {
  dryRun?: true
  report?: string
  force?: true
  detach?: true
}

/** Every experiment of the files, one after the other; one that fails does not keep the next from running. */
async function runAll(context: CommandContext, files: string[], options: RunOptions): Promise<void> {
  const { client, print, note } = context
  const specs = await readSpecs(client, files, options)
  if (options.dryRun) return plan(context, specs)
  if (options.report !== undefined && specs.length > 1)
    throw new LabError(
      'bad-spec',
      'One report is asked for, and several experiments: write reports with "experiment export".'
    )
  const report = options.report === undefined ? undefined : newPath(options.report, options.force)
  if (specs.length === 1 && !options.detach) return finish(context, await client.experiments.start(specs[0]!), report)
  const started: Experiment[] = []
  for (const spec of specs) started.push(await client.experiments.start(spec))
  if (options.detach)
    return print(
      started.length === 1 ? started[0] : started,
      started.map(({ id, spec }) => `Queued ${spec.name} as ${id}.`).join('\n')
    )
  const ended: Experiment[] = []
  for (const { id, spec } of started) {
    note(spec.name)
    ended.push(await followExperiment(context, id))
  }
  print(ended, listing(ended))
  const open = ended.filter(({ status }) => status !== 'finished')
  if (open.length > 0)
    throw new LabError(
      'job-not-finished',
      `${open.length} of ${ended.length} experiments have not finished. "experiment resume <id>" goes on.`,
      { details: { ids: open.map(({ id }) => id) } }
    )
}

/** A spec that was made of an earlier experiment is planned, queued or run to its end. */
async function begin(context: CommandContext, spec: ExperimentSpec, { dryRun, detach }: BeginOptions): Promise<void> {
  if (dryRun) return plan(context, [spec])
  const started = await context.client.experiments.start(spec)
  if (!detach) return finish(context, started)
  context.print(started, `Queued ${started.spec.name} as ${started.id}.`)
}

/** Follows an experiment to its end, prints the comparison, writes the report where one is wanted. */
export async function finish(context: CommandContext, started: Experiment, report?: string): Promise<void> {
  const { client, print } = context
  const ended = await followExperiment(context, started.id)
  const comparison = await client.compare.table({ experimentId: started.id })
  const runs = await client.experiments.runs({ id: started.id })
  let path: string | null = null
  if (report !== undefined) {
    const { text } = await client.compare.export({ experimentId: started.id, format: 'html' })
    path = await writeText(report, text, true)
  }
  const written = path === null ? '' : `\n\nReport: ${path}`
  print({ experiment: ended, comparison, runs, report: path }, comparisonText(comparison) + written)
  if (ended.status !== 'finished')
    throw new LabError(
      'job-not-finished',
      `The experiment is ${ended.status}: ${ended.finishedRuns} of ${ended.runs} runs have finished. "experiment resume ${ended.id}" goes on.`,
      {
        details: { id: ended.id, status: ended.status }
      }
    )
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

function listing(experiments: readonly Experiment[]): string {
  const rows = experiments.map(({ id, spec, status, runs, finishedRuns }) => [
    id,
    status,
    `${finishedRuns}/${runs}`,
    spec.name
  ])
  return table(['id', 'status', 'runs', 'name'], rows, ['runs'])
}

function runListing(runs: readonly Run[], names: ReadonlyMap<string, string>): string {
  const rows = runs.map((run) => [
    run.id,
    run.ablatedGroup === null ? run.strategy : `${run.strategy} without ${run.ablatedGroup}`,
    run.targetIds.length === 1 ? (names.get(run.targetIds[0]!) ?? run.targetIds[0]!) : `all ${run.targetIds.length}`,
    String(run.round + 1),
    run.status,
    run.seconds === null ? '' : duration(run.seconds.tune),
    run.seconds === null ? '' : duration(run.seconds.evaluate),
    run.seconds === null ? '' : duration(run.seconds.total)
  ])
  return table(['run', 'strategy', 'target', 'round', 'status', 'tune', 'evaluate', 'total'], rows, [
    'round',
    'tune',
    'evaluate',
    'total'
  ])
}
