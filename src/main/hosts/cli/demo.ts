import { meanAtOnce } from './at-once.ts'
import { demoExperiment, demoName } from '../../features/experiments/demo.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { finish, type ReportOptions } from './experiment-run.ts'
import { freeName } from './files.ts'
import { duration } from './table.ts'

/** `demo`: the whole main job on the bundled data and models, from nothing to the report. */
export const addDemo: AddCommand = (program, run) => {
  program
    .command('demo')
    .description('retrieve, tune, evaluate and compare on the bundled demo, ending in a report')
    .option(
      '--report <new-file>',
      'where to write the report; default: report.html in this folder, or the next free name'
    )
    .option('--force', 'overwrite a report that is there already')
    .option('--dry-run', 'only say how long it takes on this computer; nothing is installed', false)
    .action(run(runDemo))
}

async function runDemo(
  context: CommandContext,
  { report, force, dryRun }: ReportOptions & { dryRun: boolean }
): Promise<void> {
  const { client, note, print } = context
  if (dryRun) {
    const time = await client.experiments.demoTime({})
    const how = time.measured ? 'measured here' : 'very roughly, as a job computes here'
    return print(time, `The demo takes about ${duration(time.seconds)} on this computer (${how}).`)
  }
  const started = Date.now()
  note('Installing the demo.')
  const demo = await client.data.installDemo({})
  const known = (await client.experiments.list()).findLast((one) => one.spec.name === demoName)
  const open = known && known.status !== 'finished'
  const experiment = open
    ? await client.experiments.resume({ id: known.id })
    : await client.experiments.start(demoExperiment(demo))
  await finish(context, experiment, { report: report ?? freeName('report', '.html'), ...(force && { force }) })
  const runs = await client.experiments.runs({ id: experiment.id })
  const { jobs } = await client.jobs.list({ experimentId: experiment.id, kinds: ['run-strategy'], limit: 1000 })
  const atOnce = meanAtOnce(jobs)
  const sum = (phase: 'retrieve' | 'tune' | 'evaluate') =>
    runs.reduce((total, { seconds }) => total + (seconds?.[phase] ?? 0), 0) / atOnce
  const built = (await client.indices.list()).filter((index) => Date.parse(index.createdAt) >= started)
  const indexing = built.reduce((total, index) => total + index.seconds, 0)
  const phases = `indexing ${duration(indexing)}, retrieving ${duration(sum('retrieve'))}, tuning ${duration(sum('tune'))}, evaluating ${duration(sum('evaluate'))}`
  if (open) return note(`Work of all attempts: ${phases}.`)
  const wall = (Date.now() - started) / 1000
  const worked = indexing + sum('retrieve') + sum('tune') + sum('evaluate')
  const rest = Math.max(0, wall - worked)
  note(
    `${duration(wall)} in all, ${atOnce.toFixed(1)} runs at once: ${phases}; installing and all else ${duration(rest)} (${((100 * rest) / wall).toFixed(1)} %).`
  )
}
