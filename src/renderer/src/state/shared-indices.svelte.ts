import type { Client, Outputs } from '../api/client.ts'
import { problemOf, type Problem } from '../api/problem.ts'

/** Indices that a group shares in a database: what is there, and what one does with it. The address goes with the window. */
export class SharedIndices {
  server = $state('')
  all = $state.raw<Outputs['indices']['shared'] | null>(null)
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  /** Id of the job that was started last. */
  jobId = $state.raw<string | null>(null)
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  look(): Promise<void> {
    return this.#do(async () => void (this.all = await this.#client.indices.shared({ server: this.server })))
  }

  publish(indexId: string): Promise<void> {
    return this.#do(
      async () => void (this.jobId = (await this.#client.indices.publish({ indexId, server: this.server })).id)
    )
  }

  fetch(fingerprint: string): Promise<void> {
    return this.#do(
      async () => void (this.jobId = (await this.#client.indices.fetchShared({ fingerprint, server: this.server })).id)
    )
  }

  async #do(work: () => Promise<void>): Promise<void> {
    this.busy = true
    this.problem = null
    this.jobId = null
    try {
      await work()
    } catch (thrown) {
      this.problem = problemOf(thrown)
    } finally {
      this.busy = false
    }
  }
}
