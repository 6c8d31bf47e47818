import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import type { FromWorker } from '../../contract/worker-messages.ts'

const progressMilliseconds = 250

/** progress.jsonl: whole lines, each added in one write. Reports of progress are thinned; everything else is kept. */
export class ProgressFile {
  readonly #path: string
  #last = -Infinity
  #waiting: FromWorker | null = null

  constructor(path: string) {
    this.#path = path
    // A worker that was killed may have left half a line.
    if (existsSync(path) && !endsLine(path)) appendFileSync(path, '\n')
  }

  add(message: FromWorker): void {
    if (message.type !== 'progress') {
      this.#flush()
      return this.#write(message)
    }
    this.#waiting = message
    if (performance.now() - this.#last >= progressMilliseconds) this.#flush()
  }

  close(): void {
    this.#flush()
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting === null) return
    this.#last = performance.now()
    this.#write(waiting)
  }

  #write(message: FromWorker): void {
    try {
      appendFileSync(this.#path, `${JSON.stringify(message)}\n`, { mode: 0o600 })
    } catch {
      // What a job says is no reason to stop it: a full disk is noticed where results are written.
    }
  }
}

function endsLine(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const last = Buffer.alloc(1)
    return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 10)
  } finally {
    closeSync(file)
  }
}
