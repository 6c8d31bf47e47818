import { Option } from 'commander'
import { LabError } from '../../contract/error.ts'
import { placeSettingsSchema, type Place, type PlaceCheck } from '../../contract/places.ts'
import type { AddCommand } from './command.ts'
import { bytes, table } from './table.ts'
import { wholeNumber } from './numbers.ts'

interface AddFlags {
  kind: string
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

  places
    .command('add <name>')
    .description('add a place, and check it')
    .addOption(
      new Option('--kind <kind>', 'slurm, or process for a machine without a scheduler')
        .choices(['slurm', 'process'])
        .default('slurm')
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
    .option('--minutes <count>', 'Slurm: time limit of a turn; jobs go on in the next one', wholeNumber(1))
    .option(
      '--memory <megabytes>',
      'Slurm: memory of a job; default: as much as the job is thought to need, and twice that where it was too little',
      wholeNumber(1)
    )
    .option(
      '--gpus <count>',
      'Slurm: graphics processors of a job that can use them; one that needs one is given one anyway',
      wholeNumber(0)
    )
    .option('--sbatch <options...>', 'Slurm: further options, as --option=value')
    .action(
      run(async ({ client, print, note }, name: string, flags: AddFlags) => {
        const { memory, sbatch, ...rest } = flags
        const wanted = { ...rest, name, memoryMegabytes: memory, extra: sbatch }
        const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
        const settings = placeSettingsSchema.safeParse(given)
        if (!settings.success) {
          const problems = settings.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
          throw new LabError('bad-place', `This is no place: ${problems.join('; ')}.`, { details: { problems } })
        }
        const place = await client.places.add(settings.data)
        note('The place is being checked: connection, programs, a small job …')
        const check = await client.places.check({ id: place.id })
        print({ ...place, check }, `${place.id}\n${checkText(check)}`)
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
        const { jobs, objects } = contents
        const rows = jobs.map(({ id, state, bytes: size }) => [id, state, bytes(size)])
        print(
          contents,
          `${rows.length === 0 ? 'No jobs.' : table(['job', 'state', 'size'], rows)}\n${objects.count} files of data, ${bytes(objects.bytes)}`
        )
      })
    )

  places
    .command('clean <place>')
    .description('delete there what no unfinished job needs')
    .action(
      run(async ({ client, print }, id: string) => {
        const freed = await client.places.clean({ id })
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
