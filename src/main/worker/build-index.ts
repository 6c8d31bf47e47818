import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../contract/error.ts'
import type { JobOutput } from '../contract/jobs.ts'
import { openDataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import { derivedOn } from '../machine/computed-on.ts'
import { physicalCores } from '../machine/cores.ts'
import { buildIndex, fingerprintOf } from '../retrieval/build.ts'
import type { IndexDraft } from '../retrieval/draft.ts'
import { rowsIn, type Manifest } from '../retrieval/manifest.ts'
import { removeShards, takeShards } from '../retrieval/shard-files.ts'
import { deriveChunks, sourceOf } from './derive-index.ts'
import { indexOptions } from './index-options.ts'
import { defineJob, type JobContext, type Share } from './job.ts'

const pollMilliseconds = 200

/** Builds an index in the job's folder, which is the index's own: `<home>/indices/<fingerprint>`. */
export const job = defineJob({
  kind: 'build-index',
  async run(context) {
    const { input, folder, share, log } = context
    const dataset = openDataset(input.dataset)
    const engines: Engine[] = []
    try {
      const options = await indexOptions(context, dataset, engines)
      checkFolder(folder, fingerprintOf(options), input.encoder.modelId)
      const source = await sourceOf(input, dataset.contentHash)
      if (source !== null) {
        const embedChunks = (draft: IndexDraft, open: readonly number[]) => deriveChunks(context, draft, open)
        return outputOf(folder, await buildIndex({ ...options, madeOn: derivedOn(source.vectors.madeOn), embedChunks }))
      }
      if (input.shards === 1) {
        const takeIn = async (draft: IndexDraft, open: readonly number[]) => {
          const left = await takeShards(draft, open)
          if (left.length < open.length)
            log(`${open.length - left.length} of ${draft.chunks} chunks were embedded by other jobs.`)
          return left
        }
        const manifest = await buildIndex({ ...options, takeIn })
        await removeShards(folder)
        return outputOf(folder, manifest)
      }
      if (share === undefined) {
        log('There are no other workers where this job runs; this one embeds alone.', 'warn')
        return outputOf(folder, await buildIndex(options))
      }
      const embedChunks = (draft: IndexDraft, open: readonly number[]) => embedTogether(draft, open, context, share)
      return outputOf(folder, await buildIndex({ ...options, embedChunks }))
    } finally {
      for (const engine of engines) await engine.close()
      dataset.close()
    }
  }
})

/**
 * Embeds the open chunks in several workers of the lab, each every n-th of them. They agree through the draft's files alone; what
 * one has finished stays when it, or this one, dies.
 */
async function embedTogether(
  draft: IndexDraft,
  open: readonly number[],
  context: JobContext<'build-index'>,
  share: Share
): Promise<void> {
  const { shards, ...input } = context.input
  const of = Math.min(shards, open.length)
  const threads = Math.max(1, Math.floor((context.threads ?? physicalCores()) / of))
  context.log(
    `Embedding ${open.length} chunks in ${of} processes of ${threads} ${threads === 1 ? 'thread' : 'threads'}.`
  )
  const { count } = draft.shape
  const before = count - rowsIn(open, draft.shape)
  const embedded = new Array<number>(of).fill(0)
  const first = new Map<number, number>()
  const inputs = embedded.map((_, number) => ({ ...input, number, of }))
  const all = share('embed-part', inputs, threads, (part, { done }) => {
    // Its first report says how many others have done or will do.
    if (!first.has(part)) first.set(part, done)
    embedded[part] = done - first.get(part)!
    const sum = embedded.reduce((total, one) => total + one, before)
    context.report({ phase: 'embedding', done: sum, total: count, unit: 'examples' })
  })
  let running = true
  const stop = () => (running = false)
  const settled = all.then(stop, stop)
  while (running) {
    // The lab pauses the parts; here it is said that all of it waits.
    await context.paused()
    await Promise.race([settled, sleep(pollMilliseconds, undefined, { signal: context.signal })])
  }
  await all
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

async function outputOf(folder: string, manifest: Manifest): Promise<JobOutput<'build-index'>> {
  const { vectors, hnsw } = manifest
  const { size } = await stat(join(folder, vectors.file))
  return {
    fingerprint: manifest.fingerprint,
    dimension: vectors.dimension,
    vectors: vectors.count,
    search: hnsw === null ? 'exact' : 'hnsw',
    recall: manifest.recall,
    bytes: size + (hnsw?.bytes ?? 0),
    seconds: manifest.seconds.embed + manifest.seconds.hnsw
  }
}
