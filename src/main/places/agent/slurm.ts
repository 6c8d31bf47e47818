import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LabError } from '../../contract/error.ts'
import { writeWholeNow } from '../../files/durable.ts'
import { explainSlurm } from './explain-slurm.ts'
import type { Partition } from '../../contract/places.ts'
import type { Forecast, SlurmOptions } from './protocol.ts'
import { notShared } from '../not-shared.ts'
import { readJson } from './read-json.ts'

const run = promisify(execFile)
const limits = { timeout: 60_000, maxBuffer: 64 << 20 }

/** A job as the scheduler sees it. */
export interface Task {
  state: 'waiting' | 'running' | 'ended'
  /** The node, the reason why it waits, or how it ended. */
  where: string
  /** Its turn among this user's waiting tasks, from 1. */
  position?: number
  /** When Slurm expects it to start. */
  expected?: string
}

/** Slurm, by its own commands. Arguments are handed over one by one: no shell reads them. */
export class Slurm {
  readonly #batches: string

  constructor(batches: string) {
    this.#batches = batches
  }

  /** Null where there is none. */
  async describe(): Promise<{ version: string; partitions: Partition[] } | null> {
    try {
      const { stdout: version } = await run('sinfo', ['--version'], limits)
      const { stdout } = await run('sinfo', ['-h', '-o', '%P|%a|%D|%c|%m|%l|%G'], limits)
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
            gpus: gpus === '(null)' ? '' : gpus
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
    mkdirSync(this.#batches, { recursive: true, mode: 0o700 })
    const batch = join(this.#batches, 'forecast')
    writeWholeNow(`${batch}.sh`, script)
    const asked = ['--test-only', ...argumentsOf(1, options), `${batch}.sh`, process.execPath, worker, `${batch}.list`]
    try {
      const { stdout, stderr } = await run('sbatch', asked, limits)
      const startsAt = /to start at (\S+)/.exec(`${stdout}\n${stderr}`)?.[1] ?? null
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
    mkdirSync(this.#batches, { recursive: true, mode: 0o700 })
    const batch = join(this.#batches, randomBytes(6).toString('hex'))
    writeWholeNow(`${batch}.list`, folders.map((folder) => `${folder}\n`).join(''))
    writeWholeNow(`${batch}.sh`, script)
    let id: string
    try {
      const given = execFileSync(
        'sbatch',
        [
          ...argumentsOf(folders.length, options),
          ...dependencyOn(after),
          `${batch}.sh`,
          process.execPath,
          worker,
          `${batch}.list`
        ],
        {
          ...limits,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe']
        }
      )
      id = given.trim().split(';')[0]!
    } catch (thrown) {
      throw explainSlurm(thrown)
    }
    for (const [task, folder] of folders.entries())
      writeWholeNow(join(folder, 'slurm.json'), JSON.stringify({ task: `${id}_${task}` }))
  }

  cancel(folder: string): void {
    const known = taskOf(folder)
    if (known === null) return
    try {
      execFileSync('scancel', [known], { ...limits, stdio: 'ignore' })
    } catch {
      // It has ended by itself.
    }
  }

  /** By folder, of those that were handed to Slurm: undefined for others. */
  async tasksOf(folders: readonly string[]): Promise<Map<string, Task | null>> {
    const known = new Map(folders.flatMap((folder) => entryOf(folder)))
    const found = new Map<string, Task | null>()
    if (known.size === 0) return found
    const running = await queue()
    for (const [folder, task] of known) {
      const over = ['result.json', 'error.json'].some((name) => existsSync(join(folder, name)))
      found.set(folder, running.get(task) ?? { state: 'ended', where: over ? '' : await whyEnded(task) })
    }
    return found
  }
}

/** Every task of this user, by one call. */
async function queue(): Promise<Map<string, Task>> {
  try {
    const { stdout } = await run('squeue', ['--me', '-h', '-r', '-S', '-p,i', '-o', '%i|%T|%N|%r|%S'], limits)
    let turn = 0
    return new Map<string, Task>(
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line): [string, Task] => {
          const [id = '', state = '', node = '', reason = '', start = ''] = line.split('|')
          const waits = ['PENDING', 'CONFIGURING', 'REQUEUED', 'SUSPENDED', 'REQUEUE_HOLD', 'SPECIAL_EXIT'].includes(
            state
          )
          if (!waits) return [id, { state: 'running', where: node }]
          const expected = start === 'N/A' || start === '' ? {} : { expected: start.replace('T', ' ') }
          return [id, { state: 'waiting', where: reason, position: ++turn, ...expected }]
        })
    )
  } catch (thrown) {
    throw explainSlurm(thrown)
  }
}

/** What Slurm remembers of a task that is not in its queue any more: `TIMEOUT`, `OUT_OF_MEMORY`, …; empty where it has forgotten. */
async function whyEnded(task: string): Promise<string> {
  const controller = await said('scontrol', ['show', 'job', task, '-o'])
  if (controller !== '')
    return endOf(
      /\bJobState=(\w+)/.exec(controller)?.[1],
      /\bExitCode=(\d+):/.exec(controller)?.[1],
      /\bBatchHost=(\S+)/.exec(controller)?.[1]
    )
  const asked = ['-n', '-X', '-P', '-o', 'State,ExitCode,NodeList', '-j', task]
  const [state, code, node] = (await said('sacct', asked)).split('\n')[0]!.split('|')
  return endOf(/^\w+/.exec(state ?? '')?.[0], code?.split(':')[0], node)
}

function endOf(state = '', code = '', node = ''): string {
  return Number(code) === notSeenCode ? `${notShared} ${node}`.trim() : state
}

async function said(program: string, options: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(program, [...options], limits)
    return stdout.trim()
  } catch {
    // scontrol forgets after some minutes; sacct exists only where there is an accounting database.
    return ''
  }
}

/** How long before its end a task is told of it: two minutes, and of a short time a quarter. */
function warningSeconds(minutes: number): number {
  return minutes === 0 ? 120 : Math.min(120, Math.max(10, minutes * 15))
}

/** Throws `bad-slurm-option`. */
function argumentsOf(count: number, options: SlurmOptions): string[] {
  const { name, atOnce, partition, account, minutes, cores, memoryMegabytes, gpus, extra } = options
  for (const option of extra)
    if (!/^--[a-z][a-z-]*(=[^\0\n]*)?$/.test(option))
      throw new LabError(
        'bad-slurm-option',
        `"${option}" is no option of sbatch. Write one a line, as --option=value, for instance --constraint=avx512.`
      )
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
    ...(gpus === 0 || extra.some((option) => /^--(gres|gpus)/.test(option)) ? [] : [`--gres=gpu:${gpus}`]),
    ...extra
  ]
}

/** How the script ends where the node does not see what the login node has put there. */
const notSeenCode = 76

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
    const task = taskOf(folder)
    if (task === null) throw new LabError('bad-request', `The job in ${folder} was not handed to Slurm.`)
    return task
  })
  return tasks.length === 0 ? [] : [`--dependency=afterok:${tasks.join(':')}`]
}

function entryOf(folder: string): [string, string][] {
  const task = taskOf(folder)
  return task === null ? [] : [[folder, task]]
}

function taskOf(folder: string): string | null {
  return readJson<{ task: string }>(join(folder, 'slurm.json'))?.task ?? null
}
