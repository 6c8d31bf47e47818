/** What inference needs of a loaded model, and the sessions it makes of it. */
import { LabError } from '../../contract/error.ts'
import type { Precision } from '../../contract/precision.ts'
import type { Graph } from '../../graph/index.ts'
import { physicalCores } from '../../machine/cores.ts'
import type { ModelConfig } from '../../models/config.ts'
import type { ContextOptions, Quantization } from '../../models/context.ts'
import { freezeWeights } from '../../models/freeze.ts'
import type { GenerationConfig } from '../../models/generation-config.ts'
import { parameterSize, type Parameter } from '../../models/parameters.ts'
import type { SentenceConfig } from '../../models/sentence-config.ts'
import type { Tokenizer } from '../../models/tokenizers/tokenizer.ts'
import type { Provider } from '../../contract/providers.ts'
import type { LoadedAdapter } from '../adapter.ts'
import { keepsTensors } from '../devices.ts'
import type { QuantizedBase } from '../quantized-base.ts'
import { quantizedLayers, QuantizedWeights, type FastUse } from '../quantized-weights.ts'
import { RoundedOnDevice } from '../rounded-on-device.ts'
import { GraphSession } from '../session.ts'
import { float32, type Tensor, type Tensors } from '../tensors.ts'
import type { WordChoice } from './word-choice.ts'

export interface InferenceModel {
  readonly config: ModelConfig
  /** How the model wants its answers to be searched; null for an encoder. */
  readonly generation: GenerationConfig | null
  /** Pooling of a sentence-transformers folder; null for others. */
  readonly sentence: SentenceConfig | null
  readonly parameters: readonly Parameter[]
  readonly tokenizer: Tokenizer
  /** The elements of a weight, row-major. */
  weight(name: string): Float32Array
  /** Linear layers that lie in fewer bits instead. */
  readonly rounded?: QuantizedBase | null
  /** LoRA beside them. */
  readonly adapter?: LoadedAdapter | null
  /** The weights change while the model is in use: they are fed anew with every run and never copied. */
  readonly live: boolean
  readonly precision: Precision
  readonly provider: Provider
  /** CPU threads; undefined: physical cores. */
  readonly threads: number | undefined
}

/** Weights above this are not copied into a session on the CPU: speed is bought with memory only while memory is small. */
const largestFrozen = 1.5 * 2 ** 30
/** Rounded weights are there to save memory: a copy of more than this in a session would undo it. */
const largestFrozenRounded = 2 ** 28

/**
 * Columns of a fed weight that each thread must have at least: with fewer the runtime cuts the sums of a product otherwise, and
 * their last digits would hang on the number of threads. Frozen weights are always cut alike.
 */
const fewestColumns = 80

/** A tensor that a graph asks for by this name, where it is none of the model's weights as they were read. */
type Besides = (name: string) => Tensor | undefined

type Numbers = Int8Array | Uint8Array | Float32Array
const isNumbers = (data: unknown): data is Numbers =>
  data instanceof Int8Array || data instanceof Uint8Array || data instanceof Float32Array

export interface RunnerOptions {
  /** Linear layers whose products must come out the same on any number of threads. */
  steady?: ReadonlySet<string>
  /** The weights of quantised layers and of an adapter. */
  besides?: Besides | null
  /** What of them lies on the device already. */
  resident?: RoundedOnDevice | null
  /** Outputs that stay on the device; whoever gets them disposes them. */
  onDevice?: readonly string[]
  /** Frozen into the session, however large. */
  frozen?: boolean
}

/** A graph of the model, ready to run: it knows the weights, the caller feeds the rest. */
export class Runner {
  readonly #session: GraphSession
  readonly #weights: Tensors

  private constructor(session: GraphSession, weights: Tensors) {
    this.#session = session
    this.#weights = weights
  }

  /**
   * Small models get their weights frozen into the session, which is faster; large or changing ones are fed. On a device they
   * are always frozen: they would be copied there for every run. What lies there already is fed from there.
   */
  static async create(
    model: InferenceModel,
    graph: Graph,
    { besides = null, resident = null, onDevice = [], steady, frozen = false }: RunnerOptions = {}
  ): Promise<Runner> {
    const { provider } = model
    const names = new Set(graph.inputs.filter(({ role }) => role.kind === 'weight').map(({ value }) => value.name))
    const own = model.parameters.filter(({ name }) => names.has(name))
    await resident?.bring(names)
    const held = [...names].reduce((sum, name) => sum + (besides?.(name)?.size ?? 0), 0)
    const bytes = 4 * own.reduce((sum, parameter) => sum + parameterSize(parameter), 0) + held
    let runnable = graph
    const limit = model.rounded ? largestFrozenRounded : largestFrozen
    if (!model.live && (frozen || provider !== 'cpu' || bytes <= limit)) {
      const data = (name: string): Numbers => {
        const data = besides?.(name)?.data
        return isNumbers(data) ? data : model.weight(name)
      }
      const fed = (name: string): boolean => resident?.get(name) !== undefined
      runnable = freezeWeights(graph, data, { feedTables: provider === 'cpu', fed })
    }
    const threads = steady && runnable === graph ? steadyThreads(model, own, steady) : model.threads
    const options = { provider, onDevice, ...(threads === undefined ? {} : { threads }) }
    const fed = new Set(runnable.inputs.map(({ value }) => value.name))
    const weights: Record<string, Tensor> = {}
    for (const { name, dims } of own) if (fed.has(name)) weights[name] = float32(model.weight(name), dims)
    for (const name of fed) {
      const tensor = resident?.get(name) ?? besides?.(name)
      if (tensor) weights[name] = tensor
    }
    return new Runner(await GraphSession.create(runnable, options), weights)
  }

