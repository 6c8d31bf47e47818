import type { Variant } from '../../contract/experiments.ts'
import type { Identity } from '../../contract/runs.ts'
import type { JobInput } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import { indicesOf, modelRoleNames, modelRoles, rolesOf } from '../../contract/strategies.ts'
import { computedOn, embeddingVersion } from '../../machine/computed-on.ts'
import type { HomeFolder } from '../../store/home.ts'
import { processorOf } from './computing.ts'
import { askedFingerprint, asksQueries, runFingerprint, tuningFingerprint, type RunIdentity } from './fingerprint.ts'
import type { NeededIndex } from './needed-indices.ts'
import { partOf, planRuns, type PlannedRun } from './plan-runs.ts'
import type { ResolvedSpec, ResolvedTarget } from './resolve.ts'

/** A run with everything that decides its numbers. */
export interface PreparedRun {
  planned: PlannedRun
  fingerprint: string
  /** Fingerprint of the weights that it answers with, and by target of what it is asked. */
  tuning: string
  asked: Record<string, string>
  /** Upstream rows that it must not see; null where its tuning fingerprint covers them. */
  leavesOut: readonly number[] | null
  indices: NeededIndex[]
  /** How many cores it computes on; null: all. */
  cores: number | null
  input: Omit<JobInput<'run-strategy'>, 'runId' | 'indices'>
  datasetId: string
  place: string | null
  /** The same for some of its targets. */
  part(targetIds: readonly string[]): PreparedRun
  /** The same as one value of a sweep. */
  as(variant: Variant, key: string): PreparedRun
}

export function prepareRuns(resolved: ResolvedSpec, indices: readonly NeededIndex[], home: HomeFolder): PreparedRun[] {
  return planRuns(resolved.spec).map((planned) => prepareRun(planned, resolved, indices, home))
}

function prepareRun(
  planned: PlannedRun,
  resolved: ResolvedSpec,
  available: readonly NeededIndex[],
  home: HomeFolder
): PreparedRun {
  const { spec, models, dataset, targets, place } = resolved
  const { provider, cores, threads } = resolved.computing
  const { base } = models
  const { base: bits } = spec.tune
  const searched = indicesOf(planned.strategy, spec.retrieval)
  const reranker = rolesOf(planned.strategy, spec.retrieval).includes('reranker') ? models.reranker : undefined
  const indices = available.filter(({ representation }) => searched.includes(representation))
  const tested = planned.targetIds.map((id) => targets.find(({ target }) => target.id === id)!)
  const retrieval = {
    ...spec.retrieval,
    withoutGroups: [...spec.retrieval.withoutGroups, ...(planned.ablatedGroup === null ? [] : [planned.ablatedGroup])]
  }
  const targetInputs = tested.map((one) => targetInput(one, planned.round, spec.retrieval.withoutLeaks, home))
  const tuning = tuningOf(planned, targetInputs, resolved)
  const identity: RunIdentity = {
    strategy: planned.strategy,
    seed: planned.seed,
    ...(planned.seeds && { seeds: planned.seeds }),
    model: { fingerprint: base.fingerprint, prefix: base.prefix, ...(bits === 'full' ? {} : { base: bits }) },
    datasetHash: dataset.contentHash,
    indices: indices.map(nameOf),
    reranker: reranker?.fingerprint ?? null,
    targets: targetInputs.map((input, at) => ({ ...input, datasetHash: tested[at]!.dataset.contentHash })),
    tuning,
    retrieval,
    tune: spec.tune,
    evaluation: spec.evaluation,
    provider,
    computedOn: place === null ? computedOn(threads) : computedOn(threads, processorOf(place))
  }
  const fingerprint = runFingerprint(identity)
  return {
    datasetId: dataset.id,
    place: spec.place ?? null,
    part: (ids) => prepareRun(partOf(planned, ids), resolved, available, home),
    as: (variant, key) => prepareRun({ ...planned, variant, key }, resolved, available, home),
    planned,
    fingerprint,
    tuning: tuningFingerprint(identity),
    asked: Object.fromEntries(
      planned.targetIds.map((id, at) => [id, askedFingerprint(identity, identity.targets[at]!)])
    ),
    leavesOut: asksQueries(identity) ? null : (tuning?.excludedIds ?? targetInputs.flatMap((one) => one.excludedIds)),
    indices,
    cores,
    input: {
      fingerprint,
      strategy: planned.strategy,
      round: planned.round,
      seed: planned.seed,
      ...(planned.seeds && { seeds: planned.seeds }),
      model: { id: base.id, folder: home.model(base.id), prefix: base.prefix },
      dataset: home.dataset(dataset.id),
      reranker: reranker ? { modelId: reranker.id, folder: home.model(reranker.id) } : null,
      targets: targetInputs,
      tuning: tuning && { ...tuning, from: null },
      retrieval,
      tune: spec.tune,
      evaluation: spec.evaluation,
      provider,
      identities: identitiesOf(resolved, { reranker, indices, tested })
    }
  }
}

