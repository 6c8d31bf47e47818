/**
 * Layers whose products a step may not round on the way forward. Where a few channels of an input are many times as large as the others,
 * they take the 8 bits for themselves (Dettmers et al., 2022: outlier features), and gradients point elsewhere. So each layer is computed
 * both ways on the first batch, once, before a training begins. Gradients that flow back are rounded in any case: their errors stay small.
 */
import { physicalCores } from '../../machine/cores.ts'
import type { ContextOptions, Quantization, RoundedSteps } from '../../models/context.ts'
import type { Value } from '../../graph/index.ts'
import type { LossGraph, LossOptions } from '../../models/graphs.ts'
import type { TrainSettings } from '../engine.ts'
import type { LoadedModel } from '../loaded-model.ts'
import { QuantizedWeights } from '../quantized-weights.ts'
import { GraphSession, type SessionOptions } from '../session.ts'
import type { Tensor, Tensors } from '../tensors.ts'
import type { Objective } from './objective.ts'

/** Length of a layer's error relative to that of what it gives; usual ones have 0.005 to 0.015. */
const mostError = 0.03

interface CoarseOptions {
  graph: (options: LossOptions) => LossGraph
  context: ContextOptions & { quantized: Quantization }
  feeds: Tensors
  /** What the graph reads besides, by name. */
  weight: (name: string) => Tensor | undefined
  session: SessionOptions
}

/** The same without those layers whose products of 8 bits would be too far off on the first examples, if there are any. */
export async function withoutCoarse(
  { weights, provider, threads, parameters }: LoadedModel,
  objective: Pick<Objective, 'graph' | 'batch' | 'labels' | 'count'>,
  { batchSize }: TrainSettings,
  context: { quantized: Quantization & { steps: RoundedSteps } }
): Promise<ContextOptions> {
  const { quantized } = context
  const examples = Array.from({ length: Math.min(batchSize, objective.count) }, (_, index) => index)
  if (examples.length === 0) return context
  // What is made here of weights that are trained is not kept: the optimiser rounds them anew with every update.
  const rounded = weights.rounded ?? new QuantizedWeights(quantized.layers, parameters, (name) => weights.data(name))
  const precise = await coarseLayers({
    graph: (options) => objective.graph(options),
    context,
    feeds: objective.batch(examples, objective.labels(examples)).feeds,
    weight: (name) => rounded.get(name) ?? (weights.has(name) ? weights.tensor(name) : undefined),
    session: { provider, threads: threads ?? physicalCores() }
  })
  return { quantized: { ...quantized, steps: { ...quantized.steps, precise } } }
}

/** Names of the layers, without `.weight`. */
async function coarseLayers(options: CoarseOptions): Promise<Set<string>> {
  const errors = await roundingErrors(options)
  // What is not finite says nothing of rounding: the training's first step tells where it comes from.
  return new Set([...errors].filter(([, error]) => error > mostError).map(([layer]) => layer))
}

/** By layer: ‖rounded − precise‖ / ‖precise‖ over all of a batch. */
async function roundingErrors({ graph, context, feeds, weight, session }: CoarseOptions): Promise<Map<string, number>> {
  const found: { layer: string; rounded: Value; precise: Value }[] = []
  const { g } = graph({
    ...context,
    compare: (layer, rounded, precise) => found.push({ layer, rounded, precise })
  })
  const square = (x: Value): Value => g.reduceSum(g.mul(x, x), [0, 1])
  found.forEach(({ rounded, precise }, at) => {
    g.output(`error/${at}`, square(g.sub(rounded, precise)))
    g.output(`size/${at}`, square(precise))
  })
  if (found.length === 0) return new Map()
  const opened = await GraphSession.create(g.build(), session)
  try {
    const given = opened.graph.inputs.flatMap(({ value: { name } }) => {
      const tensor = feeds[name] ?? weight(name)
      return tensor ? [[name, tensor] as const] : []
    })
    const results = await opened.run(Object.fromEntries(given))
    const read = (name: string): number => Number(results[name]!.data[0])
    return new Map(found.map(({ layer }, at) => [layer, Math.sqrt(read(`error/${at}`) / read(`size/${at}`))]))
  } finally {
    await opened.release()
  }
}
