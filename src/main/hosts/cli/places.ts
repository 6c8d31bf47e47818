import { Option, type Command } from 'commander'
import { LabError } from '../../contract/error.ts'
import {
  placeSettingsSchema,
  type Place,
  type PlaceCheck,
  type PlaceContents,
  type PlaceSettings
} from '../../contract/places.ts'
import type { AddCommand } from './command.ts'
import { bytes, duration, table } from './table.ts'
import { wholeNumber } from './numbers.ts'

interface Flags {
  name?: string
  kind?: string
  ssh?: string
  sshConfig?: string
  folder?: string
  atOnce?: number
  threads?: number
  partition?: string
  account?: string
  minutes?: number
  memory?: number
  gpus?: number
  sbatch?: string[]
}

/** `places`: where jobs may compute besides this computer: list, add, check, clean and remove them. */
export const addPlaces: AddCommand = (program, run) => {
  const places = program
    .command('places')
    .description('where jobs may compute: this computer, Slurm, machines behind SSH')

  places
    .command('list', { isDefault: true })
    .description('all places')
    .action(
      run(async ({ client, print }) => {
        const all = await client.places.list()
        print(all, listing(all))
      })
    )

  withSettings(places.command('add <name>'))
    .description('add a place, and check it')
    .action(
      run(async ({ client, print, note }, name: string, flags: Flags) => {
        const place = await client.places.add(settingsOf({ name }, flags))
        note('The place is being checked: connection, programs, a small job …')
        const check = await client.places.check({ id: place.id })
        print({ ...place, check }, `${place.id}\n${checkText(check)}`)
        refuseBroken(check)
      })
    )

  withSettings(places.command('change <place>'))
    .description('use a place otherwise than before, and check it; what is not said stays')
    .option('--name <name>', 'another name')
    .action(
      run(async ({ client, print, note }, id: string, flags: Flags) => {
        const before = (await client.places.list()).find((one) => one.id === id)!.settings
        const place = await client.places.change({ id, settings: settingsOf(before, flags) })
        note('The place is being checked: connection, programs, a small job …')
        const check = await client.places.check({ id })
        print({ ...place, check }, checkText(check))
        refuseBroken(check)
      })
    )

  places
    .command('check <place>')
    .description('connect, put the programs there, run a small job')
    .action(
      run(async ({ client, print }, id: string) => {
        const check = await client.places.check({ id })
        print(check, checkText(check))
        refuseBroken(check)
      })
    )

  places
    .command('contents <place>')
    .description('what the lab has put there')
    .action(
      run(async ({ client, print }, id: string) => {
        const contents = await client.places.contents({ id })
        print(contents, contentsText(contents))
      })
    )

  places
    .command('clean <place>')
    .description('delete there what no unfinished job needs: ended jobs, data, programs of other versions of the lab')
    .option('--everything', 'all that any lab of yours has put there, where no job is unfinished', false)
    .action(
      run(async ({ client, print }, id: string, { everything }: { everything: boolean }) => {
        const freed = await client.places.clean({ id, everything })
        print(freed, `${bytes(freed.freedBytes)} are free again.`)
      })
    )

  places
    .command('remove <place>')
    .description('take a place off the list; what lies there stays, clean it first')
    .action(
      run(async ({ client, print }, id: string) => {
        const name = (await client.places.list()).find((one) => one.id === id)?.settings.name ?? id
        await client.places.remove({ id })
        print({ id }, `${name} is off the list.`)
      })
    )
}

/** The options that say how a place is reached and used. */
function withSettings(command: Command): Command {
  return command
    .addOption(
      new Option('--kind <kind>', 'slurm, or process for a machine without a scheduler; a new place: slurm').choices([
        'slurm',
        'process'
      ])
    )
    .option('--ssh <host>', 'a host of your ssh configuration, or user@host; without it, this computer')
    .option('--ssh-config <ssh-file>', 'another ssh configuration than your own')
    .option(
      '--folder <folder-there>',
      'where the lab keeps its things there (default: .recross-lab in your home folder there)'
    )
    .option(
      '--at-once <count>',
      'jobs that run there at the same time; with Slurm 0: as many as it likes',
      wholeNumber(0)
    )
    .option('--threads <count>', 'threads, and with Slurm cores, of a job', wholeNumber(1))
    .option('--partition <name>', 'Slurm: partition')
    .option('--account <name>', 'Slurm: account')
    .option(
      '--minutes <count>',
      'Slurm: time limit of a turn; jobs go on in the next one; 0: the partition’s own',
      wholeNumber(0)
    )
    .option(
      '--memory <megabytes>',
      'Slurm: memory of a job; default: as much as the job is thought to need, and twice that where it was too little (0)',
      wholeNumber(0)
    )
    .option(
      '--gpus <count>',
      'Slurm: graphics processors of a job that can use them; one that needs one is given one anyway',
      wholeNumber(0)
    )
    .option('--sbatch <options...>', 'Slurm: further options, as --option=value')
}

/** What was there before, and what the options say otherwise. Throws `bad-place`. */
function settingsOf(before: Partial<PlaceSettings>, { memory, sbatch, ...rest }: Flags): PlaceSettings {
  const said = Object.entries({ ...rest, memoryMegabytes: memory, extra: sbatch })
  const given = Object.fromEntries(
    said
      .filter(([, value]) => value !== undefined)
      // An empty word takes back what was said before.
      .map(([name, value]) => [name, value === '' ? null : value])
  )
  const settings = placeSettingsSchema.safeParse({ kind: 'slurm', ...before, ...given })
  if (settings.success) return settings.data
  const problems = settings.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new LabError('bad-place', `This is no place: ${problems.join('; ')}.`, { details: { problems } })
}

function contentsText({ jobs, objects, bundles, scripts }: PlaceContents): string {
  const rows = jobs.map(({ id, state, bytes: size, changedAt }) => [id, state, bytes(size), age(changedAt)])
  const programs = bundles.map(({ hash, whole, bytes: size, putAt, inUse }) => [
    hash.slice(0, 12),
    inUse ? 'in use' : whole ? 'of another version, not in use' : 'did not come over whole',
    bytes(size),
    age(putAt)
  ])
  return [
    rows.length === 0 ? 'No jobs.' : table(['job', 'state', 'size', 'age'], rows, ['size', 'age']),
    ...(programs.length === 0 ? [] : [table(['programs', 'state', 'size', 'age'], programs, ['size', 'age'])]),
    `${objects.count} files of data, ${bytes(objects.bytes)}; ${scripts.count} files for Slurm, ${bytes(scripts.bytes)}`
  ].join('\n\n')
}

/** How long ago something was, by the clocks of both machines. */
function age(when: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(when)) / 1000)
  return seconds < 2 * 86_400 ? duration(seconds) : `${Math.floor(seconds / 86_400)} days`
}

function listing(all: readonly Place[]): string {
  const rows = all.map(({ id, settings, check }) => [
    id,
    settings.name,
    settings.kind,
    settings.ssh ?? 'this computer',
    check === null ? 'not checked' : check.works ? 'works' : 'does not work'
  ])
  const here = ['', 'this computer', 'workers', '', 'works']
  return table(['id', 'name', 'kind', 'where', 'last check'], [here, ...rows])
}

function checkText({ steps }: PlaceCheck): string {
  return steps.map(({ name, works, found }) => `${works ? 'ok    ' : 'FAILED'} ${name}: ${found}`).join('\n')
}

function refuseBroken({ works, steps }: PlaceCheck): void {
  if (!works) throw new LabError('place-not-working', `The place cannot be used yet: ${steps.at(-1)!.found}`)
}
