import { Option, type Command } from 'commander'
import type { Client } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import { sweepSchema, type Experiment, type ExperimentSpec, type Sweep } from '../../contract/experiments.ts'
import { strategyNames, untuned, usesQueries, type StrategyName } from '../../contract/strategies.ts'
import { valueAt } from '../../naming/setting-path.ts'
import type { CommandContext, RunCommand } from './command.ts'
import { namedValues, pick, readSweep } from './experiment-spec.ts'
import { wholeNumber } from './numbers.ts'

/** What is done with a spec that was made of an earlier experiment: as `experiment run` does it. */
export type Begin = (context: CommandContext, spec: ExperimentSpec, options: BeginOptions) => Promise<void>

export interface BeginOptions {
  dryRun?: true
  detach?: true
}

interface AddOptions extends BeginOptions {
  name?: string
  targets?: string[]
  strategies?: StrategyName[]
  rounds?: number
  sweep?: string[]
}

interface TestOnOptions extends BeginOptions {
  name?: string
  on: string[]
  tunedFor?: string
}

/** `experiment add` and `experiment test-on`: what is there already is not computed again. */
export function addMore(experiment: Command, run: RunCommand, begin: Begin): void {
  withEnds(
    experiment
      .command('add <experiment>')
      .description('an experiment with more targets, strategies, rounds or values: only what is new is computed')
      .option('--targets <target...>', 'target tasks to add')
      .addOption(new Option('--strategies <strategies...>', 'strategies to add').choices(strategyNames))
      .option('--rounds <count>', 'how many rounds it shall have', wholeNumber(1))
      .option('--sweep <setting=values...>', 'values to add, e.g. retrieval.budget=64,256')
      .option('--name <name>', 'what to call it')
  ).action(
    run(async (context, id: string, options: AddOptions) =>
      begin(context, await withMore(context.client, await context.client.experiments.get({ id }), options), options)
    )
  )

  withEnds(
    experiment
      .command('test-on <experiment-or-run>')
      .description('test what a run or an experiment has tuned on other targets: kept weights are not tuned again')
      .requiredOption('--on <target...>', 'the targets to test it on')
      .option('--tuned-for <target>', 'the target that it was tuned for, where there are several')
      .option('--name <name>', 'what to call it')
  ).action(
    run(async (context, id: string, options: TestOnOptions) =>
      begin(context, await tested(context.client, id, options), options)
    )
  )
}

function withEnds(command: Command): Command {
  return command
    .option('--dry-run', 'only say what would be done')
    .option('--detach', 'only queue it; a serving lab works on it')
}

async function withMore(client: Client, { spec }: Experiment, options: AddOptions): Promise<ExperimentSpec> {
  const { name, rounds, strategies = [], targets = [], sweep = [] } = options
  if (rounds !== undefined && rounds < spec.rounds)
    throw new LabError('bad-spec', `The experiment has ${spec.rounds} rounds already. Ask for more than that.`)
  const known = await client.targets.list()
  const models = await client.models.list()
  return {
    ...spec,
    name: name ?? `${spec.name}, more`,
    targetIds: [...new Set([...spec.targetIds, ...targets.map((target) => pick('target', known, target))])],
    strategies: [...new Set([...spec.strategies, ...strategies])],
    rounds: rounds ?? spec.rounds,
    sweep: sweep.reduce((grown, one) => withValues(spec, grown, namedValues(readSweep(one), models)), spec.sweep)
  }
}

/** More values of a setting. One that had a single value so far keeps it as the first. */
function withValues(spec: ExperimentSpec, sweep: readonly Sweep[], { path, values }: Sweep): Sweep[] {
  const single = sweepSchema.safeParse({ path, values: [valueAt(spec, path)] })
  const before = sweep.find((one) => one.path === path)?.values ?? single.data?.values ?? []
  const grown = { path, values: [...before, ...values].filter((one, at, all) => all.indexOf(one) === at) }
  return sweep.some((one) => one.path === path)
    ? sweep.map((one) => (one.path === path ? grown : one))
    : [...sweep, grown]
}

/** The spec of a test elsewhere. Throws `bad-spec` where it is not clear for which target it was tuned. */
async function tested(client: Client, id: string, { on, tunedFor, name }: TestOnOptions): Promise<ExperimentSpec> {
  const { spec, only } = await sourceOf(client, id)
  const known = await client.targets.list()
  const nameOf = (targetId: string) => known.find((one) => one.id === targetId)?.name ?? targetId
  const candidates = only?.targetIds ?? spec.targetIds
  const asked = tunedFor === undefined ? null : pick('target', known, tunedFor)
  const target = asked ?? spec.tuneFor ?? (candidates.length === 1 ? candidates[0]! : null)
  const strategies: StrategyName[] = only ? [untuned, only.strategy] : spec.strategies
  const looks = strategies.some((one) => usesQueries(one, spec.retrieval))
  if (target === null && looks)
    throw new LabError(
      'bad-spec',
      `It was tuned for ${candidates.map(nameOf).join(', ')}. Say with --tuned-for which of these tunings to test.`
    )
  const targetIds = on.map((one) => pick('target', known, one))
  return {
    ...spec,
    ...{ strategies, targetIds, tuneFor: looks ? target : null, planned: [] },
    name: name ?? `${spec.name}, tested on ${targetIds.map(nameOf).join(', ')}`
  }
}

/** The experiment that is meant, and the run where a run is. Throws `not-found`. */
async function sourceOf(client: Client, id: string) {
  const experiments = await client.experiments.list()
  const whole = experiments.find((one) => one.id === id || one.spec.name === id)
  if (whole) return { spec: whole.spec, only: null }
  for (const one of experiments) {
    const run = (await client.experiments.runs({ id: one.id })).find((other) => other.id === id)
    if (run) return { spec: one.spec, only: run }
  }
  throw new LabError('not-found', `There is no experiment and no run "${id}".`, { details: { id } })
}
