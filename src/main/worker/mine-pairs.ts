import type { DatasetFile } from '../contract/dataset-file.ts'
import { LabError } from '../contract/error.ts'
import type { RetrievedExample } from '../contract/runs.ts'
import { retrievalSettingsSchema } from '../contract/run-settings.ts'
import type { JobInput } from '../contract/jobs.ts'
import { Random } from '../random/random.ts'
import type { MinedPair } from '../contract/minings.ts'
import { openDataset } from '../data/dataset.ts'
import type { Engine, TrainExample, Trials } from '../engine/engine.ts'
import { loadEngine } from '../engine/load.ts'
import { meanOrZero } from '../sums/sums.ts'
import { writeWhole } from '../files/durable.ts'
import { defineJob, type JobContext } from './job.ts'
import { QuerySets, type DrawnSet } from './reranking/draw.ts'
import { MiningFolder, type MinedSet, type MiningManifest } from './reranking/mined-set.ts'
import { importTuples } from './reranking/import-tuples.ts'
import { judgeHurt } from './reranking/hurt.ts'
import { labelledPairs } from './reranking/labels.ts'
import { reportOf } from './reranking/mining-report.ts'
import { scoresOf } from './reranking/quality.ts'
import { bestLearningRate, judge } from './reranking/usefulness.ts'
import { retrieveWarm } from './retrieving.ts'

/** Models up to this many weights are tuned whole in trials; of larger ones the last blocks. */
const smallModel = 30e6
/** Query sets on which the learning rate is chosen. */
const setsForRate = 4

/**
 * Mines pairs for a reranker in the mining's own folder. A query set is the unit: one that is there is not mined again, and a
 * set comes out the same in whichever order, process or attempt it is mined. A part mines its share of the sets; the job
 * without a part mines what is missing and makes the report and `pairs.jsonl`.
 */
export const job = defineJob({
  kind: 'mine-pairs',
  async run(context) {
    const { input, folder, log } = context
    const started = performance.now()
    const mining = new MiningFolder(folder)
    const { settings, part } = input
    const dataset = openDataset(input.dataset)
    try {
      if (input.tuples !== null) return await importTuples(context, dataset)
      const querySets = new QuerySets(dataset, settings)
      const share = Array.from({ length: settings.sets }, (_, set) => set).filter(
        (set) => part === null || set % part.of === part.number
      )
      const missing = share.filter((set) => !mining.hasSet(set))
      const learningRate = await mineAll(context, { mining, dataset, querySets, missing })
      if (part !== null) return { report: null, bytes: 0, seconds: (performance.now() - started) / 1000 }
      context.report({ phase: 'report', done: settings.sets, total: settings.sets, unit: 'query sets' })
      const sets: MinedSet[] = []
      for (const set of share) sets.push(await mining.readSet(set))
      const pairs = labelledPairs(sets, settings, input.iteration)
      const text = pairs.map((pair: MinedPair) => `${JSON.stringify(pair)}\n`).join('')
      await writeWhole(mining.pairs, text)
      const hurt = judgeHurt(sets, (ids) => dataset.getMany(ids).map(({ input }) => input))
      const report = reportOf(sets, pairs, settings, { learningRate, hurt })
      await mining.saveReport(report)
      for (const { text, holds } of report.gate.checks) log(text, holds === false ? 'warn' : 'info')
      return { report, bytes: Buffer.byteLength(text), seconds: (performance.now() - started) / 1000 }
    } finally {
      dataset.close()
    }
  }
})

type Context = JobContext<'mine-pairs'>

interface Work {
  mining: MiningFolder
  dataset: DatasetFile
  querySets: QuerySets
  missing: readonly number[]
}

