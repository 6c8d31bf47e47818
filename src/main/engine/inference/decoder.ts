/** Stepwise decoding of a batch: the encoder's keys and values, the cache, and the one graph that is run again and again. */
import { LabError } from '../../contract/error.ts'
import type { Graph } from '../../graph/index.ts'
import { seq2seqOf } from '../../models/architectures/index.ts'
import { sourceBatch } from '../../models/batch.ts'
import { bucketOf } from '../../models/buckets.ts'
import type { Seq2SeqConfig } from '../../models/config.ts'
import { crossAttentionGraph, stepGraph, type StepOptions } from '../../models/decoding-graphs.ts'
import { keepsTensors } from '../devices.ts'
import { checkFinite } from '../finite.ts'
import { float32, floats, int64, Tensor, type Tensors } from '../tensors.ts'
import { feedsOf } from './batches.ts'
import { KeyValueCache, type DecoderCache } from './cache.ts'
import { DeviceCache, disposeAll, selectOnDevice } from './device-cache.ts'
import type { InferenceModel, Runner, Runners } from './model.ts'

const unused = -1e9

export interface DecodingOptions extends Omit<StepOptions, 'resident' | 'drafts'> {
  /** No answer becomes longer. */
  maxNewTokens: number
  /** Steps may be of several ids an answer, where that is possible: see `drafts`. Only greedily. */
  drafts?: boolean
}

interface Parts {
  encoder: Runner
  runner: Runner
  cache: DecoderCache
  options: DecodingOptions
  drafts: boolean
  cross: Record<string, Tensor>
  mask: Tensor
}

export class Decoder {
  readonly #config: Seq2SeqConfig
  readonly #runners: Runners
  readonly #encoder: Runner
  readonly #runner: Runner
  readonly #cache: DecoderCache
  readonly #options: DecodingOptions
  /** Steps may be of several ids an answer. */
  readonly drafts: boolean
  /** `source_mask`, in ordinary memory. */
  #mask: Tensor
  /** `cross_key_N`, `cross_value_N`: as many rows as there are inputs. */
  #cross: Record<string, Tensor>

  private constructor(config: Seq2SeqConfig, runners: Runners, parts: Parts) {
    this.#config = config
    this.#runners = runners
    this.#encoder = parts.encoder
    this.#options = parts.options
    this.#runner = parts.runner
    this.#cache = parts.cache
    this.drafts = parts.drafts
    this.#cross = parts.cross
    this.#mask = parts.mask
  }

  /**
   * Runs the encoder over the inputs. Each input has `beams` rows in the decoder, which lie together. On a device that keeps
   * tensors, all keys and values stay there: `release` frees them.
   */
  static async start(
    model: InferenceModel,
    runners: Runners,
    inputs: readonly (readonly number[])[],
    options: DecodingOptions
  ): Promise<Decoder> {
    const config = seq2seqConfig(model)
    const { parameters } = model
    const { beams, bans, repetitionPenalty, candidates, maxNewTokens, headless = false } = options
    const resident = keepsTensors(model.provider)
    const drafts = options.drafts === true && beams === 1 && !resident
    const staying =
      (kind: RegExp) =>
      ({ outputs }: Graph) => ({
        onDevice: resident ? outputs.map(({ name }) => name).filter((name) => kind.test(name)) : []
      })
    const encoder = await runners.get(
      'cross-attention',
      (context) => crossAttentionGraph(config, parameters, context),
      staying(/^cross_/),
      'answers'
    )
    const runner = await runners.get(
      headless ? `step headless ${drafts}` : `step ${beams} ${candidates} ${bans} ${repetitionPenalty} ${drafts}`,
      (context) => stepGraph(config, parameters, { ...options, ...context, resident, drafts }),
      staying(/^present_/),
      'answers'
    )
    const sources = inputs.map((ids) => ({ ids }))
    const feeds = feedsOf(sourceBatch(config, sources))
    const cross = await encoder.run(feeds)
    const rows = inputs.length * beams
    const shape = seq2seqOf(config).cacheShape(config)
    const cache = resident ? new DeviceCache(shape, rows, maxNewTokens, runners) : new KeyValueCache(shape, rows)
    return new Decoder(config, runners, { encoder, runner, cache, options, drafts, cross, mask: feeds['source_mask']! })
  }

  /** Whether inputs can come while others are being answered. */
  get admits(): boolean {
    return this.#cache.add !== undefined
  }

