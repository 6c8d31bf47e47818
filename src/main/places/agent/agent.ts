import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { jobFileSchema } from '../../contract/job-folder.ts'
import { writeWholeNow } from '../../files/durable.ts'
import { removeInside, removeInsideNow } from '../../files/remove.ts'
import { Bundles } from './bundles.ts'
import { installedCommands, type Commands } from './commands.ts'
import { hello } from './hello.ts'
import { JobFolders } from './job-folders.ts'
import { Objects } from './objects.ts'
import type { Look, Verb, Verbs } from './protocol.ts'
import { startProcess, stopProcess } from './processes.ts'
import { Slurm } from './slurm.ts'

/** How long a process that was told to end may take. */
const endMilliseconds = 15_000

type Answers = { [V in Verb]: (ask: Verbs[V]['ask'], body: Buffer) => Promise<Verbs[V]['answer']> | Verbs[V]['answer'] }

/** What the lab does on a machine where jobs run: keeps contents and job folders below one root, starts and watches jobs. */
export class Agent {
  readonly #objects: Objects
  readonly #jobs: JobFolders
  readonly #slurm: Slurm
  readonly #bundles: Bundles
  readonly #worker: string
  readonly #root: string
  #piece: Buffer = Buffer.alloc(0)

  constructor(root: string, worker: string, commands: Commands = installedCommands) {
    mkdirSync(join(root, 'jobs'), { recursive: true, mode: 0o700 })
    this.#root = root
    this.#worker = worker
    this.#objects = new Objects(join(root, 'objects'))
    this.#bundles = new Bundles(join(root, 'bundle'))
    this.#slurm = new Slurm(join(root, 'batches'), commands)
    this.#jobs = new JobFolders(join(root, 'jobs'), this.#slurm)
  }

  /** Throws `bad-request` for what it does not know. */
  async answer(verb: string, ask: unknown, body: Buffer): Promise<{ value: unknown; bytes: Buffer }> {
    const answers = this.#answers as Record<string, ((ask: unknown, body: Buffer) => unknown) | undefined>
    const work = Object.hasOwn(this.#answers, verb) ? answers[verb] : undefined
    if (work === undefined)
      throw new LabError('bad-request', `The agent does not know "${verb}". Put the same version on both sides.`)
    this.#piece = Buffer.alloc(0)
    const value = await work(ask, body)
    return { value, bytes: this.#piece }
  }

  readonly #answers: Answers = {
    hello: () => hello(this.#root, this.#slurm),
    missing: ({ objects }) => {
      for (const { sha256 } of this.#objects.missing(objects)) {
        const made = this.#jobs.madeHere(sha256)
        if (made !== null) this.#objects.link(sha256, made)
      }
      return this.#objects.missing(objects)
    },
    put: ({ sha256, offset }, body) => this.#objects.put(sha256, offset, body),
    seal: ({ sha256, bytes }) => this.#objects.seal(sha256, bytes),
    open: async ({ id }, body) => {
      const folder = this.#jobs.folder(id)
      const [look] = await this.#jobs.look([{ id, offset: Number.MAX_SAFE_INTEGER }])
      const { state } = look!
      if (['new', 'gone', 'handed-back'].includes(state)) {
        const job = jobFileSchema.parse(JSON.parse(body.toString('utf8')))
        if (job.id !== id) throw new LabError('bad-request', `The job file is of "${job.id}", not of "${id}".`)
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        writeWholeNow(join(folder, 'job.json'), body)
      }
      return { state }
    },
    forecast: ({ slurm }) => this.#slurm.forecast(this.#worker, slurm),
    submit: ({ by, ids, slurm, after }) => {
      const folders = ids.map((id) => this.#jobs.folder(id))
      for (const folder of folders)
        for (const name of ['ended.json', 'pause']) removeInsideNow(folder, join(folder, name))
      // One that somebody has deleted meanwhile is found missing when it is looked at.
      for (const folder of folders.filter((path) => existsSync(path)))
        writeWholeNow(join(folder, 'programs.json'), JSON.stringify({ worker: this.#worker }))
      if (by === 'process') for (const folder of folders) startProcess(folder, this.#worker)
      else {
        const before = after.map((id) => this.#jobs.folder(id))
        this.#slurm.submit(folders, this.#worker, slurm!, before)
      }
      return { started: ids }
    },
    look: async ({ jobs }) => ({ jobs: await this.#jobs.look(jobs) }) satisfies { jobs: Look[] },
    done: ({ jobs }) => ({ jobs: this.#jobs.done(jobs) }),
    mark: ({ id, name, on }) => {
      const folder = this.#jobs.folder(id)
      if (on) writeFileSync(join(folder, name), '', { mode: 0o600 })
      else removeInsideNow(folder, join(folder, name))
      return {}
    },
    stop: ({ id }) => {
      const folder = this.#jobs.folder(id)
      this.#slurm.cancel(folder)
      stopProcess(folder)
      return {}
    },
    again: async ({ id }) => {
      const folder = this.#jobs.folder(id)
      await this.#jobs.untilEnded(id, endMilliseconds)
      for (const name of ['error.json', 'ended.json', 'pause', 'cancel']) removeInsideNow(folder, join(folder, name))
      return {}
    },
    read: async ({ id, path, offset, length }) => {
      const file = await open(this.#jobs.ownFile(id, path), 'r')
      try {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset)
        this.#piece = buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
      return {}
    },
    list: async () => ({
      jobs: await this.#jobs.list(),
      objects: this.#objects.size(),
      bundles: await this.#bundles.list(await this.#programs()),
      scripts: this.#slurm.scripts()
    }),
    remove: async ({ ids, objects }) => {
      let freedBytes = 0
      for (const id of ids) freedBytes += await this.#jobs.remove(id)
      if (objects) {
        freedBytes += this.#objects.removeUnused((sha256) => this.#jobs.uses(sha256))
        // Without an answer of Slurm it is not known what is still needed.
        freedBytes += await this.#slurm.clean().catch(() => 0)
        freedBytes += await this.#bundles.removeUnused(await this.#programs())
      }
      return { freedBytes }
    },
    empty: async () => {
      const { jobs, objects, bundles, scripts } = await this.#answers.list({}, Buffer.alloc(0))
      const open = jobs.find(({ state }) => state === 'running' || state === 'waiting')
      if (open !== undefined)
        throw new LabError('in-use', `The job "${open.id}" is ${open.state} there. Cancel it first, or wait for it.`)
      for (const name of ['jobs', 'objects', 'batches', 'bundle'])
        await removeInside(this.#root, join(this.#root, name))
      // What else somebody keeps there stays.
      if (readdirSync(this.#root).length === 0) await removeInside(dirname(this.#root), this.#root)
      const sizes = [...jobs, objects, ...bundles, scripts].map(({ bytes }) => bytes)
      return { freedBytes: sizes.reduce((sum, bytes) => sum + bytes, 0) }
    }
  }

  /** Where the scheduler does not answer it is not known what is in use. */
  #programs(): Promise<(string | null)[]> {
    return this.#jobs.programs().catch(() => [null])
  }
}
