import { fromWireError } from '../contract/wire-error.ts'
import type { FromWorker, ProgressReport, ToWorker } from '../contract/worker-messages.ts'
import type { Share } from './job.ts'

type About = Extract<ToWorker, { part: number }>

/** Parts that a job has shared, as the lab's other workers tell of them. */
export class SharedParts {
  readonly #send: (message: FromWorker) => void
  readonly #id: string
  #parts: PromiseWithResolvers<unknown>[] = []
  #report: (part: number, progress: ProgressReport) => void = () => undefined

  constructor(id: string, send: (message: FromWorker) => void) {
    this.#id = id
    this.#send = send
  }

  readonly share: Share = async (kind, inputs, threads, report) => {
    this.#parts = inputs.map(() => Promise.withResolvers<unknown>())
    this.#report = report
    this.#send({ type: 'share', id: this.#id, kind, inputs: [...inputs], threads })
    return Promise.all(this.#parts.map(({ promise }) => promise)) as ReturnType<typeof this.share<typeof kind>>
  }

  take(message: About): void {
    const part = this.#parts[message.part]
    if (message.type === 'part-progress') this.#report(message.part, message.progress)
    else if (message.type === 'part-result') part?.resolve(message.output)
    else part?.reject(fromWireError(message.error))
  }
}
