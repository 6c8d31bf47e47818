import type { Graph } from '../../graph/index.ts'
import type { GraphSession } from '../session.ts'
import type { Tensors } from '../tensors.ts'
import { lossName } from './graph.ts'

/** The loss of a batch alone. Its session is opened when it is first asked for, as many trainings never check. */
export class LossSession {
  readonly #open: () => Promise<GraphSession>
  /** The weights that a graph reads, as they are now. */
  readonly #weights: (graph: Graph) => Tensors
  #session: GraphSession | null = null

  constructor(open: () => Promise<GraphSession>, weights: (graph: Graph) => Tensors) {
    this.#open = open
    this.#weights = weights
  }

  async of(feeds: Tensors): Promise<number> {
    this.#session ??= await this.#open()
    const results = await this.#session.run({ ...this.#weights(this.#session.graph), ...feeds }, [lossName])
    return Number(results[lossName]!.data[0])
  }

  async release(): Promise<void> {
    await this.#session?.release()
  }
}
