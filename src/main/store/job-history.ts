import type { LogLine } from '../contract/jobs.ts'
import { diskProblemOf } from '../files/disk-error.ts'
import { prose } from '../files/portable.ts'
import type { Database } from './database.ts'

/** Lines kept per job; a job that logs more loses its oldest ones. */
const keptLines = 20_000
const shownRows = 2_000
const mostWaiting = 5_000

/** What jobs said: log lines and curves. */
export class JobHistory {
  readonly #db: Database
  readonly #lines = new Map<string, number>()
  readonly #waiting: (() => void)[] = []

  constructor(db: Database) {
    this.#db = db
  }

  log(jobId: string, level: LogLine['level'], text: string): void {
    const { byName, home } = this.#db
    const line = { jobId, time: new Date().toISOString(), level, text: prose.pack(text, home) }
    this.#write(() => this.#db.run(byName.insertInto('job_log').values(line)))
    const lines = (this.#lines.get(jobId) ?? 0) + 1
    this.#lines.set(jobId, lines % keptLines)
    if (lines === keptLines) this.#write(() => this.#dropOldLines(jobId))
  }

  /** The last lines, oldest first. */
  tail(jobId: string, count: number): LogLine[] {
    const query = this.#db.query.selectFrom('job_log').select(['time', 'level', 'text']).where('jobId', '=', jobId)
    return prose.unpack(this.#db.all(query.orderBy('seq', 'desc').limit(count)).reverse(), this.#db.home)
  }

  addRow(jobId: string, row: Record<string, number>): void {
    const values = { jobId, row: JSON.stringify(row) }
    this.#write(() => this.#db.run(this.#db.byName.insertInto('job_curve').values(values)))
  }

  /** Thinned evenly to at most 2,000 rows, the first and the last always among them. */
  curve(jobId: string): Record<string, number>[] {
    const rows = this.#db.all(
      this.#db.query.selectFrom('job_curve').select('row').where('jobId', '=', jobId).orderBy('seq')
    )
    const step = (rows.length - 1) / (shownRows - 1)
    const picked =
      rows.length <= shownRows ? rows : Array.from({ length: shownRows }, (_, i) => rows[Math.round(i * step)]!)
    return picked.map(({ row }) => JSON.parse(row) as Record<string, number>)
  }

  /** A job that starts again from nothing has no curve yet. */
  clearCurve(jobId: string): void {
    this.#db.run(this.#db.query.deleteFrom('job_curve').where('jobId', '=', jobId))
  }

  /** What jobs say is no reason to stop anything: it waits while the disk takes no writes, and most of it is not lost. */
  #write(work: () => void): void {
    this.#waiting.push(work)
    if (this.#waiting.length > mostWaiting) this.#waiting.shift()
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      try {
        next()
      } catch (thrown) {
        if (diskProblemOf(thrown) !== null) return
        this.#waiting.shift()
        // What waited may be of a job that is gone meanwhile.
        if (next === work) throw thrown
        continue
      }
      this.#waiting.shift()
    }
  }

  #dropOldLines(jobId: string): void {
    const lines = this.#db.query.selectFrom('job_log').select('seq').where('jobId', '=', jobId)
    const oldest = this.#db.first(
      lines
        .orderBy('seq', 'desc')
        .offset(keptLines - 1)
        .limit(1)
    )
    if (oldest === undefined) return
    this.#db.run(this.#db.query.deleteFrom('job_log').where('jobId', '=', jobId).where('seq', '<', oldest.seq))
  }
}
