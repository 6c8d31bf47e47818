/** A model in memory: configuration, weights, tokenizer, and where it runs. What inference and training both start from. */
import { LabError } from '../contract/error.ts'
import type { BaseWeights, RoundedWeights } from '../contract/base-weights.ts'
import type { Precision } from '../contract/precision.ts'
import type { ModelConfig } from '../models/config.ts'
import { digestOf, fingerprintModel } from '../models/fingerprint.ts'
import { readModelFolder } from '../models/folder.ts'
import type { GenerationConfig } from '../models/generation-config.ts'
import { inputLimit } from '../models/input-limit.ts'
import { locateParameters, type LocatedParameter } from '../models/locate.ts'
import { checkFits, memoryOf } from '../models/memory.ts'
import { parameterSize } from '../models/parameters.ts'
import { noModules, openModules } from '../models/modules.ts'
import { pooledSize } from '../models/pooling.ts'
import { withoutTiedCopies } from '../models/tied.ts'
import type { SentenceConfig } from '../models/sentence-config.ts'
import type { Tokenizer } from '../models/tokenizers/tokenizer.ts'
import { openCheckpoint } from '../models/weights/checkpoint.ts'
import { createHash } from 'node:crypto'
import type { Provider } from '../contract/providers.ts'
import type { LoadOptions, ModelInfo } from './engine.ts'
import { applyPatch, patchFile } from './patch.ts'
import { chooseForFast } from './fast-test.ts'
import { chooseForHalf } from './half-test.ts'
import { keepsTensors } from './devices.ts'
import { chooseProvider, type ProviderDecision } from './providers.ts'
import { readBase } from './base-cache.ts'
import type { LoadedAdapter } from './adapter.ts'
import type { QuantizedBase } from './quantized-base.ts'
import { baseLayers, cardBytes, weightBytes } from '../models/linear-layers.ts'
import { WeightStore } from './weights.ts'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface LoadedModel {
  readonly folder: string
  readonly config: ModelConfig
  readonly generation: GenerationConfig | null
  readonly sentence: SentenceConfig | null
  readonly parameters: readonly LocatedParameter[]
  /** Weights of the dense layers behind the pooling; they are not trained. */
  readonly moduleParameters: readonly LocatedParameter[]
  readonly weights: WeightStore
  readonly tokenizer: Tokenizer
  readonly provider: Provider
  readonly threads: number | undefined
  readonly precision: Precision
  /** Fingerprint of the folder alone, without a patch. */
  readonly base: string
  /** An adapter was multiplied into the weights. */
  readonly adapted: boolean
  /** An adapter that lies beside rounded weights. */
  readonly adapter: LoadedAdapter | null
  readonly info: ModelInfo
}

/** Reads a model folder. Memory is checked before anything large is read. */
export async function loadModel(options: LoadOptions): Promise<LoadedModel> {
  const { folder, patch, threads, precision = 'fp32', base: bits = 'full' } = options
  if (bits === '4-bit' && precision === 'fast')
    throw new LabError(
      'bad-option',
      'Fast products take weights in 8 bits, and the base was asked for in 4. Choose the base "8-bit", or the precision "fp32".'
    )
  const { config, tokenizer, generation, sentence, notes } = await readModelFolder(folder)
  const checkpoint = await openCheckpoint(folder)
  try {
    const located = locateParameters(config, checkpoint, { freshHead: true })
    const parameters = await withoutTiedCopies(config, located, checkpoint, notes)
    const modules = sentence ? await openModules(folder, sentence.after) : noModules
    const count = parameters.reduce((sum, parameter) => sum + parameterSize(parameter), 0)
    checkFits(folder, memoryOf(config, { kind: 'embed', tokens: 1024, longest: 128, base: bits }))
    const { provider, reason } = await providerFor(options)
    const base = await fingerprintModel(folder)
    const rounded = bits === 'full' ? null : await readRounded(bits)
    const weights = await WeightStore.read(
      { read: (name, target) => (modules.has(name) ? modules.read(name) : checkpoint.read(name, target)) },
      [...parameters, ...modules.parameters],
      rounded
    )
    const patched = patch === undefined ? null : await applyPatch(patch, base, weights)
    const info: ModelInfo = {
      architecture: config.architecture,
      role: sentence !== null && config.role === 'seq2seq' ? 'encoder' : config.role,
      parameters: count,
      weights: {
        ...{ bytes: weightBytes(config, parameters, bits), inFull: 4 * count },
        onCard: keepsTensors(provider) ? cardBytes(config, parameters, bits) : null
      },
      hiddenSize: config.hiddenSize,
      embeddingSize: sentence ? pooledSize(config.hiddenSize, sentence) : config.hiddenSize,
      similarity: sentence?.similarity ?? 'cosine',
      vocabularySize: config.vocabularySize,
      maxInputTokens: inputLimit(config, sentence, tokenizer),
      notes,
      provider,
      providerReason: reason,
      fingerprint: await fingerprintOf(base, bits, patch)
    }
    const adapted = patched?.kind === 'adapter' && patched.beside === undefined
    return {
      folder,
      config,
      generation,
      sentence,
      parameters,
      moduleParameters: modules.parameters,
      weights,
      tokenizer,
      provider,
      threads,
      precision,
      base,
      adapted,
      adapter: patched?.beside ?? null,
      info
    }

    function readRounded(wanted: RoundedWeights): Promise<QuantizedBase> {
      const layers = baseLayers(config, parameters)
      // What a checkpoint leaves out is drawn, and small.
      const stored = parameters.filter(
        ({ name, source }) => source !== null && layers.has(name.replace(/\.weight$/, ''))
      )
      const keep = options.keepRounded ?? true
      return readBase({ folder, fingerprint: base, checkpoint, parameters: stored, keep }, wanted)
    }
  } finally {
    await checkpoint.close()
  }
}

/** A model that is trained in the fast precision lies on the processor, its own products exact; one in half precision on a device. */
export function providerFor({
  provider = 'auto',
  precision,
  tuning
}: Pick<LoadOptions, 'provider' | 'precision' | 'tuning'>): Promise<ProviderDecision> {
  if (precision === 'fast') return chooseForFast(provider)
  if (tuning === 'half') return chooseForHalf(provider)
  return chooseProvider(tuning === 'fast' && provider === 'auto' ? 'cpu' : provider)
}

/** What is loaded as it lies in its folder has the folder's own. */
async function fingerprintOf(folder: string, bits: BaseWeights, patch: string | undefined): Promise<string> {
  const base = bits === 'full' ? folder : `${folder} ${bits}`
  if (patch === undefined) return bits === 'full' ? base : createHash('sha256').update(base).digest('hex')
  const file = existsSync(patch) && statSync(patch).isDirectory() ? join(patch, patchFile) : patch
  return createHash('sha256')
    .update(`${base} ${await digestOf(file)}`)
    .digest('hex')
}
