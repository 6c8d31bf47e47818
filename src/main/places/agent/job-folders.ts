import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../contract/error.ts'
import { errorFileSchema, jobFileSchema, resultFileSchema } from '../../contract/job-folder.ts'
import { freeBytes } from '../../files/disk-error.ts'
import { removeInside } from '../../files/remove.ts'
import type { PlaceContents } from '../../contract/places.ts'
import { bytesUnder } from './bytes-under.ts'
import type { JobState, Look } from './protocol.ts'
import { processLives } from './processes.ts'
import { readJson } from './read-json.ts'
import type { Slurm } from './slurm.ts'
import { putBack, type Task } from './slurm-queue.ts'

/** A disk with less room, in bytes, is a reason for a worker to end. */
const leastRoom = 1 << 20
/** At most so much of a progress file in one answer. */
const pieceBytes = 4 << 20
const lastWordsBytes = 4000

/** The folders of jobs below a place's root, and what state they are in. */
export class JobFolders {
  readonly #path: string
  readonly #slurm: Slurm
  /** Jobs whose result has been looked at, and what results consist of, by content. */
  readonly #seen = new Set<string>()
  readonly #made = new Map<string, string>()

  constructor(path: string, slurm: Slurm) {
    this.#path = path
    this.#slurm = slurm
  }

