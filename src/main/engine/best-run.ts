import type { Provider } from '../contract/providers.ts'
import type { Graph } from '../graph/index.ts'
import { GraphSession } from './session.ts'
import { floats, type Tensors } from './tensors.ts'

export interface BestRun {
  /** Elements of the output `y`. */
  values: Float32Array
  milliseconds: number
}

/** A small graph's output, and how long it takes: the first of four runs compiles, the best of the others counts. */
export async function bestRun(graph: Graph, provider: Provider, feeds: Tensors): Promise<BestRun> {
  const session = await GraphSession.create(graph, { provider })
  try {
    let values = new Float32Array(0)
    let milliseconds = Infinity
    for (let run = 0; run < 4; run++) {
      const start = performance.now()
      const results = await session.run(feeds)
      if (run > 0) milliseconds = Math.min(milliseconds, performance.now() - start)
      values = Float32Array.from(floats(results['y']!))
    }
    return { values, milliseconds }
  } finally {
    await session.release()
  }
}
