import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Commands } from '../../src/main/places/agent/commands.ts'

interface FakeTask {
  id: string
  comment: string
  folder: string
  state: 'PENDING' | 'RUNNING' | 'OVER'
  reason: string
  /** Looks for which it has been running. */
  age: number
  /** It runs in Slurm's mind only. */
  ghost?: true
  after: string[]
  end: { state: string; code: number }
}

/** What may happen at one of the calls of Slurm's programs. */
export type Trouble =
  | 'unreachable'
  | 'zero-bytes'
  | 'timed-out-after'
  | 'forgets'
  | 'node-dies'
  | 'worker-killed'
  | 'time-is-up'
  | 'launch-held'
  | 'disk-full'
  | 'files-late'
  | 'cancelled-there'
  | 'no-room-for-more'
  | 'old-state'
  | 'ghost'

/**
 * Slurm's programs as a table: time goes on by one step with every squeue. What its tasks do is what a worker does to a job's folder.
 * `trouble` happens at the `at`-th call.
 */
export class FakeSlurm implements Commands {
  readonly tasks: FakeTask[] = []
  /** How often each job was computed to its end. */
  readonly computed = new Map<string, number>()
  calls = 0
  #next = 1
  #limits = 0
  #squeues = 0
  readonly #plan: { trouble: Trouble; at: number } | null

  constructor(plan: { trouble: Trouble; at: number } | null = null) {
    this.#plan = plan
  }

  /** Twenty seconds go by from one squeue to the next. */
  clock(): number {
    return this.#squeues * 20_000
  }

  now(program: string, args: readonly string[]): string {
    const trouble = this.#troubleNow()
    if (program === 'scancel') return this.#cancel(args[0]!)
    if (trouble === 'timed-out-after') {
      this.#take(args)
      throw Object.assign(new Error('spawnSync sbatch ETIMEDOUT'), { code: 'ETIMEDOUT', stderr: '' })
    }
    return this.#take(args)
  }

  soon(program: string, args: readonly string[]): Promise<string> {
    return Promise.resolve().then(() => this.#answer(program, args))
  }

  #answer(program: string, args: readonly string[]): string {
    if (program === 'squeue') {
      this.#squeues++
      this.#troubleNow()
      this.#step()
      return this.#queue()
    }
    if (program === 'scontrol' && args[0] === 'show') return this.#show(args[2]!)
    if (program === 'scancel') return this.#cancel(args[0]!)
    if (program !== 'scontrol') throw said(`${program} is not there`)
    for (const task of this.tasks) {
      if (args[0] === 'release' && task.id === args[1] && task.reason.includes('held')) task.reason = 'Priority'
      if (args[0] === 'update' && `JobId=${task.id}` === args[1] && args[2] === 'Dependency=') task.after = []
    }
    return ''
  }

