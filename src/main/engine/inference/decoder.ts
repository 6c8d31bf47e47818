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

export interface DecodingOptions extends Omit<StepOptions, 'resident'> {
  /** No answer becomes longer. */
  maxNewTokens: number
}

export class Decoder {
  readonly #config: Seq2SeqConfig
  readonly #runners: Runners
  readonly #runner: Runner
  readonly #cache: DecoderCache
  /** `source_mask`, in ordinary memory. */
  #mask: Tensor
  /** `cross_key_N`, `cross_value_N`: as many rows as there are inputs. */
  #cross: Record<string, Tensor>
  #bias = new Float32Array(0)
  #places: Record<string, Tensor> = {}

  private constructor(
    config: Seq2SeqConfig,
    runners: Runners,
    parts: { runner: Runner; cache: DecoderCache; cross: Record<string, Tensor>; mask: Tensor }
  ) {
    this.#config = config
    this.#runners = runners
    this.#runner = parts.runner
    this.#cache = parts.cache
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
    const { beams, bans, repetitionPenalty, candidates, maxNewTokens } = options
    const resident = keepsTensors(model.provider)
    const staying =
      (kind: RegExp) =>
      ({ outputs }: Graph) => ({
        onDevice: resident ? outputs.map(({ name }) => name).filter((name) => kind.test(name)) : []
      })
    const encoder = await runners.get(
      'cross-attention',
      () => crossAttentionGraph(config, parameters),
      staying(/^cross_/)
    )
    const runner = await runners.get(
      `step ${beams} ${candidates} ${bans} ${repetitionPenalty}`,
      () => stepGraph(config, parameters, { ...options, resident }),
      staying(/^present_/)
    )
    const sources = inputs.map((ids) => ({ ids }))
    const feeds = feedsOf(sourceBatch(config, sources))
    const cross = await encoder.run(feeds)
    const rows = inputs.length * beams
    const shape = seq2seqOf(config).cacheShape(config)
    const cache = resident ? new DeviceCache(shape, rows, maxNewTokens, runners) : new KeyValueCache(shape, rows)
    return new Decoder(config, runners, { runner, cache, cross, mask: feeds['source_mask']! })
  }

  /** One step: the last id of every row, and what else the graph takes. */
  async step(ids: readonly number[], extra: Tensors = {}): Promise<Record<string, Tensor>> {
    const outputs = await this.#runner.run({
      ...this.#cross,
      source_mask: this.#mask,
      ...this.#cache.feeds,
      ...this.#position(),
      ids: int64(ids, [ids.length]),
      ...extra
    })
    this.#cache.append(outputs)
    checkFinite(floats(outputs['sums']!), 'the scores of the next token')
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

  /** Where the new position is: its row of the table or its distances, and which places of the cache count. */
  #position(): Tensors {
    const { capacity, length } = this.#cache
    if (this.#bias.length !== capacity + 1) {
      this.#bias = new Float32Array(capacity + 1).fill(unused)
      this.#bias[capacity] = 0
      this.#bias.fill(0, 0, length)
      this.#places = { past_bias: float32(this.#bias, [1, 1, 1, capacity + 1]) }
    } else if (length > 0) this.#bias[length - 1] = 0
    const { firstPosition, buckets: scheme } = seq2seqOf(this.#config).target(this.#config)
    const feeds: Record<string, Tensor> = { ...this.#places }
    if (firstPosition !== null) feeds['position'] = int64([firstPosition + length], [1])
    if (scheme) {
      const buckets = new BigInt64Array(capacity + 1)
      for (let place = 0; place < length; place++) buckets[place] = BigInt(bucketOf(place - length, scheme))
      feeds['past_buckets'] = new Tensor('int64', buckets, [capacity + 1])
    }
    return feeds
  }
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
