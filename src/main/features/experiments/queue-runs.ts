import type { JobTitle } from '../../contract/job-titles.ts'
import type { Run } from '../../contract/runs.ts'
import { isTuned } from '../../contract/strategies.ts'
import { variantKey } from '../../contract/sweep.ts'
import { keptWeights } from '../../run-files/kept-weights.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'
import { requireIndex } from './preparation.ts'
import { cover, tunedAlike } from './cover.ts'
import { indexRef } from './needed-indices.ts'
import { prepareExperiment } from './prepare-experiment.ts'
import type { PreparedRun } from './run-inputs.ts'

/** What runs are made and queued with. */
export type RunParts = Pick<Services, 'store' | 'home' | 'jobs'>

/** Puts the runs into the store, all or none. Runs, or answers to some targets, that were computed before are taken over. */
export function createRuns(parts: RunParts, experimentId: string, prepared: readonly PreparedRun[]): void {
  const { store } = parts
  store.transaction(() => {
    // Values of a sweep may come to the same, such as two lengths beyond what the model reads.
    const made = new Map<string, string>()
    const covered = prepared.flatMap((run) => cover(run, parts))
    for (const [position, { run, answeredBy }] of covered.entries()) {
      const { planned, fingerprint } = run
      const runId = answeredBy?.id ?? made.get(fingerprint) ?? insertRun(parts, experimentId, run)
      if (answeredBy === null) made.set(fingerprint, runId)
      const { key, round } = planned
      const [targetIds, variant] = [JSON.stringify(planned.targetIds), JSON.stringify(planned.variant)]
      store.runs.link({ experimentId, runId, key, position, round, targetIds, variant })
    }
  })
}

function insertRun(
  { store }: Pick<RunParts, 'store'>,
  experimentId: string,
  { planned, fingerprint, tuning, asked }: PreparedRun
): string {
  const run = newRun({ ...planned, fingerprint, tuning, asked }, newId('run'))
  return store.runs.insert({ ...run, experimentId, jobId: null }).id
}

/** Queues every run that has no job yet. */
export function queueRuns(parts: RunParts, id: string): void {
  const { store, home, jobs } = parts
  const all = new Map(store.runs.ofExperiment(id).map((run) => [run.id, run]))
  const waiting = [...all.values()].filter((run) => run.jobId === null && run.status === 'planned')
  if (waiting.length === 0) return
  const { spec } = store.experiments.get(id)
  const { indexPlace } = spec
  const { runs: prepared } = prepareExperiment(spec, store, home)
  for (const run of waiting) {
    const own = preparedFor(run, prepared)
    const { input, indices, cores, place } = own
    const required = indices.map((index) => ({ index, ...requireIndex(parts, id, index, indexPlace ?? null) }))
    const tuner = tunerOf(parts, run, own, [...all.values()])
    const job = jobs.add(
      'run-strategy',
      {
        ...withTuner(input, tuner && { runId: tuner.id, folder: home.run(tuner.id) }),
        fingerprint: run.fingerprint,
        runId: run.id,
        indices: required.map(({ index, indexId }) => indexRef(index, indexId, home))
      },
      {
        title: titleOf(parts, run),
        folder: home.run(run.id),
        experimentId: id,
        dependsOn: [
          ...required.flatMap(({ jobId }) => jobId ?? []),
          ...(tuner?.status === 'finished' ? [] : (tuner?.jobId ?? []))
        ].flat(),
        cores,
        place,
        mutex: `run ${run.fingerprint}`
      }
    )
    store.runs.update(run.id, { jobId: job.id })
    all.set(run.id, { ...run, jobId: job.id })
  }
}

/** The run whose weights another takes over: a finished one that has kept them, or one of the same experiment that goes first. */
function tunerOf({ store, home }: RunParts, run: Run, prepared: PreparedRun, siblings: readonly Run[]): Run | null {
  if (!isTuned(run.strategy)) return null
  const finished = tunedAlike(prepared, { store, home })
  const kept = finished.find(({ id }) => id !== run.id && keptWeights(home.run(id)) !== null)
  const before = siblings.slice(
    0,
    siblings.findIndex(({ id }) => id === run.id)
  )
  return (
    kept ?? before.find((one) => one.tuning === run.tuning && one.jobId !== null && one.status === 'planned') ?? null
  )
}

/** What its job is called. */
export function titleOf(
  { store }: Pick<RunParts, 'store'>,
  run: Pick<Run, 'strategy' | 'round' | 'targetIds' | 'ablatedGroup' | 'variant'>,
  repeat = false
): JobTitle {
  const { strategy, ablatedGroup: without, variant } = run
  const targets = run.targetIds.map((id) => store.targets.find(id)?.name ?? id)
  const round = isTuned(strategy) ? run.round + 1 : null
  return { says: 'run', of: { strategy, without, variant, round, targets, repeat } }
}

/** A run that is like another, or as planned, before anything of it is computed. */
export function newRun(
  like: Pick<
    Run,
    'strategy' | 'round' | 'ablatedGroup' | 'variant' | 'targetIds' | 'seed' | 'fingerprint' | 'tuning' | 'asked'
  >,
  id: string
): Omit<Run, 'experimentId' | 'jobId'> {
  const { strategy, round, ablatedGroup, variant, targetIds, seed, fingerprint, tuning, asked } = like
  const nothing = { provider: null, seconds: null, peakBytes: null, versions: {}, finishedAt: null }
  const wanted = { fingerprint, tuning, asked, strategy, round, ablatedGroup, variant, targetIds, seed }
  return { id, ...wanted, status: 'planned', createdAt: new Date().toISOString(), ...nothing }
}

/** What was prepared for a run. Found by what it is, as what a sweep varies may have come to the same since. */
function preparedFor(run: Run, prepared: readonly PreparedRun[]): PreparedRun {
  const alike = prepared.filter(
    ({ planned }) =>
      planned.strategy === run.strategy &&
      planned.round === run.round &&
      planned.ablatedGroup === run.ablatedGroup &&
      run.targetIds.every((id) => planned.targetIds.includes(id))
  )
  const same = alike.find(({ planned }) => variantKey(planned.variant) === variantKey(run.variant))
  return (same ?? alike[0]!).part(run.targetIds)
}

type Input = PreparedRun['input']

function withTuner(input: Input, from: NonNullable<Input['tuning']>['from']): Input {
  if (from === null) return input
  const queries = input.targets.flatMap((target) => target.queries)
  const excludedIds = [...new Set(input.targets.flatMap((target) => target.excludedIds))]
  return { ...input, tuning: { ...(input.tuning ?? { queries, excludedIds }), from } }
}