  #take(args: readonly string[]): string {
    const folders = readFileSync(args.at(-1)!, 'utf8').trim().split('\n')
    if (this.#limits > 0 && folders.length > 0) {
      this.#limits--
      throw said(
        "Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)"
      )
    }
    const of = (option: string) => args.find((arg) => arg.startsWith(`--${option}=`))?.slice(option.length + 3) ?? ''
    const after = of('dependency').split(':').slice(1)
    const id = this.#next++
    for (const [at, folder] of folders.entries())
      this.tasks.push({
        ...{ id: `${id}_${at}`, comment: of('comment'), folder, state: 'PENDING', reason: 'None', age: 0, after },
        end: { state: 'COMPLETED', code: 0 }
      })
    return `${id}\n`
  }

  #cancel(id: string): string {
    for (const task of this.tasks) if (task.id === id && task.state !== 'OVER') end(task, 'CANCELLED', 0)
    return ''
  }

  #queue(): string {
    const open = this.tasks.filter(({ state }) => state !== 'OVER')
    return open
      .map(({ id, state, reason, comment, after }) => {
        const why = state === 'PENDING' && after.length > 0 ? 'Dependency' : reason
        return `${id}|${state}|n1|${why}|N/A|${comment}\n`
      })
      .join('')
  }

  #show(id: string): string {
    const task = this.tasks.findLast((one) => one.id === id)
    if (task === undefined) throw said('slurm_load_jobs error: Invalid job id specified')
    return `JobId=${id} JobState=${task.end.state} ExitCode=${task.end.code}:0 BatchHost=n1`
  }

  /** Throws what the program says. */
  #troubleNow(): Trouble | null {
    const now = ++this.calls === this.#plan?.at ? this.#plan.trouble : null
    const running = this.tasks.find(({ state }) => state === 'RUNNING')
    const waiting = this.tasks.find(({ state }) => state === 'PENDING')
    if (now === 'unreachable') throw said('Unable to contact slurm controller (connect failure)')
    if (now === 'zero-bytes') throw said('slurm_load_jobs error: Zero Bytes were transmitted or received')
    if (now === 'forgets') {
      // What was running runs on without anybody knowing of it, and its number is given to somebody else.
      this.tasks.splice(0)
      this.#next = 1
    }
    if (now === 'node-dies' && running !== undefined) end(running, 'NODE_FAIL', 0)
    if (now === 'worker-killed' && running !== undefined) end(running, 'FAILED', 137)
    if (now === 'time-is-up' && running !== undefined) end(running, 'TIMEOUT', 0)
    if (now === 'disk-full' && running !== undefined) end(running, 'FAILED', 75)
    if (now === 'cancelled-there' && waiting !== undefined) end(waiting, 'CANCELLED', 0)
    if (now === 'files-late' && running !== undefined) running.end = { state: 'COMPLETED', code: -1 }
    if (now === 'launch-held' && waiting !== undefined) waiting.reason = 'launch failed requeued held'
    if (now === 'no-room-for-more') this.#limits = 3
    // The controller was killed, and begins with what it had known a while ago.
    if (now === 'old-state')
      for (const task of this.tasks) if (task.state === 'OVER') Object.assign(task, { state: 'RUNNING', ghost: true })
    if (now === 'ghost' && running !== undefined) running.ghost = true
    return now
  }

  #step(): void {
    for (const task of this.tasks) {
      if (task.end.code === -1 && task.state === 'OVER') {
        task.end.code = 0
        this.#work(task)
      }
      if (task.state === 'RUNNING' && task.ghost !== true && ++task.age > 2) this.#work(task)
      if (task.state !== 'PENDING' || task.reason.includes('held')) continue
      if (this.tasks.filter(({ state }) => state === 'RUNNING').length >= 2) continue
      const before = task.after.map((id) => this.tasks.findLast((one) => one.id === id))
      if (before.some((one) => one !== undefined && one.state !== 'OVER')) continue
      if (before.some((one) => one === undefined || one.end.code !== 0 || one.end.state !== 'COMPLETED'))
        end(task, 'CANCELLED', 0)
      else task.state = 'RUNNING'
    }
  }

  /** What the script of a node and the worker on a folder do. */
  #work(task: FakeTask): void {
    const { folder } = task
    const has = (name: string) => existsSync(join(folder, name))
    const leave = (name: string, content: unknown) => writeFileSync(join(folder, name), JSON.stringify(content))
    if (!has('job.json')) return end(task, 'FAILED', 76)
    if (task.end.code === -1) return end(task, 'COMPLETED', -1)
    const { folder: own } = JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8')) as { folder: string }
    leave('holder-1.json', null)
    if (has('result.json')) return end(task, 'COMPLETED', 0)
    if (has('error.json')) return end(task, 'FAILED', 1)
    if (has('cancel')) {
      leave('error.json', { cancelled: true, error: { code: 'cancelled', message: '', details: {}, cause: null } })
      leave('ended.json', { code: 1 })
      return end(task, 'FAILED', 1)
    }
    if (has('pause')) {
      leave('ended.json', { code: 75 })
      return end(task, 'FAILED', 75)
    }
    const id = basename(folder)
    this.computed.set(id, (this.computed.get(id) ?? 0) + 1)
    leave('result.json', { version: 1, output: { of: id, own }, files: [], host: 'n1' })
    leave('ended.json', { code: 0 })
    end(task, 'COMPLETED', 0)
  }
}

/** Somebody clears the folder of a job away. */
export function deleteFolder(root: string, id: string): void {
  rmSync(join(root, 'jobs', id), { recursive: true, force: true })
}

function end(task: FakeTask, state: string, code: number): void {
  task.state = 'OVER'
  task.end = { state, code }
}

function said(stderr: string): Error {
  return Object.assign(new Error('Command failed: sbatch --array=0-1 --account=a'), { stderr })
}