  /** Throws `bad-request` for what is no name. */
  folder(id: string): string {
    if (!/^[\w-]{1,80}$/.test(id)) throw new LabError('bad-request', `"${id}" is no name of a job.`)
    return join(this.#path, id)
  }

  /** A file of a job's own folder that its result names, and no other. */
  ownFile(id: string, path: string): string {
    const folder = this.folder(id)
    const result = resultFileSchema.parse(readJson(join(folder, 'result.json')))
    const job = jobFileSchema.parse(readJson(join(folder, 'job.json')))
    if (!result.files.some((file) => file.path === path))
      throw new LabError('bad-request', `The result of "${id}" has no file ${path}.`)
    return join(folder, 'home', job.folder, path)
  }

  /** One question to the scheduler for all of them. */
  async look(jobs: readonly { id: string; offset: number }[]): Promise<Look[]> {
    const folders = jobs.map(({ id }) => this.folder(id))
    // Before the files: what ends in between has written its result by then.
    const tasks = await this.#slurm.tasksOf(folders)
    return jobs.map(({ id, offset }, at) => lookAt(id, folders[at]!, offset, tasks.get(folders[at]!)))
  }

  /** Those that have their result. */
  done(jobs: readonly { id: string; offset: number }[]): Look[] {
    return jobs
      .filter(({ id }) => existsSync(this.folder(id)) && readdirSync(this.folder(id)).includes('result.json'))
      .map(({ id, offset }) => lookAt(id, this.folder(id), offset, undefined))
      .filter(({ state }) => state === 'done')
  }

  /** Waits until nothing works on a job any more, but not for ever. */
  async untilEnded(id: string, milliseconds: number): Promise<void> {
    for (const end = performance.now() + milliseconds; performance.now() < end; await sleep(200)) {
      const [look] = await this.look([{ id, offset: Number.MAX_SAFE_INTEGER }])
      if (look!.state !== 'running' && look!.state !== 'waiting') return
    }
  }

  async list(): Promise<PlaceContents['jobs']> {
    const ids = readdirSync(this.#path)
    const looks = await this.look(ids.map((id) => ({ id, offset: Number.MAX_SAFE_INTEGER })))
    const bytes = await Promise.all(ids.map((id) => bytesUnder(this.folder(id))))
    return looks.map(({ id, state }, at) => {
      const changedAt = statSync(this.folder(id)).mtime.toISOString()
      return { id, state, bytes: bytes[at]!, changedAt }
    })
  }

  /** Programs with which jobs run or wait here; null for one that was handed in by a lab that did not write it down. */
  async programs(): Promise<(string | null)[]> {
    const ids = readdirSync(this.#path)
    const looks = await this.look(ids.map((id) => ({ id, offset: Number.MAX_SAFE_INTEGER })))
    return looks
      .filter(({ state }) => state === 'running' || state === 'waiting')
      .map(({ id }) => readJson<{ worker: string }>(join(this.folder(id), 'programs.json'))?.worker ?? null)
  }

  /** The path of a file with this content that a job has made here; null where none has. */
  madeHere(sha256: string): string | null {
    for (const id of readdirSync(this.#path)) if (!this.#seen.has(id)) this.#see(id)
    const path = this.#made.get(sha256)
    return path !== undefined && existsSync(path) ? path : null
  }

  #see(id: string): void {
    const folder = this.folder(id)
    const result = resultFileSchema.safeParse(readJson(join(folder, 'result.json')))
    const job = jobFileSchema.safeParse(readJson(join(folder, 'job.json')))
    if (!result.success || !job.success) return
    this.#seen.add(id)
    for (const { sha256, path } of result.data.files)
      this.#made.set(sha256, join(folder, 'home', job.data.folder, path))
  }

  /** Does a job that is kept here need this content? */
  uses(sha256: string): boolean {
    return readdirSync(this.#path).some((id) => {
      const path = join(this.folder(id), 'job.json')
      // An agent that is killed when it has made a folder leaves one without a job.
      return existsSync(path) && readFileSync(path, 'utf8').includes(sha256)
    })
  }

  /** A job without a result that takes up that of another. */
  #waitingFor(id: string): string | undefined {
    return readdirSync(this.#path).find((other) => {
      if (existsSync(join(this.folder(other), 'result.json'))) return false
      const job = jobFileSchema.safeParse(readJson(join(this.folder(other), 'job.json')))
      return job.success && job.data.after.includes(id)
    })
  }

  /** Gives the bytes. Throws `in-use` while it runs, or while another waits for its result. */
  async remove(id: string): Promise<number> {
    const folder = this.folder(id)
    if (!existsSync(folder)) return 0
    const [look] = await this.look([{ id, offset: Number.MAX_SAFE_INTEGER }])
    if (look!.state === 'running' || look!.state === 'waiting')
      throw new LabError('in-use', `The job "${id}" is ${look!.state} there. Cancel it first.`)
    const waiting = this.#waitingFor(id)
    if (waiting !== undefined)
      throw new LabError('in-use', `The job "${waiting}" waits there for the result of "${id}". Cancel it first.`)
    const bytes = await bytesUnder(folder)
    await removeInside(this.#path, folder)
    return bytes
  }
}

function lookAt(id: string, folder: string, offset: number, task: Task | null | undefined): Look {
  // Of ten thousand jobs in a queue only those that run or have ended have anything to tell.
  if (task?.state === 'waiting') return waitingLook(id, offset, task)
  const result = resultFileSchema.safeParse(readJson(join(folder, 'result.json')))
  const error = errorFileSchema.safeParse(readJson(join(folder, 'error.json')))
  const process = stateOf(folder, task)
  // An error counts once its process has ended: the job may be started again at once.
  const ended = process !== 'running' && process !== 'waiting'
  const state = result.success ? 'done' : error.success && ended ? 'failed' : process
  return {
    id,
    state,
    ...newLines(join(folder, 'progress.jsonl'), offset),
    where: task?.where ?? '',
    position: task?.position ?? null,
    expected: task?.expected ?? null,
    result: result.success ? { output: result.data.output, files: result.data.files } : null,
    error: error.success ? error.data : null,
    lastWords: state === 'gone' ? lastWords(join(folder, 'log')) : ''
  }
}

function waitingLook(id: string, offset: number, { where, position, expected }: Task): Look {
  const known = { state: 'waiting' as const, lines: '', offset: offset === Number.MAX_SAFE_INTEGER ? 0 : offset }
  return {
    ...{ id, ...known, where, position: position ?? null, expected: expected ?? null },
    ...{ result: null, error: null, lastWords: '' }
  }
}

function stateOf(folder: string, task: Task | null | undefined): JobState {
  if (task != null && task.state !== 'ended') return task.state
  const lives = processLives(folder)
  if (lives === true) return 'running'
  if (task?.where === putBack) return 'handed-back'
  const ended = readJson<{ code: number }>(join(folder, 'ended.json'))
  // Without room on the disk a worker cannot even leave word that it wants to go on.
  if (ended === null && lives === false && (freeBytes(folder) ?? leastRoom) < leastRoom) return 'handed-back'
  if (ended !== null) return ended.code === 0 || ended.code === 1 ? 'gone' : 'handed-back'
  return lives === null && task === undefined ? 'new' : 'gone'
}

function newLines(path: string, offset: number): { lines: string; offset: number } {
  if (!existsSync(path)) return { lines: '', offset: offset === Number.MAX_SAFE_INTEGER ? 0 : offset }
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const from = Math.min(offset, size)
    const piece = Buffer.alloc(Math.min(pieceBytes, size - from))
    const read = readSync(file, piece, 0, piece.length, from)
    const whole = piece.subarray(0, read).lastIndexOf(10) + 1
    return { lines: piece.subarray(0, whole).toString('utf8'), offset: from + whole }
  } finally {
    closeSync(file)
  }
}

function lastWords(path: string): string {
  try {
    return readFileSync(path).subarray(-lastWordsBytes).toString('utf8')
  } catch {
    return ''
  }
}
