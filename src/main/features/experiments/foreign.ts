import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { experimentSpecSchema, type Experiment } from '../../contract/experiments.ts'
import type { Run } from '../../contract/runs.ts'
import type { ForeignAnswers, ForeignRequest } from '../../contract/foreign.ts'
import { isTuned } from '../../contract/strategies.ts'
import type { Dataset, Target } from '../../contract/data.ts'
import { writeAnswers } from '../../run-files/answers.ts'
import { runFiles } from '../../run-files/files.ts'
import { RunFolder } from '../../run-files/run-folder.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'
import { presetSpec } from './presets.ts'

/** Stands where an experiment names its upstream data, and nobody has said which they were. */
const elsewhere = 'elsewhere'

/**
 * Takes answers that another program computed as a finished experiment: they are scored, compared and exported like the lab's own.
 * Nothing of it can be computed again.
 * @throws LabError `bad-request` where two files are the same run; what reading and matching throws; `not-found`
 */
export async function importForeign(
  request: ForeignRequest,
  { store, home, jobs, changes }: Pick<Services, 'store' | 'home' | 'jobs' | 'changes'>
): Promise<Experiment> {
  checkPlaces(request)
  const target = store.targets.get(request.targetId)
  const upstream = request.datasetId === null ? null : store.datasets.get(request.datasetId)
  if (upstream === null && request.files.some(({ retrieved }) => retrieved !== null))
    throw new LabError('bad-request', 'Say from which upstream data the rows were retrieved: they are looked up there.')
  const read = await jobs.ask('read-foreign', {
    target: {
      name: target.name,
      dataset: home.dataset(target.datasetId),
      metrics: target.metrics,
      testExamples: request.testExamples
    },
    upstream: upstream === null ? null : { name: upstream.name, dataset: home.dataset(upstream.id) },
    files: request.files.map(({ path, retrieved }) => ({ path, retrieved }))
  })
  const runs = request.files.map((file, at) => runOf(file, target, read[at]!))
  for (const [at, run] of runs.entries()) await writeFolder(new RunFolder(home.run(run.id)), run, read[at]!, upstream)
  const id = newId('experiment')
  const time = new Date().toISOString()
  store.transaction(() => {
    store.experiments.insert({
      id,
      spec: specOf(request, runs, read),
      status: 'finished',
      createdAt: time,
      finishedAt: time
    })
    for (const [at, run] of runs.entries()) {
      store.runs.insert({ ...run, experimentId: id })
      store.runs.link({ experimentId: id, runId: run.id, key: `${run.strategy} ${run.round}`, position: at })
      const examples = read[at]!.predictions.length
      store.scores.save(
        run.id,
        read[at]!.scores.map(({ metric, value }) => ({ runId: run.id, targetId: target.id, metric, value, examples }))
      )
    }
  })
  changes.changed('experiments')
  return store.experiments.counted(id)
}

/** Each file is a run of its own: one strategy on one query set; a model that was not tuned has one for all. */
function checkPlaces({ files }: ForeignRequest): void {
  const seen = new Map<string, string>()
  for (const { path, strategy, round } of files) {
    if (!isTuned(strategy) && round > 0)
      throw new LabError(
        'bad-request',
        `${path} is said to be ${strategy} of round ${round + 1}: what is not tuned has one run, that of round 1.`
      )
    const key = `${strategy}, round ${round + 1}`
    const other = seen.get(key)
    if (other !== undefined)
      throw new LabError(
        'bad-request',
        `${path} and ${other} are both said to be ${key}. Give each file a strategy and a round of its own.`
      )
    seen.set(key, path)
  }
}

function runOf(
  { strategy, round }: ForeignRequest['files'][number],
  target: Target,
  { predictions }: ForeignAnswers[number]
): Omit<Run, 'experimentId'> {
  const hash = createHash('sha256').update(target.datasetId).update(strategy)
  for (const { exampleId, output } of predictions) hash.update(JSON.stringify([exampleId, output]))
  const time = new Date().toISOString()
  return {
    id: newId('run'),
    fingerprint: `foreign-${hash.digest('hex')}`,
    ...{ strategy, round, ablatedGroup: null, targetIds: [target.id], seed: round, variant: [] },
    ...{ tuning: null, asked: {}, status: 'finished', jobId: null, provider: null, seconds: null, peakBytes: null },
    ...{ versions: {}, createdAt: time, finishedAt: time }
  }
}

async function writeFolder(
  folder: RunFolder,
  { strategy, targetIds, seed }: Omit<Run, 'experimentId'>,
  { predictions, retrieved }: ForeignAnswers[number],
  upstream: Dataset | null
): Promise<void> {
  await folder.create()
  if (retrieved !== null && upstream !== null) {
    const { retrieval: settings } = presetSpec('paper', null)
    await folder.write(runFiles.retrieved, {
      ...{ format: 1 as const, strategy, seed, dataset: upstream.contentHash, index: null },
      ...{ settings: { ...settings, budget: Math.max(1, retrieved.length) }, queries: [], retrieved }
    })
  }
  await writeAnswers(folder.answers(targetIds[0]!), predictions)
}

/** An experiment's form for what is known of these runs; its settings are nobody's, and `foreign` says so. */
function specOf(
  { name, model, targetId, datasetId, files }: ForeignRequest,
  runs: readonly Pick<Run, 'strategy' | 'round'>[],
  read: ForeignAnswers
) {
  return experimentSpecSchema.parse({
    ...presetSpec('paper', null),
    ...{ name, datasetId: datasetId ?? elsewhere, targetIds: [targetId] },
    models: { base: model },
    strategies: [...new Set(runs.map(({ strategy }) => strategy))],
    rounds: Math.max(...runs.map(({ round }) => round)) + 1,
    evaluation: { testExamples: read[0]!.predictions.length },
    foreign: { model, files: files.map(({ path }) => basename(path)) }
  })
}
