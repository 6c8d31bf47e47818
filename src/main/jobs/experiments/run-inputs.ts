import type { Dataset } from '../../contract/data.ts'
import type { Identity } from '../../contract/experiments.ts'
import type { JobInput } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import type { HomeFolder } from '../../store/home.ts'
import { runFingerprint } from './fingerprint.ts'
import type { NeededIndex } from './needed-indices.ts'
import { planRuns, type PlannedRun } from './plan-runs.ts'
import type { ResolvedSpec, ResolvedTarget } from './resolve.ts'

/** A run with everything that decides its numbers. */
export interface PreparedRun {
  planned: PlannedRun
  fingerprint: string
  index: NeededIndex | null
  /** How many cores it computes on; null: all. */
  cores: number | null
  input: Omit<JobInput<'run-strategy'>, 'runId' | 'index'>
}

export function prepareRuns(resolved: ResolvedSpec, indices: readonly NeededIndex[], home: HomeFolder): PreparedRun[] {
  return planRuns(resolved.spec).map((planned) => prepareRun(planned, resolved, indices, home))
}

function prepareRun(
  planned: PlannedRun,
  { spec, model, dataset, targets, computing: { provider, cores } }: ResolvedSpec,
  indices: readonly NeededIndex[],
  home: HomeFolder
): PreparedRun {
  const index = indices.find((one) => one.representation === planned.strategy) ?? null
  const tested = planned.targetIds.map((id) => targets.find(({ target }) => target.id === id)!)
  const retrieval = {
    ...spec.retrieval,
    withoutGroups: [...spec.retrieval.withoutGroups, ...(planned.ablatedGroup === null ? [] : [planned.ablatedGroup])]
  }
  const targetInputs = tested.map((one) => targetInput(one, planned.round, spec.retrieval.withoutLeaks, home))
  const fingerprint = runFingerprint({
    strategy: planned.strategy,
    seed: planned.seed,
    model: { fingerprint: model.fingerprint, prefix: model.prefix },
    datasetHash: dataset.contentHash,
    index: index?.fingerprint ?? null,
    targets: targetInputs.map((input, at) => ({ ...input, datasetHash: tested[at]!.dataset.contentHash })),
    retrieval,
    tune: spec.tune,
    evaluation: spec.evaluation,
    provider
  })
  return {
    planned,
    fingerprint,
    index,
    cores,
    input: {
      fingerprint,
      strategy: planned.strategy,
      round: planned.round,
      seed: planned.seed,
      model: { id: model.id, folder: home.model(model.id), prefix: model.prefix },
      dataset: home.dataset(dataset.id),
      targets: targetInputs,
      retrieval,
      tune: spec.tune,
      evaluation: spec.evaluation,
      provider,
      identities: identitiesOf(model, dataset, index, tested)
    }
  }
}

function identitiesOf(
  model: Model,
  upstream: Dataset,
  index: NeededIndex | null,
  tested: readonly ResolvedTarget[]
): Identity[] {
  const encoder = index?.representation === 'semantic' ? index.model : null
  return [
    { kind: 'base model', id: model.id, name: model.name, hash: model.fingerprint },
    ...(encoder ? [{ kind: 'sentence encoder', id: encoder.id, name: encoder.name, hash: encoder.fingerprint }] : []),
    { kind: 'upstream data', id: upstream.id, name: upstream.name, hash: upstream.contentHash },
    ...(index ? [{ kind: 'index', id: index.fingerprint, name: index.representation, hash: index.fingerprint }] : []),
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
