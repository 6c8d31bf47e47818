/**
 * Whether this processor can compute in the fast precision, and what it gains: some add 8-bit products with saturation, and without
 * instructions for them there is nothing to gain.
 */
import { LabError } from '../contract/error.ts'
import { bestRun } from './best-run.ts'
import { GraphBuilder, type Graph } from '../graph/index.ts'
import type { ProviderChoice } from '../contract/providers.ts'
import { chooseProvider, type ProviderDecision } from './providers.ts'
import { quantizeRows } from './quantized-weights.ts'
import { float32, tensor } from './tensors.ts'

export interface FastTest {
  /** Largest error of a row, relative to its length. */
  error: number
  /** Seconds of the products in fp32 for each second in 8 bits. */
  gain: number
}

/** With rounding alone a row is off by 1 to 2 %; saturation makes it several times that. */
const largestError = 0.04
const [rows, width] = [256, 768]

let measured: Promise<FastTest> | null = null

/** Measured once in a process. */
export function testFast(): Promise<FastTest> {
  measured ??= measure()
  return measured
}

/**
 * The provider for the fast precision: the processor.
 * @throws LabError `fast-unavailable` where another was chosen by name, or 8-bit products are wrong here
 */
export async function chooseForFast(choice: ProviderChoice): Promise<ProviderDecision> {
  if (choice !== 'auto' && choice !== 'cpu') {
    throw new LabError(
      'fast-unavailable',
      `The fast precision computes on the processor alone, and the provider "${choice}" was chosen. Choose "cpu" or "auto", or the precision "fp32".`,
      { details: { provider: choice } }
    )
  }
  const { error, gain } = await testFast()
  if (!(error <= largestError)) {
    throw new LabError(
      'fast-unavailable',
      `8-bit products are wrong on this processor (off by ${(100 * error).toFixed(1)} %). Choose the precision "fp32".`,
      { details: { error } }
    )
  }
  const { provider } = await chooseProvider('cpu')
  return {
    provider,
    reason: `cpu, for the fast precision: 8-bit products are ${gain.toFixed(1)} times as fast as exact ones here, and off by ${(100 * error).toFixed(1)} % at most.`
  }
}

async function measure(): Promise<FastTest> {
  const weight = Float32Array.from({ length: width * width }, (_, at) => Math.sin(at * 0.91) * (1 + (at % 7)))
  // A column and a row of ones, whose sums are the largest there can be.
  weight.fill(1, 0, width)
  const x = Float32Array.from({ length: rows * width }, (_, at) => Math.sin(at * 0.37) * (1 + (at % 5)))
  x.fill(1, 0, width)
  const { values, scales } = quantizeRows(weight, width)
  const exact = await bestRun(graph(false), 'cpu', {
    x: float32(x, [rows, width]),
    weight: float32(weight, [width, width])
  })
  const fast = await bestRun(graph(true), 'cpu', {
    x: float32(x, [rows, width]),
    values: tensor('int8', values, [width, width]),
    scale: float32(scales, [width])
  })
  let error = 0
  for (let start = 0; start < exact.values.length; start += width) {
    let [difference, length] = [0, 0]
    for (let at = start; at < start + width; at++) {
      difference += (exact.values[at]! - fast.values[at]!) ** 2
      length += exact.values[at]! ** 2
    }
    const own = Math.sqrt(difference / length)
    // Not `Math.max`: a NaN must count as the largest error.
    if (!(own <= error)) error = own
  }
  return { error, gain: exact.milliseconds / fast.milliseconds }
}

function graph(fast: boolean): Graph {
  const g = new GraphBuilder({ name: 'fast-test' })
  const x = g.input('x', ['N', width])
  const weight = g.weight('weight', [width, width])
  const quantized = () => ({ values: g.weight('values', [width, width], 'int8'), scale: g.weight('scale', [width]) })
  g.output('y', fast ? g.quantizedLinear(x, weight, quantized()) : g.linear(x, weight))
  return g.build()
}
