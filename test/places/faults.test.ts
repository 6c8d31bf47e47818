import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { LabError } from '../../src/main/contract/error.ts'
import { placeSettingsSchema } from '../../src/main/contract/places.ts'
import { fromWireError, toWireError } from '../../src/main/contract/wire-error.ts'
import { PooledWorker, type Outcome } from '../../src/main/jobs/pooled-worker.ts'
import type { AheadTask } from '../../src/main/jobs/worker-process.ts'
import { Agent } from '../../src/main/places/agent/agent.ts'
import type { PlaceLink } from '../../src/main/places/link.ts'
import { PlaceWorkers } from '../../src/main/places/place-workers.ts'
import { deleteFolder, FakeSlurm, type Trouble } from './fake-slurm.ts'

/**
 * Every state that a job's folder, Slurm and the lab can be in when something dies: the real agent and the real keeper of a place's
 * jobs, over a table in place of Slurm's programs. One thing happens at the k-th call, for every k: all jobs must come to their end.
 */

/** At the k-th question to the agent. */
type Loss = 'lost-before' | 'lost-after' | 'agent-killed' | 'lab-killed' | 'folder-deleted'
type Wish = 'pause' | 'cancel' | 'kill'
interface Plan {
  trouble?: { trouble: Trouble; at: number }
  loss?: { loss: Loss; at: number }
  wish?: { wish: Wish; at: number }
  /** The second job needs the first, and is handed to Slurm before its turn. */
  chain?: true
}

const waits = { pollMilliseconds: 1, retryMilliseconds: 1, gatherMilliseconds: 1, limitMilliseconds: 1 }
const patience = { hungMilliseconds: 600_000, silentMilliseconds: 600_000 }
const ids = ['first', 'second']
/** So many questions no case needs; more of them is one that goes in circles. */
const mostAsked = 400
const settings = placeSettingsSchema.parse({ name: 'cluster', kind: 'slurm', folder: 'x' })

/** Thousands of small files that are forced to the disk: where there is one, a disk in memory. */
const memory = '/dev/shm'

class LabKilled extends Error {}

/** The jobs of one plan, with what happens to them. */
class Case {
  readonly slurm: FakeSlurm
  readonly #plan: Plan
  readonly #root: string
  readonly #home: string
  #agent: Agent
  #workers: PlaceWorkers
  #running = new Map<string, PooledWorker>()
  #asked = 0
  #killed = Promise.withResolvers<never>()

  constructor(plan: Plan, folder: string) {
    this.#plan = plan
    this.#root = join(folder, 'place')
    this.#home = join(folder, 'home')
    this.slurm = new FakeSlurm(plan.trouble ?? null)
    this.#agent = this.#newAgent()
    this.#workers = this.#newWorkers()
  }

