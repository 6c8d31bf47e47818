import { createHash } from 'node:crypto'
import type { QuerySet } from '../../contract/data.ts'
import type { ExperimentSpec, Sweep } from '../../contract/experiments.ts'
import type { Identity } from '../../contract/runs.ts'
import { modelRoleNames } from '../../contract/strategies.ts'
import type { Study, StudyModel, StudyTarget } from '../../contract/study.ts'
import type { Store } from '../../store/store.ts'

/** 32 hexadecimal digits over the questions of a set and their labels, whatever lab it lies in. */
export function querySetHash({ queries }: Pick<QuerySet, 'queries'>): string {
  const content = queries.map(({ input, outputs }) => [input, outputs])
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
}

/**
 * The study file of an experiment. `identities`: what its runs kept of the things that they were made from, so that an
 * experiment whose data were deleted can still be written down.
 */
export function studyOf(spec: ExperimentSpec, store: Store, identities: readonly Identity[] = []): Study {
  // Where it computes is a matter of this home.
  const { name, models, datasetId, targetIds, place: _place, indexPlace: _indexPlace, ...settings } = spec
  const kept = (id: string) => {
    const found = identities.find((one) => one.id === id)
    return found ? { name: found.name, hash: found.hash } : { name: id }
  }
  const model = (id: string): StudyModel => {
    const found = store.models.find(id)
    if (!found) return kept(id)
    const { name, fingerprint: hash, prefix } = found
    return { name, hash, prefix }
  }
  const dataset = store.datasets.find(datasetId)
  return {
    name,
    models: Object.fromEntries(
      modelRoleNames.map((role) => {
        const id = models[role]
        // An experiment of before a role existed has none for it.
        return [role, id ? model(id) : null]
      })
    ),
    data: dataset ? { name: dataset.name, hash: dataset.contentHash } : kept(datasetId),
    targets: targetIds.map((id) => targetOf(id, spec, store) ?? kept(id)),
    ...settings,
    // Ids say nothing elsewhere.
    sweep: settings.sweep.map((one) => ({
      ...one,
      values: one.values.map((value) => namedValue(one.path, value, store))
    })),
    tuneFor: settings.tuneFor === null ? null : (store.targets.find(settings.tuneFor)?.name ?? settings.tuneFor)
  }
}

function namedValue(path: string, value: Sweep['values'][number], store: Store): Sweep['values'][number] {
  return path.startsWith('models.') && typeof value === 'string' ? (store.models.find(value)?.name ?? value) : value
}

function targetOf(id: string, { queries, rounds }: ExperimentSpec, store: Store): StudyTarget | null {
  const target = store.targets.find(id)
  const dataset = target && store.datasets.find(target.datasetId)
  if (!target || !dataset) return null
  const sets = store.querySets.ofTarget(id).filter(({ size, round }) => size === queries && round < rounds)
  const { name, metrics, answerBy } = target
  // As a run takes them: of each round the first.
  const used = Array.from({ length: rounds }, (_, round) => sets.find((set) => set.round === round))
  const querySets = used.flatMap((set) => (set ? [querySetHash(set)] : []))
  return { name, hash: dataset.contentHash, metrics, answerBy, ...(querySets.length === 0 ? {} : { querySets }) }
}
