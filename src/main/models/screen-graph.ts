/**
 * Which words can have the largest score, without the head in full: upper bounds of all scores from the head's weight in 8 bits, a quarter
 * of what a step reads otherwise. `engine/inference/screen-tables.ts` makes what is fed, and says why the bounds hold.
 */
import type { Graph } from '../graph/index.ts'
import { seq2seqOf, type Seq2SeqConfig } from './architectures/index.ts'
import { ModelContext } from './context.ts'
import { graphBuilder } from './graphs.ts'
import type { Parameter } from './parameters.ts'

export interface ScreenShape {
  /** Width of the hidden states. */
  width: number
  vocabulary: number
  /** Channels of the hidden states that are not rounded. */
  exact: readonly number[]
  /** How many words are given back, best first. */
  words: number
}

/** Heads with fewer weights lie in the cache, and are read there faster than they are screened. */
const leastScreened = 2 ** 23

/** Channels of hidden states that are not rounded: some models have a few huge ones. */
export const exactChannels = 8

/** Rows of `screen.terms` before those of the exact channels: bias, and what lengths of a hidden state are multiplied with. */
export const screenTerms = 4

/** Weights of the graph that `screenGraph` makes. */
export const screenNames = { values: 'screen.values', scale: 'screen.scale', terms: 'screen.terms' } as const

/**
 * Input `hidden` `[B, width]`. Weights: `screen.values` int8 `[width, vocabulary]`, zero in the exact channels, `screen.scale` `[vocabulary]`,
 * `screen.terms` `[4 + exact channels, vocabulary]`. Outputs: `words` int64 `[B, words]`, `upper` `[B, words]`, bounds of their scores in
 * units of `unit` `[B, 1]`; every other word's bound is at most the last one's.
 */
export function screenGraph({ width, vocabulary, exact, words }: ScreenShape): Graph {
  const g = graphBuilder('screen')
  const hidden = g.input('hidden', ['B', width])
  const rounded = new Float32Array(width).fill(1)
  for (const channel of exact) rounded[channel] = 0
  const inner = g.mul(hidden, g.constant(rounded, [width], 'float32'))
  const values = g.weight(screenNames.values, [width, vocabulary], 'int8')
  const { product, unit, rest } = g.roundedProduct(inner, values, g.weight(screenNames.scale, [vocabulary]))
  const lengths = [inner, rest, hidden].map((x) =>
    // More than zero, whatever became too small for a square.
    g.sqrt(g.add(g.reduceSum(g.mul(x, x), [1], true), 1e-32))
  )
  const channels = g.gather(hidden, g.constant(BigInt64Array.from(exact, BigInt), [exact.length], 'int64'), 1)
  const factors = g.concat([g.expand(g.scalar(1), ['B', 1]), ...lengths, channels], 1)
  const terms = g.weight(screenNames.terms, [screenTerms + exact.length, vocabulary])
  const [upper, best] = g.topK(g.add(product, g.matMul(g.div(factors, unit), terms)), words, 1)
  g.output('unit', unit)
  g.output('upper', upper)
  g.output('words', best)
  return g.build()
}

/** The names of a head's weight and bias, and the weight's dimensions, `[vocabulary, width]`. */
export function headOf(
  config: Seq2SeqConfig,
  parameters: readonly Parameter[]
): { weight: string; bias: string | null; dims: readonly [number, number] } {
  const g = graphBuilder('head')
  const { weight, bias } = seq2seqOf(config).head(new ModelContext(g, parameters), config)
  // Where it lies as a row, the bias is that row in another shape.
  const lying = bias && (g.producer(bias)?.inputs[0] ?? bias)
  return { weight: weight.name, bias: lying?.name ?? null, dims: weight.dims as [number, number] }
}

/** Whether screening a head of so many weights saves time. */
export function paysToScreen(weights: number): boolean {
  return weights >= leastScreened
}

/** Bytes that a head is screened with, beside its weight; 0 where it is not screened. */
export function screenBytes(vocabulary: number, width: number): number {
  const floats = 1 + screenTerms + exactChannels
  return paysToScreen(vocabulary * width) ? vocabulary * (width + 4 * floats) : 0
}
