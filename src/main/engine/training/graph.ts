/** From a loss to the graph that a training step runs: the loss and the gradient of every trained weight. */
import { backward } from '../../gradient/index.ts'
import { inHalf, type Graph, type HalfOptions, type Value } from '../../graph/index.ts'
import type { LossGraph } from '../../models/graphs.ts'
import type { TrainedWeight } from './trainable.ts'

export const lossName = 'loss'
export const squaresName = 'gradient_squares'
/** What the loss is multiplied by on the way to its gradients, in half precision. */
export const lossScaleName = 'loss_scale'
export const gradientName = (weight: string): string => `gradient/${weight}`
/** The running sum over the batches of a step. */
export const sumName = (weight: string): string => `sum/${weight}`

/** Gradients of the rows of an embedding table that a batch has read: outputs to be added where the table's gradient lies. */
export interface RowGradient {
  readonly weight: string
  readonly updates: string
  readonly indices: string
  readonly value: Value
}

export interface GradientGraph {
  readonly graph: Graph
  readonly rows: readonly RowGradient[]
  /** Trained weights whose gradient comes from `rows` alone, or from nowhere. */
  readonly rowsOnly: ReadonlySet<string>
}

export interface GradientOptions {
  /** Adds inputs with the sums of earlier batches, and gives the new sums. */
  accumulate: boolean
  /** Hands out row gradients instead of making whole tables. */
  sparseRows: boolean
  recompute: boolean
  /** Also gives Σ g² over all gradients. */
  squares?: boolean | undefined
  /** Products in half precision, but for those of the weights that are named; all gradients are multiplied by an input `loss_scale`. */
  half?: HalfOptions | undefined
}

export function gradientGraph(
  { g, loss, boundaries }: LossGraph,
  weights: readonly TrainedWeight[],
  { accumulate, sparseRows, recompute, squares = false, half }: GradientOptions
): GradientGraph {
  const values = weights.map(({ name, dims }) => g.weight(name, dims))
  const seed = half && g.input(lossScaleName, [])
  const gradients = backward(g, loss, values, { sparseRows, recomputeBetween: recompute ? boundaries : [], seed })
  const rows: RowGradient[] = []
  const rowsOnly = new Set<string>()
  const lengths: Value[] = []
  g.output(lossName, loss)
  weights.forEach(({ name, dims }, position) => {
    const gradient = gradients[position]!
    for (const { indices, updates } of gradient.rows) {
      const row = {
        weight: name,
        updates: `rows/${rows.length}`,
        indices: `row_numbers/${rows.length}`,
        value: updates
      }
      rows.push(row)
      g.output(row.updates, updates)
      g.output(row.indices, indices)
    }
    if (!gradient.dense && sparseRows) {
      rowsOnly.add(name)
      return
    }
    const own = gradient.dense ?? g.expand(g.scalar(0), dims)
    const total = accumulate ? g.add(own, g.input(sumName(name), dims)) : own
    g.output(gradientName(name), total)
    if (squares)
      lengths.push(
        g.reduceSum(
          g.mul(total, total),
          dims.map((_, axis) => axis)
        )
      )
  })
  if (squares)
    g.output(
      squaresName,
      lengths.reduce((sum, value) => g.add(sum, value))
    )
  return { graph: half ? inHalf(g.build(), half) : g.build(), rows, rowsOnly }
}
