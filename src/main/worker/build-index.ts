import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { representations } from '../contract/strategies.ts'
import { LabError } from '../contract/error.ts'
import type { JobInput, JobOutput } from '../contract/jobs.ts'
import { openDataset } from '../data/dataset.ts'
import { physicalCores } from '../machine/cores.ts'
import type { Engine } from '../engine/engine.ts'
import { loadEngine } from '../engine/load.ts'
import { readConfig } from '../models/config.ts'
import { fingerprintModel } from '../models/fingerprint.ts'
import { pooledSize } from '../models/pooling.ts'
import { readSentenceConfig } from '../models/sentence-config.ts'
import { buildIndex, embedHere, fingerprintOf, type BuildOptions } from '../retrieval/build.ts'
import { IndexDraft } from '../retrieval/draft.ts'
import { encoderOf } from '../retrieval/encoder.ts'
import type { Manifest } from '../retrieval/manifest.ts'
import { canStartParts, embedInProcesses } from './index-parts.ts'
import { defineJob, type JobContext } from './job.ts'

/** Builds an index in the job's folder, which is the index's own: `<home>/indices/<fingerprint>`. */
export const job = defineJob({
  kind: 'build-index',
  async run(context) {
    const { input, folder } = context
    const dataset = openDataset(input.dataset)
    const engines: Engine[] = []
    try {
      const options = await optionsOf(context, dataset, engines)
      checkFolder(folder, fingerprintOf(options), input.encoder.modelId)
      if (input.part !== null) return await embedPart(options, input.part)
      return outputOf(folder, await buildIndex(options))
    } finally {
      for (const engine of engines) await engine.close()
      dataset.close()
    }
  }
})

type Context = JobContext<'build-index'>

async function optionsOf(context: Context, dataset: BuildOptions['dataset'], engines: Engine[]): Promise<BuildOptions> {
  const { input, folder, log, report, signal, paused } = context
  const { encoder: wanted, provider, modelPrecision } = input
  const { representation, prefix } = wanted
  const settings = { representation, prefix, maxTokens: input.maxTokens }
  const config = await readConfig(wanted.folder)
  const { pooling, normalized } = representations[representation]
  const sentence = pooling === 'own' ? await readSentenceConfig(wanted.folder) : null
  const inParts = input.shards > 1 && input.part === null
  if (inParts && !canStartParts()) {
    log('Several processes at once need the server or the command line; this one embeds alone.', 'warn')
  }
  return {
    ...settings,
    dataset,
    folder,
    modelId: wanted.modelId,
    modelPrecision,
    vectorPrecision: input.vectorPrecision,
    dimension: sentence ? pooledSize(config.hiddenSize, sentence) : config.hiddenSize,
    similarity: normalized ? (sentence?.similarity ?? 'cosine') : 'distance',
    encoderFingerprint: await fingerprintModel(wanted.folder, signal),
    search: input.search,
    hnsw: input.hnsw,
    threads: context.threads ?? physicalCores(),
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
    },
    ...(inParts && canStartParts() ? { embedChunks: (draft, open) => embedInProcesses(draft, open, context) } : {})
  }
}

/** The folder is named after what was to be built: files of the encoder or the data that have changed since would not fit it. */
function checkFolder(folder: string, fingerprint: string, modelId: string): void {
  const name = basename(folder)
  if (!/^[0-9a-f]{32}$/.test(name) || name === fingerprint) return
  throw new LabError(
    'encoder-changed',
    `The files of the encoder "${modelId}" are not those that were installed: the index would be ${fingerprint}, not ${name}. Install the model again.`,
    { details: { modelId, expected: name, found: fingerprint } }
  )
}

/** One process's share of the open chunks; the job that started it makes the index of them. */
async function embedPart(
  options: BuildOptions,
  part: NonNullable<JobInput<'build-index'>['part']>
): Promise<JobOutput<'build-index'>> {
  const started = performance.now()
  const draft = await IndexDraft.join(options.folder, fingerprintOf(options))
  try {
    const done = await draft.done()
    const own: number[] = []
    for (let chunk = part.number; chunk < draft.chunks; chunk += part.of) if (!done.has(chunk)) own.push(chunk)
    if (own.length > 0) await embedHere(draft, own, options, part.number + 1)
    return {
      fingerprint: draft.fingerprint,
      dimension: draft.shape.dimension,
      vectors: Math.min(draft.shape.count, own.length * draft.shape.chunkRows),
      search: 'exact',
      recall: 1,
      bytes: 0,
      seconds: (performance.now() - started) / 1000
    }
  } finally {
    await draft.close()
  }
}

async function outputOf(folder: string, manifest: Manifest): Promise<JobOutput<'build-index'>> {
  const { vectors, graph } = manifest
  const { size } = await stat(join(folder, vectors.file))
  return {
    fingerprint: manifest.fingerprint,
    dimension: vectors.dimension,
    vectors: vectors.count,
    search: graph === null ? 'exact' : 'hnsw',
    recall: manifest.recall,
    bytes: size + (graph?.bytes ?? 0),
    seconds: manifest.seconds.embed + manifest.seconds.graph
  }
}
