/** A graph loaded into ONNX Runtime. `run` blocks its thread while it computes, so sessions belong in workers. */
import { InferenceSession } from 'onnxruntime-node'
import { LabError, messageOf } from '../contract/error.ts'
import {
  GraphBuilder,
  dimensionPrefix,
  dumpGraph,
  encodeModel,
  evaluateDim,
  isSymbol,
  stopOutputName,
  type Dim,
  type Graph,
  type Target
} from '../graph/index.ts'
import { physicalCores } from '../machine/cores.ts'
import { keepsTensors, targetOf } from './devices.ts'
import type { Provider } from '../contract/providers.ts'
import { int64, type Tensor, type Tensors } from './tensors.ts'

export interface SessionOptions {
  provider?: Provider
  /** CPU threads; default: physical cores. */
  threads?: number
  /** Which operators to write; default: those that suit the provider. */
  target?: Target
  /** Outputs that stay on the device and are fed to a later run. They must be disposed by hand. */
  onDevice?: readonly string[]
  /** For `runInto`: encodes the graph so that outputs go straight into the caller's arrays. Only on the CPU. */
  direct?: boolean
  /** Writes ONNX Runtime's profile to files that begin with this path. */
  profile?: string
}

/** What the binding says when it meets the sequence output, after every other output has been written. */
const stopMessage = 'Non tensor type is temporarily not supported'

export class GraphSession {
  readonly graph: Graph
  readonly #session: InferenceSession
  readonly #dimensions: readonly Dim[]
  readonly #direct: boolean
  /** Fed dimensions of earlier runs, by name and value, so that a run makes no new tensors for them. */
  readonly #fedDimensions = new Map<string, Tensor>()

  private constructor(graph: Graph, session: InferenceSession, dimensions: readonly Dim[], direct: boolean) {
    this.graph = graph
    this.#session = session
    this.#dimensions = dimensions
    this.#direct = direct
  }

  static async create(graph: Graph, options: SessionOptions = {}): Promise<GraphSession> {
    const { provider = 'cpu', threads, target = targetOf(provider), onDevice = [], direct = false, profile } = options
    if (process.env['LAB_DEBUG']?.split(',').includes('graph')) process.stderr.write(`${dumpGraph(graph)}\n`)
    if (keepsTensors(provider)) await keepOpen(provider)
    const { bytes, dimensions, external } = encodeModel(graph, { target, stopOutput: direct })
    try {
      const session = await InferenceSession.create(bytes, {
        executionProviders: [provider],
        intraOpNumThreads: threads ?? physicalCores(),
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        enableMemPattern: false,
        logSeverityLevel: 3,
        // Threads that spin while they wait gain 2 % on an idle machine and lose several times over beside other work.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
        ...(external.length === 0 ? {} : { externalData: external }),
        ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
        ...(onDevice.length === 0 ? {} : { preferredOutputLocation: locations(graph, onDevice) })
      })
      return new GraphSession(graph, session, dimensions, direct)
    } catch (thrown) {
      throw new LabError(
        'session-failed',
        `ONNX Runtime could not load the graph "${graph.name}" on ${provider}: ${messageOf(thrown)}`,
        {
          cause: thrown,
          details: { graph: graph.name, provider }
        }
      )
    }
  }

  /** Computes all outputs, or those named. */
  async run(feeds: Tensors, only?: readonly string[]): Promise<Record<string, Tensor>> {
    const complete = { ...feeds, ...this.#dimensionFeeds(feeds) }
    const names = only ?? this.graph.outputs.map(({ name }) => name)
    try {
      return await this.#session.run(complete, names)
    } catch (thrown) {
      throw this.#failure(thrown)
    }
  }

  /** Computes all outputs into `fetches`, whose tensors must have the shapes that come out. */
  async runInto(feeds: Tensors, fetches: Tensors): Promise<void> {
    const complete = { ...feeds, ...this.#dimensionFeeds(feeds) }
    if (!this.#direct) {
      try {
        await this.#session.run(complete, fetches)
        return
      } catch (thrown) {
        throw this.#failure(thrown)
      }
    }
    try {
      await this.#session.run(complete, { [stopOutputName]: null, ...fetches })
    } catch (thrown) {
      if (messageOf(thrown).includes(stopMessage)) return
      throw this.#failure(thrown)
    }
    throw new LabError(
      'session-failed',
      `The ONNX Runtime binding accepted a sequence output; direct outputs do not work with this version.`
    )
  }

  /** Ends profiling; the profile's file is complete afterwards. */
  endProfile(): void {
    this.#session.endProfiling()
  }

  async release(): Promise<void> {
    await this.#session.release()
  }

  #dimensionFeeds(feeds: Tensors): Record<string, Tensor> {
    const bindings = bindSymbols(this.graph, feeds)
    const result: Record<string, Tensor> = {}
    for (const dim of this.#dimensions) {
      const value = evaluateDim(dim, bindings)
      const key = `${dim}=${value}`
      const tensor = this.#fedDimensions.get(key) ?? int64([value], [1])
      this.#fedDimensions.set(key, tensor)
      result[dimensionPrefix + dim] = tensor
    }
    return result
  }

  #failure(thrown: unknown): LabError {
    return new LabError(
      'session-failed',
      `ONNX Runtime failed in the graph "${this.graph.name}": ${messageOf(thrown)}`,
      {
        cause: thrown,
        details: { graph: this.graph.name }
      }
    )
  }
}

/**
 * The symbols' values, read off the shapes of the fed tensors.
 * @param partial true to pass over inputs that are not fed yet
 * @throws LabError `feed-misfit` where a shape does not fit its input
 */
export function bindSymbols(graph: Graph, feeds: Tensors, partial = false): Record<string, number> {
  const bindings: Record<string, number> = {}
  for (const { value } of graph.inputs) {
    const fed = feeds[value.name]
    if (!fed) {
      if (partial) continue
      throw new LabError('feed-misfit', `Graph "${graph.name}": nothing is fed for "${value.name}".`)
    }
    const fits =
      fed.dims.length === value.dims.length &&
      value.dims.every((dim, axis) => {
        const size = fed.dims[axis]!
        if (!isSymbol(dim)) return typeof dim === 'string' || dim === size
        bindings[dim] ??= size
        return bindings[dim] === size
      })
    if (!fits) {
      throw new LabError(
        'feed-misfit',
        `Graph "${graph.name}": "${value.name}" is fed as [${fed.dims.join(', ')}], expected [${value.dims.join(', ')}].`,
        {
          details: { graph: graph.name, input: value.name }
        }
      )
    }
  }
  return bindings
}

const open = new Map<Provider, Promise<InferenceSession>>()

/**
 * A session that stays: the runtime takes a device down with the last session on it, and with the device all kernels that were compiled
 * for it. The next model would wait for hundreds of them again.
 */
async function keepOpen(provider: Provider): Promise<void> {
  if (!open.has(provider)) {
    const g = new GraphBuilder({ name: 'kept open' })
    g.output('y', g.identity(g.input('x', ['N'])))
    const { bytes } = encodeModel(g.build(), { target: targetOf(provider) })
    open.set(provider, InferenceSession.create(bytes, { executionProviders: [provider], logSeverityLevel: 3 }))
  }
  // Why it cannot be opened is said by the session that is asked for.
  await open.get(provider)!.catch(() => open.delete(provider))
}

function locations(graph: Graph, onDevice: readonly string[]): Record<string, 'cpu' | 'gpu-buffer'> {
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, onDevice.includes(name) ? 'gpu-buffer' : 'cpu']))
}
