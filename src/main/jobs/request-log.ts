import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { sentRequestSchema, type SentRequest } from '../contract/requests.ts'
import { moveIntoPlaceNow } from '../files/durable.ts'
import type { HomeFolder } from '../store/home.ts'

/** From here on a new file is begun; of the older ones the last stays. */
const mostBytes = 10 << 20

/** Every request that left this computer, in `requests.jsonl` of the home: a line each, about 150 bytes. */
export class RequestLog {
  readonly #path: string
  readonly #before: string
  readonly #most: number

  constructor(home: HomeFolder, most = mostBytes) {
    this.#path = home.inside('requests.jsonl')
    this.#before = home.inside('requests.before.jsonl')
    this.#most = most
  }

  add(request: SentRequest): void {
    try {
      if ((statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) >= this.#most)
        moveIntoPlaceNow(this.#path, this.#before)
      appendFileSync(this.#path, `${JSON.stringify(request)}\n`, { mode: 0o600 })
    } catch {
      // A full disk must not end what the request was for.
    }
  }

  /** The newest first. */
  list(most: number): { requests: SentRequest[]; all: number } {
    const lines = [this.#before, this.#path].flatMap((path) =>
      existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
    )
    const requests = lines.slice(-most).flatMap((line) => {
      const read = sentRequestSchema.safeParse(parsed(line))
      return read.success ? [read.data] : []
    })
    return { requests: requests.reverse(), all: lines.length }
  }
}

/** Null for a line that a full disk has cut off. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return null
  }
}
