import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { binDays, type Binned, type Thing } from '../../contract/things.ts'
import { moveIntoPlace } from '../../files/durable.ts'
import type { BinRecord } from '../../store/schema.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'
import { foldersOf, planDeletion, refuseDeletion } from './deletion.ts'
import { listOf } from './labels.ts'

const dayMilliseconds = 24 * 60 * 60 * 1000

/**
 * Deletes things so that they can be brought back: rows and folders go into the bin and leave it after some days. First
 * the rows, then the folders: a lab that dies in between finds at its next start which folders are still to be moved.
 */
export class BinFolder {
  readonly #services: Services

  constructor(services: Services) {
    this.#services = services
  }

  /** Throws `not-found`, `in-use`, `experiment-running`; null where it was deleted for good. */
  async put(thing: Thing, forGood: boolean): Promise<Binned | null> {
    const { store } = this.#services
    const deletion = await planDeletion(this.#services, thing)
    refuseDeletion(this.#services, deletion)
    const { loss, rows, folders, uploads } = deletion
    const record: BinRecord = {
      ...thing,
      binId: newId('bin'),
      name: loss.name,
      others: loss.lost.length,
      bytes: loss.bytes,
      deletedAt: new Date().toISOString(),
      rows,
      folders
    }
    store.bin.put(record)
    await this.#moveIn(record)
    for (const folder of uploads) await this.#services.home.remove(folder)
    this.#tell(record, 'job-removed')
    if (forGood) await this.#destroy(record)
    return forGood ? null : shown(record)
  }

  list(): Binned[] {
    return this.#services.store.bin.list().map(shown)
  }

  /** Throws `not-found`, and `needs-other` for what hangs on something else that is deleted. */
  async restore(binId: string): Promise<Thing> {
    const record = this.#get(binId)
    const { home, store } = this.#services
    const rows = store.bin.restorable(record)
    if (!rows.some((saved) => saved.rows.some((row) => row['id'] === record.id && saved.table === listOf[record.what])))
      throw new LabError(
        'needs-other',
        `"${record.name}" belongs to something that is deleted as well. Bring that back first: the data set, or the model.`,
        { details: { binId } }
      )
    for (const folder of foldersOf(rows)) {
      const [from, to] = [this.#place(record, folder), home.inside(folder)]
      // What was made anew in the meantime is as good as what lies in the bin.
      if (existsSync(from) && !existsSync(to)) await move(from, to)
    }
    store.bin.restore(binId, rows)
    await this.#services.home.remove(this.#folder(record))
    this.#tell(record, 'changed')
    return { what: record.what, id: record.id }
  }

  /** Deletes for good what is named, or everything. Says how many bytes that freed. */
  async empty(binIds: readonly string[] | null): Promise<number> {
    const records = binIds === null ? this.#services.store.bin.list() : binIds.map((binId) => this.#get(binId))
    for (const record of records) await this.#destroy(record)
    return records.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** At the start of a lab: finishes what a dead one left half done, and lets go what has lain here long enough. */
  async settle(now = Date.now()): Promise<void> {
    const { bin } = this.#services.store
    for (const record of bin.list()) {
      // Deleted while the clock stood ahead: its days begin now, or it would lie here for years.
      if (Date.parse(record.deletedAt) > Date.now() + dayMilliseconds) bin.deletedAt(record.binId, new Date(now))
      if (Date.parse(until(record)) <= now) await this.#destroy(record)
      else await this.#moveIn(record)
    }
  }

  async #moveIn(record: BinRecord): Promise<void> {
    for (const folder of record.folders) {
      const from = this.#services.home.inside(folder)
      // What stands there after it was moved was made anew, and is no longer this.
      const to = this.#place(record, folder)
      if (!existsSync(from) || existsSync(to)) continue
      this.#services.home.checkMovable(from)
      await move(from, to)
    }
  }

  async #destroy(record: BinRecord): Promise<void> {
    await this.#services.home.remove(this.#folder(record))
    this.#services.store.bin.forget(record.binId)
    this.#services.changes.changed('bin')
  }

  #tell({ rows }: BinRecord, jobs: 'job-removed' | 'changed'): void {
    const { changes } = this.#services
    for (const what of ['datasets', 'targets', 'models', 'indices', 'minings', 'experiments', 'labels', 'bin'] as const)
      changes.changed(what)
    for (const { table, rows: saved } of rows)
      if (table === 'jobs' && jobs === 'job-removed')
        for (const row of saved) changes.publish({ type: 'job-removed', id: String(row['id']) })
  }

  #get(binId: string): BinRecord {
    const record = this.#services.store.bin.find(binId)
    if (record) return record
    throw new LabError('not-found', 'That is no longer in the bin: it was brought back, or deleted for good.', {
      details: { what: 'bin', id: binId }
    })
  }

  #folder({ binId }: BinRecord): string {
    return this.#services.home.inside('bin', binId)
  }

  #place({ binId }: BinRecord, folder: string): string {
    return this.#services.home.inside('bin', binId, folder)
  }
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await moveIntoPlace(from, to)
}

function shown({ rows: _, folders: __, ...record }: BinRecord): Binned {
  return { ...record, until: until(record) }
}

function until({ deletedAt }: Pick<BinRecord, 'deletedAt'>): string {
  return new Date(Date.parse(deletedAt) + binDays * dayMilliseconds).toISOString()
}