/** What is found in an index, and how its texts and the queries became vectors. */
function nameOf({ fingerprint, search, madeOn }: NeededIndex): string {
  return `${fingerprint} ${search}, queries by ${embeddingVersion}, rows by ${madeOn ?? 'unknown'}`
}

/** What a run is tuned for; null where that is just what it tests. */
function tuningOf(
  planned: PlannedRun,
  tested: JobInput<'run-strategy'>['targets'],
  { targets, tuneFor, spec }: ResolvedSpec
): Pick<NonNullable<JobInput<'run-strategy'>['tuning']>, 'queries' | 'excludedIds'> | null {
  const known = tuneFor === null ? targets : [...targets, tuneFor]
  const wanted = planned.tunedFor.map((id) => known.find(({ target }) => target.id === id)!)
  const queries = wanted.flatMap(({ querySets }) => querySets[planned.round]?.queries ?? [])
  const leaks = spec.retrieval.withoutLeaks ? wanted.flatMap(({ leaks }) => leaks ?? []) : []
  const excludedIds = [...new Set(leaks)].sort((a, b) => a - b)
  const own = [...new Set(tested.flatMap((one) => one.excludedIds))].sort((a, b) => a - b)
  const same = planned.tunedFor.join() === planned.targetIds.join()
  // Of a part of a random run only the rows that are left out say more than its own targets do.
  const blind = planned.tunedFor.length > planned.targetIds.length && own.join() === excludedIds.join()
  return planned.tunedFor.length === 0 || same || (blind && tuneFor === null) ? null : { queries, excludedIds }
}

function identitiesOf(
  { models, dataset: upstream }: ResolvedSpec,
  {
    reranker,
    indices,
    tested
  }: { reranker: Model | undefined; indices: readonly NeededIndex[]; tested: readonly ResolvedTarget[] }
): Identity[] {
  const used = modelRoleNames.filter(
    (role) =>
      role === 'base' ||
      (reranker !== undefined && models[role] === reranker) ||
      indices.some(({ model }) => model.id === models[role]?.id)
  )
  return [
    ...used.map((role) => {
      const { id, name, fingerprint } = models[role]!
      return { kind: modelRoles[role].name, id, name, hash: fingerprint }
    }),
    { kind: 'upstream data', id: upstream.id, name: upstream.name, hash: upstream.contentHash },
    ...indices.map(({ fingerprint, representation }) => ({
      ...{ kind: 'index', id: fingerprint, name: representation, hash: fingerprint }
    })),
    ...tested.map(({ target, dataset }) => ({
      ...{ kind: 'target', id: target.id, name: target.name },
      hash: dataset.contentHash
    }))
  ]
}

function targetInput(
  { target, dataset, querySets, leaks }: ResolvedTarget,
  round: number,
  withoutLeaks: boolean,
  home: HomeFolder
): JobInput<'run-strategy'>['targets'][number] {
  return {
    targetId: target.id,
    dataset: home.dataset(dataset.id),
    metrics: target.metrics,
    answerBy: target.answerBy,
    queries: querySets[round]?.queries ?? [],
    excludedIds: withoutLeaks ? (leaks ?? []) : []
  }
}
