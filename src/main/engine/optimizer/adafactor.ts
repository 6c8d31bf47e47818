/**
 * Adafactor (Shazeer and Stern, 2018) as Transformers computes it with `relative_step=False, scale_parameter=False`: for a
 * matrix the second moments are kept as one number per row and one per column, so the state is thousands of times smaller.
 */
import type { GraphBuilder, Value } from '../../graph/index.ts'
import type { Kernels } from './kernels.ts'
import { paddedLength } from './memory.ts'
import {
  sizeOf,
  type GraphSlot,
  type GraphUpdate,
  type Optimizer,
  type Slot,
  type UpdateSettings
} from './optimizer.ts'
import type { KernelTeam } from './team.ts'

export interface AdafactorSettings {
  weightDecay: number
}

/** Transformers' defaults: added to squared gradients, largest root mean square of an update, exponent of the decay rate. */
const squareEpsilon = 1e-30
const clipThreshold = 1
const decayRate = -0.8

export function adafactor({ weightDecay }: AdafactorSettings): Optimizer {
  const numbers = ({ step, learningRate, scale }: UpdateSettings) => ({
    rate: learningRate,
    beta: 1 - step ** decayRate,
    decay: 1 - weightDecay * learningRate,
    scale
  })
  return {
    stateNames: (dims) => (isMatrix(dims) ? ['rows', 'columns'] : ['second']),
    stateDims: (dims) => (isMatrix(dims) ? shapeOf(dims).map((length) => [length]) : [dims]),
    // Beside the state of a matrix, scratch for this step's column sums.
    stateLengths: (dims) => (isMatrix(dims) ? [...shapeOf(dims), shapeOf(dims)[1]] : [sizeOf(dims)]),
    update(team: KernelTeam, slots: readonly Slot[], settings: UpdateSettings) {
      const { beta, decay } = numbers(settings)
      for (const slot of slots) {
        const kernels = team.kernels(slot.memory)
        const update = isMatrix(slot.dims) ? updateMatrix : updateVector
        update(kernels, slot, { ...settings, beta, decay: slot.decays ? decay : 1 })
      }
      team.round()
    },
    numbers,
    graph
  }
}

function graph(g: GraphBuilder, slot: GraphSlot, number: (name: string) => Value): GraphUpdate {
  const { weight, decays } = slot
  const gradient = g.mul(slot.gradient, number('scale'))
  const squares = g.add(g.mul(gradient, gradient), squareEpsilon)
  const [old, fresh] = [number('beta'), g.sub(1, number('beta'))]
  const mixed = (state: Value, now: Value) => g.add(g.mul(state, old), g.mul(now, fresh))
  let state: Value[]
  let update: Value
  if (isMatrix(slot.dims)) {
    const [rows, columns] = shapeOf(slot.dims)
    const table = g.reshape(squares, [rows, columns])
    const rowMeans = mixed(slot.state[0]!, g.reduceMean(table, [1]))
    const columnMeans = mixed(slot.state[1]!, g.reduceMean(table, [0]))
    const byRow = g.reshape(g.sqrt(g.div(rowMeans, g.reduceMean(rowMeans, [0], true))), [rows, 1])
    const scaled = g.div(g.div(g.reshape(gradient, [rows, columns]), byRow), g.sqrt(columnMeans))
    state = [rowMeans, columnMeans]
    update = g.reshape(scaled, slot.dims)
  } else {
    const second = mixed(slot.state[0]!, squares)
    state = [second]
    update = g.div(gradient, g.sqrt(second))
  }
  const everything = slot.dims.map((_, axis) => axis)
  const length = g.sqrt(g.reduceMean(g.mul(update, update), everything))
  const clipped = g.div(g.mul(update, number('rate')), g.max(g.div(length, clipThreshold), 1))
  return { weight: g.sub(decays ? g.mul(weight, number('decay')) : weight, clipped), state }
}

/** What a step is made with; `decay` is what a weight is multiplied by first. */
type Update = UpdateSettings & { beta: number; decay: number }

function updateVector(kernels: Kernels, slot: Slot, settings: Update): void {
  const { beta, decay } = settings
  const { weight, gradient } = slot
  const second = slot.state[0]!
  // The padding of gradients is zero, so whole vectors may be worked through.
  const count = paddedLength(weight.length)
  kernels.mixSquares(second.byteOffset, gradient.byteOffset, count, beta, squareEpsilon, settings.scale)
  const squared = kernels.updateLength(gradient.byteOffset, second.byteOffset, count, settings.scale)
  const factor =
    (settings.learningRate * settings.scale) / Math.max(1, Math.sqrt(squared / weight.length) / clipThreshold)
  kernels.applyUpdate(weight.byteOffset, gradient.byteOffset, second.byteOffset, count, factor, decay)
}

function updateMatrix(kernels: Kernels, slot: Slot, settings: Update): void {
  const { beta, decay } = settings
  const [rows, columns] = shapeOf(slot.dims)
  const { weight, gradient } = slot
  const [rowMeans, columnMeans, columnSums] = slot.state as [Float32Array, Float32Array, Float32Array]
  const { scale, learningRate } = settings
  // Whole vectors go to the kernel, what is left of a row is done here.
  const whole = columns - (columns % 4)
  columnSums.fill(0)
  let meanOfRows = 0
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    let squares =
      whole > 0 ? kernels.addSquares(columnSums.byteOffset, gradient.byteOffset + start * 4, whole, scale) : 0
    for (let column = whole; column < columns; column++) {
      const square = (gradient[start + column]! * scale) ** 2
      columnSums[column]! += square
      squares += square
    }
    rowMeans[row] = beta * rowMeans[row]! + (1 - beta) * (squares / columns + squareEpsilon)
    meanOfRows += rowMeans[row]! / rows
  }
  for (let column = 0; column < columns; column++) {
    columnMeans[column] = beta * columnMeans[column]! + (1 - beta) * (columnSums[column]! / rows + squareEpsilon)
  }
  const rowFactor = (row: number) => scale / Math.sqrt(rowMeans[row]! / meanOfRows)
  let squared = 0
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    const factor = rowFactor(row)
    if (whole > 0)
      squared += kernels.updateLength(gradient.byteOffset + start * 4, columnMeans.byteOffset, whole, factor)
    for (let column = whole; column < columns; column++)
      squared += (gradient[start + column]! * factor) ** 2 / columnMeans[column]!
  }
  const rate = learningRate / Math.max(1, Math.sqrt(squared / (rows * columns)) / clipThreshold)
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    const factor = rowFactor(row) * rate
    if (whole > 0)
      kernels.applyUpdate(
        weight.byteOffset + start * 4,
        gradient.byteOffset + start * 4,
        columnMeans.byteOffset,
        whole,
        factor,
        decay
      )
    for (let column = whole; column < columns; column++) {
      const at = start + column
      weight[at] = decay * weight[at]! - (factor * gradient[at]!) / Math.sqrt(columnMeans[column]!)
    }
  }
}

const isMatrix = (dims: readonly number[]): boolean => dims.length >= 2

/** Rows and columns; leading axes of a larger tensor count as rows. */
function shapeOf(dims: readonly number[]): [number, number] {
  const columns = dims.at(-1)!
  return [sizeOf(dims) / columns, columns]
}
