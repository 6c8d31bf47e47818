import { InvalidArgumentError, Option } from 'commander'
import type { Client } from '../../contract/client.ts'
import {
  jobKinds,
  jobSchemas,
  jobStatusSchema,
  standingOf,
  type Job,
  type JobKind,
  type JobStatus
} from '../../contract/jobs.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { percent, table } from './table.ts'
import { placeNames, whereText } from './where-text.ts'
import { wholeNumber } from './numbers.ts'

/** `jobs`: list, look at, and steer them. */
export const addJobs: AddCommand = (program, run) => {
  const jobs = program.command('jobs').description('list and steer jobs')

  jobs
    .command('list', { isDefault: true })
    .description('newest first')
    .option('--status <status...>', `only these: ${jobStatusSchema.options.join(', ')}`, oneOf(jobStatusSchema.options))
    .option('--kind <kind...>', 'only these kinds', oneOf(jobKinds))
    .option('--text <text>', 'only with this in the title', '')
    .option('--limit <count>', 'how many at most', wholeNumber(1), 50)
    .action(
      run(async ({ client, print }, options: ListOptions) => {
        const { status = [], kind: kinds = [], text, limit } = options
        const page = await client.jobs.list({ status, kinds, text, limit })
        print(page, page.jobs.length === 0 ? 'No jobs.' : await listing(client, page.jobs, page.total))
      })
    )

  jobs
    .command('show <job>')
    .description('one job with its error')
    .action(
      run(async ({ client, print }, id: string) => {
        const job = await client.jobs.get({ id })
        print(job, [await listing(client, [job], 1), job.error?.message ?? ''].join('\n').trimEnd())
      })
    )

  jobs
    .command('log <job>')
    .description('what a job said')
    .option('--tail <lines>', 'how many lines', wholeNumber(1), 500)
    .action(
      run(async ({ client, print }, id: string, { tail }: { tail: number }) => {
        const lines = await client.jobs.log({ id, tail })
        print(lines, lines.map(({ time, level, text }) => `${time} ${level.padEnd(5)} ${text}`).join('\n'))
      })
    )

  for (const verb of ['pause', 'cancel'] as const) {
    jobs
      .command(`${verb} <job...>`)
      .description(`${verb} jobs`)
      .action(run(async (context, ids: string[]) => steer(context, ids, (id) => context.client.jobs[verb]({ id }))))
  }

  for (const verb of ['resume', 'retry'] as const) {
    jobs
      .command(`${verb} <job...>`)
      .description(verb === 'resume' ? 'let paused or interrupted jobs go on' : 'start jobs again that ended badly')
      .action(
        run(async (context, ids: string[]) => {
          const started: Job[] = []
          for (const id of ids) started.push(await context.client.jobs[verb]({ id }))
          const ended: Job[] = []
          for (const job of started) ended.push(await context.follow(job))
          context.print(ended, await listing(context.client, ended, ended.length))
        })
      )
  }

  jobs
    .command('priority')
    .argument('<number>', 'higher goes first', wholeNumber(-1000, 1000))
    .argument('<job...>', 'the jobs')
    .description('let waiting jobs start before (1, 2, …) or after (-1, …) the others')
    .action(
      run(async (context, priority: number, ids: string[]) =>
        steer(context, ids, (id) => context.client.jobs.setPriority({ id, priority }))
      )
    )

  jobs
    .command('remove <job...>')
    .description('forget jobs that are over')
    .action(
      run(async ({ client, print }, ids: string[]) => {
        for (const id of ids) await client.jobs.remove({ id })
        print({ removed: ids }, `Removed ${ids.length}.`)
      })
    )

  jobs
    .command('clear')
    .description('forget what has finished or was cancelled; jobs of experiments stay')
    .action(
      run(async ({ client, print }) => {
        const done = await client.jobs.clear()
        print(done, `Removed ${done.removed}.`)
      })
    )

  jobs
    .command('self-test')
    .description('run a small job to see that workers work here')
    .option('--steps <count>', 'how many steps', wholeNumber(1), 10)
    .addOption(
      new Option('--fail <how>', 'end badly')
        .choices(jobSchemas['self-test'].input.shape.fail.unwrap().options)
        .default('no')
    )
    .action(
      run(async ({ client, print, follow }, { steps, fail }: { steps: number; fail: 'no' }) => {
        const job = await follow(await client.jobs.selfTest({ steps, fail }))
        print(job, await listing(client, [job], 1))
      })
    )
}

interface ListOptions {
  status?: JobStatus[]
  kind?: JobKind[]
  text: string
  limit: number
}

async function steer(
  { client, print }: CommandContext,
  ids: string[],
  change: (id: string) => Promise<Job>
): Promise<void> {
  const changed: Job[] = []
  for (const id of ids) changed.push(await change(id))
  print(changed, await listing(client, changed, changed.length))
}

async function listing(client: Client, jobs: readonly Job[], total: number): Promise<string> {
  const names = await placeNames(client, jobs)
  const rows = jobs.map((job) => {
    const standing = standingOf(job)
    const done = standing === 'queued' ? '' : percent(job.progress?.fraction)
    return [job.id, job.kind, standing, done, job.title, whereText(job, names)]
  })
  const more = total > jobs.length ? `\n${total - jobs.length} more.` : ''
  // Jobs of this computer need no word about where they are.
  const width = names.size === 0 ? 5 : 6
  const head = ['id', 'kind', 'status', 'done', 'title', 'where'].slice(0, width)
  const body = rows.map((row) => row.slice(0, width))
  return table(head, body, ['done']) + more
}

/** Collects the values of an option that may be given several times. */
function oneOf<T extends string>(allowed: readonly T[]): (value: string, before?: T[]) => T[] {
  return (value, before = []) => {
    const found = allowed.find((name) => name === value)
    if (found === undefined) throw new InvalidArgumentError(`Use one of: ${allowed.join(', ')}.`)
    return [...before, found]
  }
}