  /** Further inputs, behind those that are there; their answers begin. Only where `admits`. */
  async admit(inputs: readonly (readonly number[])[]): Promise<void> {
    const feeds = feedsOf(
      sourceBatch(
        this.#config,
        inputs.map((ids) => ({ ids }))
      )
    )
    const cross = await this.#encoder.run(feeds)
    const mask = feeds['source_mask']!
    // What left may have been longer than all that are there now.
    const length = Math.max(longestOf(this.#mask), mask.dims[1]!)
    const joined = Object.entries(this.#cross).map(
      ([name, there]) => [name, join(there, cross[name]!, length)] as const
    )
    this.#cross = Object.fromEntries(joined)
    this.#mask = join(this.#mask, mask, length)
    this.#cache.add!(inputs.length * this.#options.beams)
  }

  /** One step: the last id of every row, and what else the graph takes. */
  async step(ids: readonly number[], extra: Tensors = {}): Promise<Record<string, Tensor>> {
    const outputs = await this.#run(
      ids.map((id) => [id]),
      extra
    )
    this.#cache.append(outputs)
    return outputs
  }

  /**
   * One step of several ids for every row, as many for each: its last one, and drafts of those that may follow. `next` are the ids
   * behind each of them. How many of them were right is then told with `accept`. Only where `drafts`.
   */
  async draft(rows: readonly (readonly number[])[], extra: Tensors = {}): Promise<Record<string, Tensor>> {
    return this.#run(rows, extra)
  }

  /** Of each row's ids in the step that gave these outputs, the first `counts[row]` stay. */
  accept(outputs: Tensors, counts: readonly number[]): void {
    this.#cache.accept!(outputs, counts)
  }

  async #run(rows: readonly (readonly number[])[], extra: Tensors): Promise<Record<string, Tensor>> {
    const ids = rows.flat()
    const outputs = await this.#runner.run({
      ...this.#cross,
      source_mask: this.#mask,
      ...this.#cache.feeds,
      ...this.#position(rows[0]!.length),
      ids: int64(ids, [ids.length]),
      ...extra
    })
    const { sums } = outputs
    if (sums) checkFinite(floats(sums), 'the scores of the next token')
    return outputs
  }

  /** Row i of the decoder becomes what row `rows[i]` was. */
  async selectRows(rows: readonly number[]): Promise<void> {
    await this.#cache.select(rows)
  }

  /** Only these of the inputs that are there stay, in ascending order. Their rows are chosen with `selectRows`. */
  async selectInputs(inputs: readonly number[]): Promise<void> {
    const first = Object.values(this.#cross)[0]
    if (first && first.location !== 'cpu') {
      const kept = await selectOnDevice(this.#runners, this.#cross, inputs)
      disposeAll(this.#cross)
      this.#cross = kept
    } else {
      const kept = Object.entries(this.#cross).map(([name, tensor]) => [name, rowsOf(tensor, inputs)])
      this.#cross = Object.fromEntries(kept) as Record<string, Tensor>
    }
    this.#mask = rowsOf(this.#mask, inputs)
  }

  /** Frees what lies on a device. */
  release(): void {
    this.#cache.release()
    disposeAll(this.#cross)
  }

  /** Where the new ids of each answer are: their rows of the table or their distances, and which places each of them reads. */
  #position(width: number): Tensors {
    const { capacity, lengths } = this.#cache
    const [rows, places] = [lengths.length, capacity + width]
    const bias = new Float32Array(rows * width * places).fill(unused)
    const starts = lengths.flatMap((length, row) =>
      Array.from({ length: width }, (_, at) => ({ length, at, from: (row * width + at) * places }))
    )
    for (const { length, at, from } of starts) {
      bias.fill(0, from, from + length)
      bias.fill(0, from + capacity, from + capacity + at + 1)
    }
    const { firstPosition, buckets: scheme } = seq2seqOf(this.#config).target(this.#config)
    const feeds: Record<string, Tensor> = { past_bias: float32(bias, [rows, 1, width, places]) }
    if (firstPosition !== null) {
      // An answer that is done may stay a while among others, and then has no position any more.
      const last = this.#options.maxNewTokens - 1
      const positions = starts.map(({ length, at }) => firstPosition + Math.min(length + at, last))
      feeds['position'] = int64(positions, [rows * width])
    }
    if (scheme) {
      const buckets = new BigInt64Array(rows * width * places)
      for (const { length, at, from } of starts) {
        for (let place = 0; place < length; place++)
          buckets[from + place] = BigInt(bucketOf(place - length - at, scheme))
        for (let other = 0; other < at; other++) buckets[from + capacity + other] = BigInt(bucketOf(other - at, scheme))
      }
      feeds['past_buckets'] = new Tensor('int64', buckets, [rows * width * places])
    }
    return feeds
  }
}

/** Length of the longest row of a mask `[rows, length]`. */
function longestOf(mask: Tensor): number {
  const [rows, length] = mask.dims as [number, number]
  const data = floats(mask)
  for (let longest = length; longest > 1; longest--) {
    for (let row = 0; row < rows; row++) if (data[row * length + longest - 1] === 1) return longest
  }
  return 1
}

/** One tensor's rows behind another's, `[rows, .., length, ..]`, all of this length: cut, or filled up with zeros. */
function join(first: Tensor, second: Tensor, length: number): Tensor {
  const axis = first.dims.length === 2 ? 1 : 2
  const size = first.dims.slice(axis + 1).reduce((product, dim) => product * dim, 1)
  const count = ({ dims }: Tensor): number => dims.slice(0, axis).reduce((product, dim) => product * dim, 1)
  const joined = new Float32Array((count(first) + count(second)) * length * size)
  let to = 0
  for (const tensor of [first, second]) {
    const data = floats(tensor)
    const own = tensor.dims[axis]! * size
    const kept = Math.min(own, length * size)
    for (let from = 0; from < data.length; from += own, to += length * size)
      joined.set(data.subarray(from, from + kept), to)
  }
  const dims = [first.dims[0]! + second.dims[0]!, ...first.dims.slice(1)]
  dims[axis] = length
  return float32(joined, dims)
}

/** Rows of a tensor in ordinary memory. */
function rowsOf(tensor: Tensor, rows: readonly number[]): Tensor {
  const count = tensor.dims[0]!
  if (rows.length === count) return tensor
  const data = floats(tensor)
  const width = data.length / count
  const chosen = new Float32Array(rows.length * width)
  rows.forEach((row, index) => chosen.set(data.subarray(row * width, (row + 1) * width), index * width))
  return float32(chosen, [rows.length, ...tensor.dims.slice(1)])
}

/** @throws LabError `wrong-role` for a model that cannot write. */
export function seq2seqConfig({ config }: InferenceModel): Seq2SeqConfig {
  if (config.role === 'seq2seq') return config
  throw new LabError(
    'wrong-role',
    `This model is a ${config.role} (${config.architecture}) and cannot generate text. Choose an encoder-decoder, such as BART or T5.`,
    { details: { role: config.role } }
  )
}