  async run(feeds: Tensors): Promise<Record<string, Tensor>> {
    return this.#session.run({ ...this.#weights, ...feeds })
  }

  async release(): Promise<void> {
    await this.#session.release()
  }
}

/** The model's threads, or as many as leave each enough of the narrowest layer. */
function steadyThreads(
  { threads = physicalCores(), provider }: InferenceModel,
  weights: readonly Parameter[],
  layers: ReadonlySet<string>
): number {
  const fed = weights.filter(({ name }) => layers.has(name.replace(/\.weight$/, '')))
  if (provider !== 'cpu' || fed.length === 0) return threads
  const narrowest = Math.min(...fed.map(({ dims }) => dims[0]!))
  return Math.max(1, Math.min(threads, Math.floor(narrowest / fewestColumns)))
}

/** Sessions by what they are for, made when first asked for. */
export class Runners {
  readonly #model: InferenceModel
  readonly #made = new Map<string, Promise<Runner>>()
  #quantized: QuantizedWeights | null = null
  #resident: Promise<RoundedOnDevice> | null = null
  #screen: Promise<WordChoice | null> | null = null

  constructor(model: InferenceModel) {
    this.#model = model
  }

  /** What a large head is screened with, once there is one; it goes with the sessions. */
  get screen(): Promise<WordChoice | null> | null {
    return this.#screen
  }

  /** Keeps it for the runs to come. */
  keep(screen: Promise<WordChoice | null>): Promise<WordChoice | null> {
    this.#screen = screen
    screen.catch(() => (this.#screen = null))
    return screen
  }

  /** The runner under `key`; `graph` is built the first time only, with the layers that the model's precision quantises for this use. */
  get(
    key: string,
    graph: (context: ContextOptions) => Graph,
    options?: (graph: Graph) => RunnerOptions,
    use: FastUse = 'results'
  ): Promise<Runner> {
    const known = this.#made.get(key)
    if (known) return known
    const { rounded = null, adapter = null, precision, provider } = this.#model
    const quantized = rounded === null && precision === 'fast' ? this.#quantize() : null
    const how = rounded?.how(precision === 'fast' ? use : null, provider) ?? (quantized && this.#how(use))
    const built = graph({ ...(how ? { quantized: how } : {}), ...(adapter ? { adapter: adapter.beside } : {}) })
    const besides: Besides = (name) => (rounded ?? quantized)?.get(name) ?? adapter?.get(name)
    const made = this.#create(built, { besides, ...options?.(built) })
    this.#made.set(key, made)
    made.catch(() => this.#made.delete(key))
    return made
  }

  async release(): Promise<void> {
    const made = [...this.#made.values()]
    this.#made.clear()
    this.#quantized = null
    this.#screen = null
    for (const runner of made) await (await runner).release()
    const resident = this.#resident
    this.#resident = null
    await (await resident)?.close()
  }

  async #create(graph: Graph, options: Omit<RunnerOptions, 'resident'>): Promise<Runner> {
    const { rounded = null, provider } = this.#model
    if (rounded && keepsTensors(provider)) this.#resident ??= RoundedOnDevice.open(rounded, provider)
    return Runner.create(this.#model, graph, { ...options, resident: await this.#resident })
  }

  #quantize(): QuantizedWeights {
    const { config, parameters, live } = this.#model
    if (live) {
      throw new LabError(
        'bad-option',
        'Weights that are being trained are not computed with in the fast precision: they would have to be quantised again after every step. Load the model with precision "fp32" to train it.'
      )
    }
    this.#quantized ??= new QuantizedWeights(quantizedLayers(config, parameters, 'answers'), parameters, (name) =>
      this.#model.weight(name)
    )
    return this.#quantized
  }

  #how(use: FastUse): Quantization {
    const layers = quantizedLayers(this.#model.config, this.#model.parameters, use)
    return { layers, fast: layers, block: null }
  }
}
