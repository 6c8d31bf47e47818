import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { noneIfEmpty } from '../../contract/none-if-empty.ts'
import { LabError } from '../../contract/error.ts'
import { readOptions } from '../../contract/sbatch-options.ts'
import { writeWholeNow } from '../../files/durable.ts'
import { explainSlurm } from './explain-slurm.ts'
import type { Partition } from '../../contract/places.ts'
import { installedCommands, type Commands } from './commands.ts'
import { Batches, handedOf } from './batches.ts'
import { Repairs } from './repairs.ts'
import { lostBySlurm, type Forecast, type SlurmOptions } from './protocol.ts'
import { commentOf, notSeenCode, queue, whyEnded, type Queued, type Task } from './slurm-queue.ts'

/** Slurm, by its own commands. Arguments are handed over one by one: no shell reads them. */
export class Slurm {
  readonly #batches: Batches
  readonly #folder: string
  readonly #repairs: Repairs
  readonly #commands: Commands

  constructor(batches: string, commands: Commands = installedCommands) {
    this.#commands = commands
    this.#folder = batches
    this.#batches = new Batches(batches)
    this.#repairs = new Repairs(commands)
  }

  /** Null where there is none. */
  async describe(): Promise<{ version: string; partitions: Partition[] } | null> {
    try {
      const version = await this.#commands.soon('sinfo', ['--version'])
      const stdout = await this.#commands.soon('sinfo', ['-h', '-o', '%P|%a|%D|%c|%m|%l|%G'])
      const partitions = stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [name = '', state = '', nodes = '', cores = '', memory = '', timeLimit = '', gpus = ''] =
            line.split('|')
          return {
            name: name.replace(/\*$/, ''),
            usual: name.endsWith('*'),
            state,
            nodes: Number(nodes),
            cores: Number.parseInt(cores),
            memoryMegabytes: Number.parseInt(memory),
            timeLimit,
            gpus: gpus === '(null)' ? null : noneIfEmpty(gpus)
          }
        })
      return { version: version.trim().replace(/^slurm(-wlm)? /, ''), partitions }
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw explainSlurm(thrown)
    }
  }

  /** What Slurm estimates for one more task, which is not handed in. Throws what it says against the options, in plain words. */
  async forecast(worker: string, options: SlurmOptions): Promise<Forecast> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const batch = join(this.#folder, 'forecast')
    writeWholeNow(`${batch}.sh`, script)
    const asked = ['--test-only', ...argumentsOf(1, options), `${batch}.sh`, process.execPath, worker, `${batch}.list`]
    try {
      const startsAt = /to start at (\S+)/.exec(await this.#commands.soon('sbatch', asked))?.[1] ?? null
      // Slurm writes the time of this machine's zone, which is how a time without a zone is read.
      const at = startsAt === null ? NaN : Date.parse(startsAt)
      return {
        startsAt: startsAt?.replace('T', ' ') ?? null,
        inSeconds: Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1000)
      }
    } catch (thrown) {
      throw explainSlurm(thrown)
    }
  }

  /**
   * One array for all folders; each of them remembers its task. None of them starts before the jobs in `after` have ended well; where
   * one of those does not, Slurm takes these out of its queue. Throws what Slurm says, in plain words.
   */
  submit(folders: readonly string[], worker: string, options: SlurmOptions, after: readonly string[] = []): void {
    const wanted = [...argumentsOf(folders.length, options), ...dependencyOn(after)]
    const batch = this.#batches.begin(folders, script)
    const asked = [...wanted, commentOf(batch.name)]
    let id: string
    try {
      const given = this.#commands.now('sbatch', [...asked, batch.script, process.execPath, worker, batch.list])
      id = given.trim().split(';')[0]!
    } catch (thrown) {
      const why = explainSlurm(thrown)
      // Where the controller was not heard it may have it all the same, and is asked for it by name.
      if (why.code !== 'slurm-unreachable') this.#batches.settle(batch.name)
      throw why
    }
    this.#batches.complete(batch.name, id)
  }

  cancel(folder: string): void {
    const known = handedOf(folder)
    if (known === null) return
    try {
      this.#commands.now('scancel', [known.task])
    } catch {
      // It has ended by itself.
    }
  }

  /** By folder, of those that were handed to Slurm: undefined for others. */
  async tasksOf(folders: readonly string[]): Promise<Map<string, Task | null>> {
    const found = new Map<string, Task | null>()
    const open = this.#batches.open()
    if (open.length === 0 && folders.every((folder) => handedOf(folder) === null)) return found
    const tasks = await queue(this.#commands)
    this.#findOpen(open, tasks)
    for (const folder of folders) {
      const handed = handedOf(folder)
      if (handed === null) continue
      const task = tasks.get(handed.task)
      // A controller that was killed may have forgotten an array, and given its number to another one.
      const own =
        task === undefined || task.batch === null || task.batch === (handed.batch ?? task.batch) ? task : undefined
      found.set(folder, own ?? { state: 'ended', where: await this.#whyEnded(folder, handed.task, task !== undefined) })
    }
    await this.#repairs.look(tasks, (id, { batch }) => (batch === null ? null : this.#batches.folderOf(batch, id)))
    return found
  }

  /** What was needed to hand in arrays. */
  scripts(): { count: number; bytes: number } {
    return this.#batches.size()
  }

  /** Deletes what was needed to hand in arrays that are over; gives the bytes. Throws what Slurm says, in plain words. */
  async clean(): Promise<number> {
    const tasks = await queue(this.#commands)
    return this.#batches.removeUnused(new Set([...tasks.values()].flatMap(({ batch }) => batch ?? [])))
  }

  /** Arrays whose number an agent that was killed could not write down. */
  #findOpen(open: readonly string[], tasks: ReadonlyMap<string, Queued>): void {
    for (const name of open) {
      const id = [...tasks].find(([, { batch }]) => batch === name)?.[0].split('_')[0]
      if (id === undefined) this.#batches.settle(name)
      else this.#batches.complete(name, id)
    }
  }

  async #whyEnded(folder: string, task: string, anothers: boolean): Promise<string> {
    // A listing of a folder is asked of its server, where a single name that was missed may be remembered as missing for a while.
    const names = readdirSync(folder)
    if (names.includes('result.json') || names.includes('error.json')) return ''
    if (this.#repairs.hasEnded(task)) return lostBySlurm
    const why = anothers ? '' : await whyEnded(this.#commands, task)
    return why === '' ? lostBySlurm : why
  }
}

/** How long before its end a task is told of it: two minutes, and of a short time a quarter. */
function warningSeconds(minutes: number): number {
  return minutes === 0 ? 120 : Math.min(120, Math.max(10, minutes * 15))
}

/** Throws `bad-slurm-option`. */
function argumentsOf(count: number, options: SlurmOptions): string[] {
  const { name, atOnce, partition, account, minutes, cores, memoryMegabytes, gpus, extra } = options
  // Of a place that an earlier version of the lab took in, perhaps.
  const further = readOptions(extra)
  const wanted = (value: string | number | null, option: string) =>
    value === null || value === 0 ? [] : [`--${option}=${value}`]
  return [
    '--parsable',
    `--job-name=${name}`,
    `--array=0-${count - 1}${atOnce > 0 ? `%${atOnce}` : ''}`,
    '--requeue',
    '--open-mode=append',
    `--signal=B:USR1@${warningSeconds(minutes)}`,
    '--output=/dev/null',
    '--nodes=1',
    '--ntasks=1',
    '--kill-on-invalid-dep=yes',
    ...wanted(partition, 'partition'),
    ...wanted(account, 'account'),
    ...wanted(minutes, 'time'),
    ...wanted(cores, 'cpus-per-task'),
    ...wanted(memoryMegabytes, 'mem'),
    // An owner who says which kind of graphics processor has said it all.
    ...(gpus === 0 || further.some((option) => /^--(gres|gpus)/.test(option)) ? [] : [`--gres=gpu:${gpus}`]),
    ...further
  ]
}

/**
 * What a node runs: Node, the worker and the list of folders come as arguments. Signals of Slurm go on to the worker; one that
 * wants to go on later is put back into the queue, unless the lab paused it.
 */
const script = `#!/bin/sh
folder=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" "$3" 2>/dev/null)
[ -n "$folder" ] && [ -x "$1" ] && [ -r "$2" ] && cd "$folder" || exit ${notSeenCode}
umask 077
"$1" "$2" "$folder" >>"$folder/log" 2>&1 &
worker=$!
trap 'kill -USR1 $worker' USR1
trap 'kill -TERM $worker' TERM
wait $worker
code=$?
while kill -0 $worker 2>/dev/null; do wait $worker; code=$?; done
if [ $code -eq 75 ] && [ ! -e "$folder/pause" ] && [ ! -e "$folder/cancel" ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" && sleep 60
fi
exit $code
`

/** Those that have their result already need not be waited for. Throws `bad-request` where one was never handed in. */
function dependencyOn(folders: readonly string[]): string[] {
  const open = folders.filter((folder) => !existsSync(join(folder, 'result.json')))
  const tasks = open.map((folder) => {
    const handed = handedOf(folder)
    if (handed === null) throw new LabError('bad-request', `The job in ${folder} was not handed to Slurm.`)
    return handed.task
  })
  return tasks.length === 0 ? [] : [`--dependency=afterok:${tasks.join(':')}`]
}
