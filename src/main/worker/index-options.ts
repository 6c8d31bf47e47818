import { vectorSize } from '../contract/embedded-over.ts'
import { representations } from '../contract/strategies.ts'
import type { Engine } from '../engine/engine.ts'
import { loadEngine } from '../engine/load.ts'
import { vectorsComputedOn } from '../machine/computed-on.ts'
import { physicalCores } from '../machine/cores.ts'
import { readConfig } from '../models/config.ts'
import { fingerprintModel } from '../models/fingerprint.ts'
import { pooledSize } from '../models/pooling.ts'
import { readSentenceConfig } from '../models/sentence-config.ts'
import type { BuildOptions } from '../retrieval/build.ts'
import { encoderOf } from '../retrieval/encoder.ts'
import type { JobContext } from './job.ts'

/** What an index is built from and how, for the job that builds it and for its parts and shares. Engines that it loads go into `engines`. */
export async function indexOptions(
  context: JobContext<'build-index'> | JobContext<'embed-part'> | JobContext<'embed-shard'>,
  dataset: BuildOptions['dataset'],
  engines: Engine[]
): Promise<BuildOptions> {
  const { input, folder, log, report, signal, paused } = context
  const { encoder: wanted, provider, modelPrecision } = input
  const { representation, prefix, over } = wanted
  const settings = { representation, prefix, over, maxTokens: input.maxTokens }
  const config = await readConfig(wanted.folder)
  const { pooling, normalized } = representations[representation]
  const sentence = pooling === 'own' ? await readSentenceConfig(wanted.folder) : null
  return {
    ...settings,
    dataset,
    folder,
    modelId: wanted.modelId,
    modelPrecision,
    vectorPrecision: input.vectorPrecision,
    dimension: vectorSize(settings, {
      own: sentence ? pooledSize(config.hiddenSize, sentence) : config.hiddenSize,
      hidden: config.hiddenSize
    }),
    similarity: normalized ? (sentence?.similarity ?? 'cosine') : 'distance',
    encoderFingerprint: await fingerprintModel(wanted.folder, signal),
    search: input.search,
    hnsw: input.hnsw,
    threads: context.threads ?? physicalCores(),
    madeOn: [vectorsComputedOn(provider)],
    signal,
    report,
    log,
    paused,
    async encoder() {
      const engine = await loadEngine({
        folder: wanted.folder,
        provider,
        precision: modelPrecision,
        ...(context.threads === undefined ? {} : { threads: context.threads })
      })
      engines.push(engine)
      log(`Embedding on ${engine.info.provider}: ${engine.info.providerReason}`)
      return encoderOf(engine, settings)
    }
  }
}