  /** How each job ended. */
  async run(): Promise<string[]> {
    const ended = new Map<string, string>()
    for (let attempt = 0; attempt < 8 && ended.size < ids.length; attempt++) {
      const open = ids.filter((id) => !ended.has(id))
      if (this.#plan.chain === true && open.length === 2) this.#workers.ahead(this.#second(open.pop()!))
      this.#killed = Promise.withResolvers<never>()
      this.#killed.promise.catch(() => undefined)
      for (const id of open) this.#running.set(id, new PooledWorker(this.#workers.start(), patience))
      const all = open.map(async (id) => {
        const outcome = await Promise.race([this.#runOne(id), this.#killed.promise])
        // As the queue does: what died is tried once more.
        if (outcome.type !== 'crashed') ended.set(id, wordFor(outcome))
      })
      for (const end of await Promise.allSettled(all))
        if (end.status === 'rejected' && !(end.reason instanceof LabKilled)) throw end.reason
    }
    return ids.map((id) => ended.get(id) ?? 'never ended')
  }

  close(): void {
    this.#workers.close()
  }

  #runOne(id: string): Promise<Outcome> {
    const worker = this.#running.get(id)!
    const folder = join(this.#home, 'scratch', id)
    const task = { id, kind: 'self-test' as const, input: {}, folder, home: this.#home, threads: 1 }
    return worker.run(task, { paused: () => void sleep(1).then(() => worker.control('resume')) })
  }

  #second(id: string): AheadTask {
    const folder = (of: string) => join(this.#home, 'scratch', of)
    const start = {
      type: 'start' as const,
      id,
      kind: 'self-test' as const,
      input: {},
      folder: folder(id),
      home: this.#home,
      threads: 1
    }
    return { start, after: [{ id: ids[0]!, folder: folder(ids[0]!) }], log: () => undefined }
  }

  #newAgent(): Agent {
    return new Agent(this.#root, 'worker.js', this.slurm)
  }

  #newWorkers(): PlaceWorkers {
    const link = {
      ask: (verb: string, ask: object, body?: Uint8Array) => this.#ask(verb, ask, body),
      close: () => undefined
    }
    return new PlaceWorkers(link as unknown as PlaceLink, settings, waits)
  }

  async #ask(verb: string, ask: object, body: Uint8Array = Buffer.alloc(0)): Promise<unknown> {
    const { loss, wish } = this.#plan
    const at = ++this.#asked
    if (at > mostAsked) this.#killed.reject(new Error(`${mostAsked} questions were not enough.`))
    if (wish?.at === at) this.#wish(wish.wish)
    const now = loss?.at === at ? loss.loss : null
    if (now === 'folder-deleted') deleteFolder(this.#root, ids[0]!)
    if (now === 'lab-killed') {
      this.#workers.close()
      this.#workers = this.#newWorkers()
      this.#killed.reject(new LabKilled())
      // What it has asked may still be done there.
      await this.#answer(verb, ask, body).catch(() => undefined)
      throw new LabError('lab-closed', 'The lab is closing.')
    }
    if (now === 'lost-before') throw lost()
    if (now === 'agent-killed') {
      const dies = this.slurm.now.bind(this.slurm)
      // Slurm has taken the array, and nobody has written that down.
      this.slurm.now = (program, args) => {
        dies(program, args)
        throw Object.assign(new Error('killed'), { killed: true, stderr: '' })
      }
      await this.#answer(verb, ask, body).catch(() => undefined)
      this.slurm.now = dies
      this.#agent = this.#newAgent()
      throw lost()
    }
    const answer = await this.#answer(verb, ask, body)
    if (now === 'lost-after') throw lost()
    return answer
  }

  async #answer(verb: string, ask: object, body: Uint8Array): Promise<unknown> {
    try {
      const { value } = await this.#agent.answer(verb, JSON.parse(JSON.stringify(ask)), Buffer.from(body))
      return JSON.parse(JSON.stringify(value))
    } catch (thrown) {
      throw fromWireError(toWireError(thrown))
    }
  }

  #wish(wish: Wish): void {
    const worker = this.#running.get(ids[0]!)
    if (wish === 'kill') worker?.kill()
    else worker?.control(wish)
  }
}

function lost(): LabError {
  return new LabError('place-lost', 'The connection to the place has ended.')
}

function wordFor(outcome: Outcome): string {
  return outcome.type === 'failed' ? `failed: ${outcome.error.code}: ${outcome.error.message}` : outcome.type
}

/** Runs all cases, some at a time; gives those of which a job did not end as it should, or was computed twice for nothing. */
async function wrong(plans: readonly Plan[], right: (ends: readonly string[]) => boolean): Promise<string[]> {
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'recross-faults-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const found: string[] = []
  const rest = [...plans.entries()]
  const work = async () => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      const [at, plan] = next
      const one = new Case(plan, join(folder, String(at)))
      const ends = await one
        .run()
        .catch((thrown: unknown) => [String(thrown)])
        .finally(() => one.close())
      if (!right(ends)) found.push(`${JSON.stringify(plan)}: ${ends.join(', ')}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, work))
  return found
}

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1)
const finished = (ends: readonly string[]) => ends.length === 2 && ends.every((end) => end === 'finished')

const losses: readonly Loss[] = ['lost-before', 'lost-after', 'agent-killed', 'lab-killed', 'folder-deleted']
const troubles: readonly Trouble[] = [
  ...(['unreachable', 'zero-bytes', 'timed-out-after', 'forgets', 'node-dies', 'worker-killed'] as const),
  ...(['time-is-up', 'launch-held', 'disk-full', 'files-late', 'cancelled-there', 'no-room-for-more'] as const),
  ...(['old-state', 'ghost'] as const)
]

test('whatever dies or is lost at whichever question: every job comes to its end', async () => {
  const plans = losses.flatMap((loss) => upTo(14).map((at) => ({ loss: { loss, at } })))
  expect(await wrong([{}, ...plans], finished)).toEqual([])
})

test('whatever Slurm does at whichever call: every job comes to its end', async () => {
  const plans = troubles.flatMap((trouble) => upTo(9).map((at) => ({ trouble: { trouble, at } })))
  expect(await wrong(plans, finished)).toEqual([])
})

test('a job that was handed in before its turn comes to its end too, whatever becomes of the one that it needs', async () => {
  const atSlurm = troubles.flatMap((trouble) =>
    upTo(5).map((at) => ({ chain: true as const, trouble: { trouble, at } }))
  )
  const dying = ['lost-after', 'agent-killed', 'lab-killed'] as const
  const atAgent = dying.flatMap((loss) => upTo(9).map((at) => ({ chain: true as const, loss: { loss, at } })))
  expect(await wrong([{ chain: true }, ...atSlurm, ...atAgent], finished)).toEqual([])
})

test('pause, cancel and kill at any moment, also while the connection is lost, are neither forgotten nor the end of the other jobs', async () => {
  const around = (at: number) => [undefined, at, at + 1]
  const plans = (['pause', 'cancel', 'kill'] as const).flatMap((wish) =>
    upTo(14).flatMap((at) =>
      around(at).map((lostAt) => ({
        wish: { wish, at },
        ...(lostAt === undefined ? {} : { loss: { loss: 'lost-before' as const, at: lostAt } })
      }))
    )
  )
  const right = ([first, second]: readonly string[]) =>
    second === 'finished' && (first === 'finished' || first === 'cancelled')
  expect(await wrong(plans, right)).toEqual([])
})
