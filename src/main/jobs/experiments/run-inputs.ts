import type { Dataset } from '../../contract/data.ts'
import type { Identity } from '../../contract/experiments.ts'
import type { JobInput } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import type { Place } from '../../contract/places.ts'
import { indicesOf, modelRoleNames, modelRoles, rolesOf } from '../../contract/strategies.ts'
import { computedOn, type Processor } from '../../machine/computed-on.ts'
import type { HomeFolder } from '../../store/home.ts'
import { runFingerprint } from './fingerprint.ts'
import type { NeededIndex } from './needed-indices.ts'
import { planRuns, type PlannedRun } from './plan-runs.ts'
import type { ResolvedModels, ResolvedSpec, ResolvedTarget } from './resolve.ts'

/** A run with everything that decides its numbers. */
export interface PreparedRun {
  planned: PlannedRun
  fingerprint: string
  indices: NeededIndex[]
  /** How many cores it computes on; null: all. */
  cores: number | null
  input: Omit<JobInput<'run-strategy'>, 'runId' | 'indices'>
}

export function prepareRuns(resolved: ResolvedSpec, indices: readonly NeededIndex[], home: HomeFolder): PreparedRun[] {
  return planRuns(resolved.spec).map((planned) => prepareRun(planned, resolved, indices, home))
}

function prepareRun(
  planned: PlannedRun,
  { spec, models, dataset, targets, computing: { provider, cores, threads }, place }: ResolvedSpec,
  available: readonly NeededIndex[],
  home: HomeFolder
): PreparedRun {
  const { base } = models
  const searched = indicesOf(planned.strategy, spec.retrieval)
  const reranker = rolesOf(planned.strategy, spec.retrieval).includes('reranker') ? models.reranker : undefined
  const indices = available.filter(({ representation }) => searched.includes(representation))
  const tested = planned.targetIds.map((id) => targets.find(({ target }) => target.id === id)!)
  const retrieval = {
    ...spec.retrieval,
    withoutGroups: [...spec.retrieval.withoutGroups, ...(planned.ablatedGroup === null ? [] : [planned.ablatedGroup])]
  }
  const targetInputs = tested.map((one) => targetInput(one, planned.round, spec.retrieval.withoutLeaks, home))
  const fingerprint = runFingerprint({
    strategy: planned.strategy,
    seed: planned.seed,
    model: { fingerprint: base.fingerprint, prefix: base.prefix },
    datasetHash: dataset.contentHash,
    indices: indices.map(({ fingerprint, search }) => `${fingerprint} ${search}`),
    reranker: reranker?.fingerprint ?? null,
    targets: targetInputs.map((input, at) => ({ ...input, datasetHash: tested[at]!.dataset.contentHash })),
    retrieval,
    tune: spec.tune,
    evaluation: spec.evaluation,
    provider,
    computedOn: place === null ? computedOn(threads) : computedOn(threads, processorOf(place))
  })
  return {
    planned,
    fingerprint,
    indices,
    cores,
    input: {
      fingerprint,
      strategy: planned.strategy,
      round: planned.round,
      seed: planned.seed,
      model: { id: base.id, folder: home.model(base.id), prefix: base.prefix },
      dataset: home.dataset(dataset.id),
      reranker: reranker ? { modelId: reranker.id, folder: home.model(reranker.id) } : null,
      targets: targetInputs,
      retrieval,
      tune: spec.tune,
      evaluation: spec.evaluation,
      provider,
      identities: identitiesOf(models, reranker, dataset, indices, tested)
    }
  }
}

/** That of the place when it was last looked at; nodes of a cluster may differ, and a run keeps its own with its versions. */
function processorOf({ id, check }: Place): Processor {
  return check?.hello ?? { platform: 'unknown', processor: `unknown processor of ${id}` }
}

function identitiesOf(
  models: ResolvedModels,
  reranker: Model | undefined,
  upstream: Dataset,
  indices: readonly NeededIndex[],
  tested: readonly ResolvedTarget[]
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
