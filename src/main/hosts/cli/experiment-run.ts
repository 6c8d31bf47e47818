import { LabError } from '../../contract/error.ts'
import type { Experiment, ExperimentPlan, ExperimentSpec } from '../../contract/experiments.ts'
import type { CommandContext } from './command.ts'
import { comparisonText } from './comparison-text.ts'
import { followExperiment } from './experiment-follow.ts'
import type { BeginOptions } from './experiment-more.ts'
import { readSpecs, type SpecOptions } from './experiment-spec.ts'
import { listing } from './experiment-listings.ts'
import { writeText } from './files.ts'
import { planText } from './plan-text.ts'

export async function plan({ client, print }: CommandContext, specs: readonly ExperimentSpec[]): Promise<void> {
  const names = new Map((await client.targets.list()).map((target) => [target.id, target.name]))
  const plans: { spec: ExperimentSpec; plan: ExperimentPlan }[] = []
  for (const spec of specs) plans.push({ spec, plan: await client.experiments.plan(spec) })
  const texts = plans.map((one) => {
    const text = planText(one.spec, one.plan, (id) => names.get(id) ?? id)
    return plans.length === 1 ? text : `${one.spec.name}\n\n${text}`
  })
  print(plans.length === 1 ? plans[0] : plans, texts.join('\n\n'))
}

/** Where the HTML report goes, and whether it may take the place of a file. */
export interface ReportOptions {
  report?: string
  force?: true
}

interface RunOptions extends SpecOptions, ReportOptions {
  dryRun?: true
  detach?: true
}

/** Every experiment of the files, one after the other; one that fails does not keep the next from running. */
export async function runAll(context: CommandContext, files: string[], options: RunOptions): Promise<void> {
  const { client, print, note } = context
  const specs = await readSpecs(client, files, options)
  if (options.dryRun) return plan(context, specs)
  if (options.report !== undefined && specs.length > 1)
    throw new LabError(
      'bad-spec',
      'One report is asked for, and several experiments: write reports with "experiment export".'
    )
  if (specs.length === 1 && !options.detach) return finish(context, await client.experiments.start(specs[0]!), options)
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
export async function begin(
  context: CommandContext,
  spec: ExperimentSpec,
  { dryRun, detach }: BeginOptions
): Promise<void> {
  if (dryRun) return plan(context, [spec])
  const started = await context.client.experiments.start(spec)
  if (!detach) return finish(context, started)
  context.print(started, `Queued ${started.spec.name} as ${started.id}.`)
}

/** Follows an experiment to its end, prints the comparison, writes the report where one is wanted. */
export async function finish(
  context: CommandContext,
  started: Experiment,
  { report, force }: ReportOptions = {}
): Promise<void> {
  const { client, print } = context
  const ended = await followExperiment(context, started.id)
  const comparison = await client.compare.table({ experimentId: started.id })
  const runs = await client.experiments.runs({ id: started.id })
  let path: string | null = null
  if (report !== undefined) {
    const { text } = await client.compare.export({ experimentId: started.id, format: 'html' })
    path = await writeText(report, text, force)
  }
  const written = path === null ? '' : `\n\nReport: ${path}`
  // A report on the standard output stands there alone.
  if (report === undefined || path !== null)
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
