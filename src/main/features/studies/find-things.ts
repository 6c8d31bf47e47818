import { LabError } from '../../contract/error.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import { goesWithoutSaying, modelRoleNames, modelRoles, plays, type ModelRole } from '../../contract/strategies.ts'
import type { Study, StudyData, StudyModel, StudyTarget } from '../../contract/study.ts'
import type { Store } from '../../store/store.ts'
import { findNamed } from '../../naming/find-named.ts'
import { querySetHash } from './study-of.ts'

interface Candidate {
  id: string
  name: string
  hash: string
}

/** The things of this home that a study means. Throws `bad-study`, `not-found`, `other-content`. */
export function findThings(study: Study, store: Store): Pick<ExperimentSpec, 'models' | 'datasetId' | 'targetIds'> {
  const models = modelRoleNames.map((role) => [role, findModel(role, study.models?.[role], store)])
  const upstream = store.datasets
    .list()
    .filter(({ kind }) => kind === 'upstream')
    .map(({ id, name, contentHash }) => ({ id, name, hash: contentHash }))
  return {
    models: Object.fromEntries(models) as ExperimentSpec['models'],
    datasetId: find('upstream dataset', upstream, study.data),
    targetIds:
      study.targets?.map((wanted) => findTarget(wanted, study, store)) ?? store.targets.list().map(({ id }) => id)
  }
}

/** Without a name the only one there is; of the parts that no strategy may need, none where that is not clear. */
function findModel(role: ModelRole, wanted: StudyModel | null | undefined, store: Store): string | null {
  if (wanted === null && role !== 'base') return null
  const { name: noun } = modelRoles[role]
  const fitting = store.models
    .list()
    .filter((one) => (wanted === undefined ? goesWithoutSaying(role, one) : plays(role, one)))
  const candidates = fitting.map(({ id, name, fingerprint }) => ({ id, name, hash: fingerprint }))
  if (wanted === undefined && role !== 'base' && fitting.length !== 1) return null
  const prefix = typeof wanted === 'object' ? wanted?.prefix : undefined
  const same = fitting.filter((one) => prefix === undefined || one.prefix === prefix).map(({ id }) => id)
  const preferred = candidates.filter(({ id }) => same.includes(id))
  const found = find(noun, preferred.length > 0 ? preferred : candidates, wanted ?? undefined)
  if (same.includes(found)) return found
  throw otherContent(noun, nameOf(wanted ?? ''), `what is put before its inputs is not ${JSON.stringify(prefix)}`)
}

function findTarget(wanted: StudyTarget, study: Study, store: Store): string {
  const targets = store.targets.list().flatMap((target) => {
    const dataset = store.datasets.find(target.datasetId)
    return dataset ? [{ ...target, hash: dataset.contentHash }] : []
  })
  if (typeof wanted === 'string') return find('target', targets, wanted)
  const { metrics, answerBy, querySets } = wanted
  const asked = (one: (typeof targets)[number]) =>
    (metrics === undefined || metrics.join() === one.metrics.join()) &&
    (answerBy === undefined || answerBy === one.answerBy)
  const fitting = targets.filter(asked)
  const id = find('target', fitting.some((one) => isMeant(one, wanted)) ? fitting : targets, wanted)
  if (!fitting.some((one) => one.id === id))
    throw otherContent(
      'target',
      wanted.name,
      `its metrics or its way of answering are not ${metrics?.join(', ')}, ${answerBy}`
    )
  const size = study.queries
  const differs = (querySets ?? []).findIndex((hash, round) => {
    const sets = store.querySets
      .ofTarget(id)
      .filter((set) => set.round === round && (size === undefined || set.size === size))
    return round < (study.rounds ?? Infinity) && !sets.some((set) => querySetHash(set).startsWith(hash))
  })
  if (differs >= 0)
    throw otherContent('target', wanted.name, `its query set of round ${differs + 1} holds other questions`)
  return id
}

/** By hash where one is given, else by name or id; without either the only one there is. */
function find(noun: string, candidates: readonly Candidate[], wanted: StudyData | undefined): string {
  const names = candidates.map(({ name }) => name).join(', ') || 'none'
  if (wanted === undefined) {
    if (candidates.length === 1) return candidates[0]!.id
    throw new LabError('bad-spec', `Say which ${noun} to use. There are: ${names}.`)
  }
  const name = nameOf(wanted)
  const hash = typeof wanted === 'string' ? undefined : wanted.hash
  const called = candidates.filter((one) => one.id === name || one.name === name)
  if (hash !== undefined) {
    const same = candidates.filter((one) => one.hash.startsWith(hash) || hash.startsWith(one.hash))
    const best = same.find((one) => called.includes(one)) ?? same[0]
    if (best) return best.id
    if (called.length > 0) throw otherContent(noun, name, `the one here has the hash ${called[0]!.hash}, not ${hash}`)
  }
  if (called.length === 1) return called[0]!.id
  if (hash === undefined || called.length > 1) return findNamed(noun, candidates, name).id
  throw new LabError(
    'not-found',
    `There is no ${noun} "${name}", and none of the content ${hash.slice(0, 12)}…. There are: ${names}.`,
    { details: { noun, wanted: name } }
  )
}

function isMeant(one: Candidate, wanted: Exclude<StudyTarget, string>): boolean {
  return wanted.hash === undefined
    ? one.name === wanted.name || one.id === wanted.name
    : one.hash.startsWith(wanted.hash)
}

function nameOf(wanted: StudyData | StudyModel): string {
  return typeof wanted === 'string' ? wanted : wanted.name
}

function otherContent(noun: string, name: string, why: string): LabError {
  return new LabError(
    'other-content',
    `The ${noun} "${name}" is here, but it is not what the study was made with: ${why}. Import the same ${noun}, or take ` +
      'what tells them apart out of the file to run the study on this one.',
    { details: { noun, name } }
  )
}
