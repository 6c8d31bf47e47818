import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Experiment, Run } from '../../contract/experiments.ts'
import { LabError } from '../../contract/error.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { comparisonText } from './comparison-text.ts'
import { followExperiment } from './experiment-follow.ts'
import { planText } from './plan-text.ts'
import { addLooks } from './experiment-look.ts'
import { addSpecOptions, readSpec, type SpecOptions } from './experiment-spec.ts'
import { duration, table } from './table.ts'
import { addThingVerbs } from './things.ts'

const formats = { csv: 'csv', json: 'json', latex: 'tex', html: 'html' } as const

/** `experiment`: plan, run, look at, export and repeat experiments. */
export const addExperiment: AddCommand = (program, run) => {
  const experiment = program.command('experiment').description('plan, run, compare and repeat experiments')

  addSpecOptions(
    experiment.command('plan').description('what an experiment would do, how long it takes, what it can detect')
  ).action(
    run(async ({ client, print }, options: SpecOptions) => {
      const spec = await readSpec(client, options)
      const plan = await client.experiments.plan(spec)
      const names = new Map((await client.targets.list()).map((target) => [target.id, target.name]))
      print(
        { spec, plan },
        planText(spec, plan, (id) => names.get(id) ?? id)
      )
    })
  )

  addSpecOptions(experiment.command('run').description('run an experiment to its end and compare the strategies'))
    .option('--report <file>', 'write the HTML report there')
    .option('--detach', 'only queue it; a serving lab works on it')
    .action(
      run(async (context, options: SpecOptions & { report?: string; detach?: boolean }) => {
        const { client, print } = context
        const started = await client.experiments.start(await readSpec(client, options))
        if (options.detach === true) return print(started, `Queued as ${started.id}.`)
        await finish(context, started, options.report)
      })
    )

  experiment
    .command('resume <id>')
    .description('let a paused, failed or interrupted experiment go on to its end')
    .option('--report <file>', 'write the HTML report there')
    .action(
      run(async (context, id: string, { report }: { report?: string }) => {
        await finish(context, await context.client.experiments.resume({ id }), report)
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
    .action(
      run(async ({ client, print }, ids: string[], options: { metric?: 'em'; report?: string }) => {
        const subject = { picks: await picksOf(client, ids) }
        const comparison = await client.compare.table({ ...subject, metric: options.metric })
        const report = options.report === undefined ? null : resolve(options.report)
        if (report !== null) {
          const { text } = await client.compare.export({ ...subject, format: 'html', metric: options.metric })
          await writeFile(report, text)
        }
        print({ comparison, report }, comparisonText(comparison) + (report === null ? '' : `\n\nReport: ${report}`))
      })
    )

  addLooks(experiment, run)

  experiment
    .command('export <id>')
    .description('write the comparison as a file')
    .requiredOption('--format <format>', 'csv, json, latex or html')
    .option('--out <file>', 'where to; default: a name of its own in this folder')
    .option('--metric <metric>', 'another metric than the first')
    .action(
      run(async ({ client, print }, id: string, options: { format: string; out?: string; metric?: 'em' }) => {
        const format = checkedFormat(options.format)
        const { fileName, text } = await client.compare.export({ experimentId: id, format, metric: options.metric })
        const path = resolve(options.out ?? fileName)
        await writeFile(path, text)
        print({ path }, `Wrote ${path}`)
      })
    )

  experiment
    .command('repeat <id>')
    .description('compute a run, or every run of an experiment, once more and compare the numbers')
    .action(run(repeat))

  addThingVerbs(experiment, run, 'experiment')
}

/** Follows an experiment to its end, prints the comparison, writes the report where one is wanted. */
export async function finish(context: CommandContext, started: Experiment, report?: string): Promise<void> {
  const { client, print } = context
  const ended = await followExperiment(context, started.id)
  const comparison = await client.compare.table({ experimentId: started.id })
  const runs = await client.experiments.runs({ id: started.id })
  let path: string | null = null
  if (report !== undefined) {
    path = resolve(report)
    await writeFile(path, (await client.compare.export({ experimentId: started.id, format: 'html' })).text)
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

function checkedFormat(format: string): keyof typeof formats {
  if (format in formats) return format as keyof typeof formats
  throw new LabError('bad-format', `There is no format "${format}". Use one of: ${Object.keys(formats).join(', ')}.`)
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
