/** Which weights a training changes. */
import { LabError } from '../../contract/error.ts'
import type { Adapter, GraphBuilder, Value } from '../../graph/index.ts'
import { architectureOf } from '../../models/architectures/index.ts'
import type { ModelConfig } from '../../models/config.ts'
import { isHead } from '../../models/locate.ts'
import type { Parameter } from '../../models/parameters.ts'
import type { TrainSettings } from '../engine.ts'
import { uniformNumbers } from '../../random/labelled.ts'

/** A weight that is trained, with its value at the start where it is new (an adapter's). */
export interface TrainedWeight {
  readonly name: string
  readonly dims: readonly number[]
  readonly initial?: Float32Array
  /** Weight decay pulls at it. */
  readonly decays: boolean
}

export interface Trainable {
  readonly weights: readonly TrainedWeight[]
  /** Adds the adapters to a graph, for training with their dropout; absent without LoRA. */
  readonly adapter?: (training: boolean) => Adapter
}

export function trainable(config: ModelConfig, parameters: readonly Parameter[], settings: TrainSettings): Trainable {
  const { noDecay } = architectureOf(config)
  const decays = (name: string): boolean => !noDecay.some((part) => name.includes(part))
  const existing = ({ name, dims }: Parameter): TrainedWeight => ({ name, dims, decays: decays(name) })
  const candidates = parameters.filter((parameter) => parameter.trainable)
  switch (settings.method) {
    case 'full':
      return { weights: candidates.map(existing) }
    case 'last-blocks':
      return { weights: lastBlocks(config, candidates, settings.lastBlocks ?? 1).map(existing) }
    case 'lora':
      return lora(config, candidates, settings, decays)
  }
}

/** The last blocks of each stack. */
function lastBlocks(config: ModelConfig, parameters: readonly Parameter[], count: number): Parameter[] {
  const stacks = architectureOf(config).blockNames(config)
  const last = stacks.flatMap((blocks) => blocks.slice(-count))
  // A classifier's own layers are small, and untrained at first.
  return parameters.filter(
    ({ name }) => isWithin(last, name) || (!isWithin(stacks.flat(), name) && isHead(config, name))
  )
}

function isWithin(blocks: readonly string[], name: string): boolean {
  return blocks.some((block) => name.startsWith(`${block}.`))
}

/** Names of a LoRA pair, as PEFT writes them without its prefix. */
export function adapterNames(weight: string): { down: string; up: string } {
  const module = weight.replace(/\.weight$/, '')
  return { down: `${module}.lora_A.weight`, up: `${module}.lora_B.weight` }
}

/** The weight that an adapter's first half belongs to; null for any other name. */
export function weightOfAdapter(name: string): string | null {
  const ending = '.lora_A.weight'
  return name.endsWith(ending) ? `${name.slice(0, -ending.length)}.weight` : null
}

/** LoRA (Hu et al., 2021): y + alpha/rank · (x·Aᵀ)·Bᵀ with A `[rank, in]` drawn at random and B `[out, rank]` zero at first. */
function lora(
  config: ModelConfig,
  parameters: readonly Parameter[],
  { lora: settings, seed }: TrainSettings,
  decays: (name: string) => boolean
): Trainable {
  if (!settings) throw new LabError('bad-settings', 'Training with LoRA needs its settings: rank, alpha and targets.')
  const { rank, alpha, targets = architectureOf(config).loraTargets, dropout = 0 } = settings
  const matches = (name: string) =>
    targets.some((target) => name === `${target}.weight` || name.endsWith(`.${target}.weight`))
  const chosen = parameters.filter(({ name, dims }) => dims.length === 2 && matches(name))
  if (chosen.length === 0) {
    const blocks = architectureOf(config).blockNames(config).flat()
    const linear = parameters.filter(({ name, dims }) => dims.length === 2 && isWithin(blocks, name))
    const names = [...new Set(linear.map(({ name }) => name.split('.').at(-2)!))]
    throw new LabError(
      'bad-settings',
      `No weight matches the LoRA targets ${targets.join(', ')}. This model's linear layers are: ${names.join(', ')}.`,
      {
        details: { targets, layers: names }
      }
    )
  }
  const weights = chosen.flatMap(({ name, dims: [outputs, inputs] }): TrainedWeight[] => {
    const { down, up } = adapterNames(name)
    return [
      {
        name: down,
        dims: [rank, inputs!],
        initial: uniformMatrix(rank * inputs!, inputs!, seed, down),
        decays: decays(down)
      },
      { name: up, dims: [outputs!, rank], initial: new Float32Array(outputs! * rank), decays: decays(up) }
    ]
  })
  const adapted = new Set(chosen.map(({ name }) => name))
  const adapter =
    (training: boolean): Adapter =>
    (g, x, weight, y) => {
      if (!adapted.has(weight.name)) return y
      return addAdapter(g, [g.dropout(x, training ? dropout : 0), y], weight, { rank, scale: alpha / rank })
    }
  return { weights, adapter }
}

/** y + scale · (x·Aᵀ)·Bᵀ. */
export function addAdapter(
  g: GraphBuilder,
  [x, y]: readonly [Value, Value],
  weight: Value,
  { rank, scale }: { rank: number; scale: number }
): Value {
  const { down, up } = adapterNames(weight.name)
  const [outputs, inputs] = weight.dims as [number, number]
  const low = g.gemm(x, g.weight(down, [rank, inputs]), undefined, { transB: true })
  return g.add(y, g.mul(g.gemm(low, g.weight(up, [outputs, rank]), undefined, { transB: true }), scale))
}

/** As PEFT draws A: Kaiming's uniform with a = √5, which is uniform within ±1/√inputs. */
function uniformMatrix(count: number, inputs: number, seed: number, name: string): Float32Array {
  const uniform = uniformNumbers(seed, 'adapter', name)
  const bound = 1 / Math.sqrt(inputs)
  return Float32Array.from({ length: count }, () => (2 * uniform() - 1) * bound)
}

/** The linear layers among them, by their names without `.weight`. */
export function trainedLayers(trained: readonly TrainedWeight[]): Set<string> {
  return new Set(trained.flatMap(({ name }) => (name.endsWith('.weight') ? [name.slice(0, -'.weight'.length)] : [])))
}