/** Mines the missing sets; gives the learning rate of the trials, chosen once for the whole mining. */
async function mineAll(context: Context, { mining, dataset, querySets, missing }: Work): Promise<number> {
  const { input, folder, log } = context
  const known = await mining.manifest()
  const wanted = manifestOf(input, dataset, known?.learningRate ?? 0)
  if (known !== null && JSON.stringify(known) !== JSON.stringify(wanted)) {
    throw new LabError(
      'mining-of-other-settings',
      `${folder} holds a mining with other data, another model or other settings. Start a new mining.`,
      { details: { folder } }
    )
  }
  if (known !== null && missing.length === 0) return known.learningRate
  const engine = await loadEngine({ ...engineOptions(context), folder: input.model.folder })
  const reranker =
    input.reranker === null ? null : await loadEngine({ ...engineOptions(context), folder: input.reranker.folder })
  try {
    log(`Trials on ${engine.info.provider}: ${engine.info.providerReason}`)
    const trials = await engine.trials(trialSettings(input, engine))
    try {
      const learningRate = known?.learningRate ?? (await rateOf(context, dataset, querySets, trials))
      if (known === null) await mining.saveManifest({ ...wanted, learningRate })
      for (const set of missing) {
        await context.paused()
        reportProgress(context, mining)
        const drawn = querySets.draw(set)
        await mining.saveSet(await mineSet(context, { dataset, querySets, drawn, trials, reranker, learningRate }))
      }
      reportProgress(context, mining)
      return learningRate
    } finally {
      await trials.close()
    }
  } finally {
    await reranker?.close()
    await engine.close()
  }
}

function engineOptions({ input, threads }: Context) {
  return { provider: input.provider, ...(threads === undefined ? {} : { threads }) }
}

function reportProgress({ input, report }: Context, mining: MiningFolder): void {
  const { sets } = input.settings
  report({ phase: 'mining', done: mining.countSets(sets), total: sets, unit: 'query sets' })
}

async function rateOf(
  { input, report, log }: Context,
  dataset: DatasetFile,
  querySets: QuerySets,
  trials: Trials
): Promise<number> {
  const { settings } = input
  if (settings.learningRate !== null) return settings.learningRate
  report({ phase: 'choosing the learning rate', done: 0, total: settings.sets, unit: 'query sets' })
  const sets = Array.from({ length: Math.min(setsForRate, settings.sets) }, (_, set) => querySets.draw(set))
  const tasks = sets.map(({ ownIds, labelledIds }) => ({
    own: examplesOf(dataset, ownIds),
    labelled: examplesOf(dataset, labelledIds)
  }))
  const rate = await bestLearningRate(trials, tasks, settings.seed)
  log(`A learning rate of ${rate} lets a task's own rows help most.`)
  return rate
}

interface SetWork {
  dataset: DatasetFile
  querySets: QuerySets
  drawn: DrawnSet
  trials: Trials
  reranker: Engine | null
  learningRate: number
}

async function mineSet(context: Context, work: SetWork): Promise<MinedSet> {
  const { input } = context
  const { dataset, drawn, trials, learningRate } = work
  const before = process.cpuUsage()
  const candidates = await candidatesOf(context, work)
  const judged = await judge(trials, {
    candidates: examplesOf(
      dataset,
      candidates.map(({ exampleId }) => exampleId)
    ),
    labelled: examplesOf(dataset, drawn.labelledIds),
    own: examplesOf(dataset, drawn.ownIds),
    settings: input.settings,
    learningRate,
    random: new Random(input.settings.seed).fork(`groups of set ${drawn.set}`)
  })
  const { user, system } = process.cpuUsage(before)
  const { draws, ...rest } = judged
  return {
    set: drawn.set,
    task: drawn.task,
    group: drawn.group,
    queryIds: [...drawn.queryIds],
    ...rest,
    candidates: candidates.map(({ exampleId, query, rank, task, group }, index) => ({
      id: exampleId,
      ...{ query, rank, task, group },
      draws: draws[index]!,
      delta: meanOrZero(draws[index]!)
    })),
    cpuSeconds: (user + system) / 1e6
  }
}

/** The candidates that are judged: rows of the other tasks that are mined, and those that the retrieval found. */
async function candidatesOf(context: Context, work: SetWork) {
  const { dataset, drawn, querySets } = work
  const { keep, otherTasks } = context.input.settings
  const wanted = Math.floor(otherTasks * keep)
  // Where there are no other tasks, all of them are found.
  const others = wanted === 0 ? [] : querySets.others(drawn, wanted, new Set())
  const taken = new Set(others)
  const found = await foundCandidates(context, work, keep - others.length, taken)
  return [
    ...found.map(({ exampleId, query, rank, task, group }) => ({ exampleId, query, rank, task, group })),
    ...dataset.getMany(others).map(({ id, task, group }, place) => ({
      ...{ exampleId: id, query: null, rank: place, task, group }
    }))
  ]
}

/**
 * The candidates that the retrieval finds. The rows of the set take turns, so that each brings as many; rows of the task itself stay out,
 * those of its group stay in. With a reranker those that it scores highest are kept.
 */
async function foundCandidates(
  context: Context,
  { dataset, drawn, reranker }: SetWork,
  wanted: number,
  taken: ReadonlySet<number>
): Promise<RetrievedExample[]> {
  const { input, signal } = context
  const { settings, source, indices, provider } = input
  const queries = dataset.getMany(drawn.queryIds).map((row) => row.input)
  if (wanted === 0) return []
  const all = await retrieveWarm(
    {
      dataset: input.dataset,
      strategy: source,
      indices,
      reranker: null,
      queries,
      settings: retrievalSettingsSchema.parse({
        selector: 'round-robin',
        budget: settings.candidates,
        withoutTasks: [drawn.task],
        withoutLeaks: false
      }),
      excludedIds: [],
      seed: settings.seed + drawn.set,
      provider
    },
    // What is searched and how is the same for every set: once said is enough.
    { ...context, log: drawn.set === 0 ? context.log : () => undefined }
  )
  const found = all.filter(({ exampleId }) => !taken.has(exampleId))
  const count = Math.min(wanted, found.length)
  if (reranker === null) {
    const step = settings.kept === 'first' ? 1 : found.length / count
    return Array.from({ length: count }, (_, place) => found[Math.floor(place * step)]!)
  }
  const texts = dataset.getMany(found.map(({ exampleId }) => exampleId)).map((row) => row.input)
  const means = await scoresOf(reranker, queries, texts, { maxTokens: settings.maxInputTokens, signal })
  const order = found.map((_, at) => at).sort((a, b) => means[b]! - means[a]! || a - b)
  const step = settings.kept === 'first' ? 1 : found.length / count
  return Array.from({ length: count }, (_, place) => found[order[Math.floor(place * step)]!]!)
}

function examplesOf(dataset: DatasetFile, ids: readonly number[]): TrainExample[] {
  return dataset.getMany(ids).map(({ input, outputs }) => ({ input, output: outputs[0]! }))
}

function trialSettings({ settings, model }: JobInput<'mine-pairs'>, engine: Engine): Parameters<Engine['trials']>[0] {
  return {
    ...(engine.info.parameters > smallModel ? { method: 'last-blocks', lastBlocks: 1 } : { method: 'full' }),
    optimizer: 'adamw',
    learningRate: settings.learningRate ?? 1e-4,
    weightDecay: 0.01,
    epsilon: 1e-8,
    epochs: 1,
    batchSize: settings.batchSize,
    accumulation: 1,
    // Three of ten, as the original; of fewer steps fewer, since the first is taken at a rate of zero.
    warmupSteps: Math.min(3, Math.floor(settings.groupSize / settings.batchSize / 3)),
    clipNorm: settings.clipNorm,
    labelSmoothing: settings.labelSmoothing,
    dropout: 0,
    maxInputTokens: Math.min(settings.maxInputTokens, engine.info.maxInputTokens ?? Infinity),
    maxOutputTokens: settings.maxOutputTokens,
    prefix: model.prefix,
    seed: settings.seed,
    shuffle: true
  }
}

function manifestOf(input: JobInput<'mine-pairs'>, dataset: DatasetFile, learningRate: number): MiningManifest {
  return {
    format: 1,
    dataset: { contentHash: dataset.contentHash },
    model: { name: input.model.name, fingerprint: input.model.fingerprint, prefix: input.model.prefix },
    source: input.source,
    index: input.indices[0]?.indexId ?? null,
    reranker: input.reranker?.fingerprint ?? null,
    iteration: input.iteration,
    settings: input.settings,
    learningRate
  }
}
