import type { Dataset, QuerySet, Target } from '../../contract/data.ts'
import { overOf } from '../../contract/embedded-over.ts'
import { LabError, problemsOf } from '../../contract/error.ts'
import { experimentSpecSchema, type ExperimentSpec } from '../../contract/experiments.ts'
import type { Model } from '../../contract/models.ts'
import type { Place } from '../../contract/places.ts'
import {
  candidates,
  indicesOf,
  modelRoles,
  pipelineOf,
  plays,
  representations,
  rolesOf,
  untuned,
  type ModelRole,
  type StrategyName
} from '../../contract/strategies.ts'
import type { Store } from '../../store/store.ts'
import { computingCores } from '../../jobs/cores.ts'
import { checkOver } from '../indices/build.ts'
import { computingOf, type Computing } from './computing.ts'
import { requireOwn } from './own.ts'

/** The things that a spec names by id. */
export interface ResolvedSpec {
  spec: ExperimentSpec
  /** The models that its strategies need, by the part that they play. */
  models: ResolvedModels
  dataset: Dataset
  targets: ResolvedTarget[]
  /** The target that all are tuned for; null: each is tuned for by itself. */
  tuneFor: ResolvedTarget | null
  /** `threads`: on how many each run computes. */
  computing: Computing & { threads: number }
  /** Where its runs compute; null: here. */
  place: Place | null
  /** Where the indices are built that are not there yet; null: here. */
  indexPlace: Place | null
}

type ResolvedModels = { base: Model } & Partial<Record<ModelRole, Model>>

export interface ResolvedTarget {
  target: Target
  dataset: Dataset
  /** By round. */
  querySets: QuerySet[]
  /** Upstream examples that are this target's own data; null while nobody has looked. */
  leaks: number[] | null
}

/**
 * Looks everything up and says what does not fit. Zero-shot always joins in: without it nobody can tell whether tuning
 * helped. Throws `not-found`, `wrong-model`, `wrong-data`, `no-model`, `too-few-query-sets`, `bad-spec`, `computed-elsewhere`.
 */
export function resolveSpec(asked: ExperimentSpec, store: Store): ResolvedSpec {
  const spec = normalise(asked)
  const models = resolveModels(spec, store)
  const dataset = store.datasets.get(spec.datasetId)
  if (dataset.kind !== 'upstream')
    throw new LabError(
      'wrong-data',
      `"${dataset.name}" is a target's data. Examples are retrieved from upstream data.`,
      {
        details: { datasetId: dataset.id }
      }
    )
  checkPlanned(spec)
  const targets = spec.targetIds.map((id) => resolveTarget(id, spec, store))
  const tuneFor = spec.tuneFor === null ? null : resolveTarget(spec.tuneFor, spec, store)
  checkAnswers(spec, models, tuneFor === null ? targets : [tuneFor])
  const place = spec.place == null ? null : store.places.get(spec.place)
  const cores = place === null ? computingCores(store) : coresOf(place)
  const computing = computingOf(spec, models.base, { cores })
  return {
    spec: withOver(withinModel(spec, models.base)),
    models,
    dataset,
    targets,
    tuneFor,
    computing:
      place === null
        ? { ...computing, threads: computing.cores ?? cores }
        : { provider: computing.provider, cores, threads: cores, atOnce: place.settings.atOnce || severalAtOnce },
    place,
    indexPlace: spec.indexPlace == null ? null : store.places.get(spec.indexPlace)
  }
}

/** Of a scheduler nobody knows how many jobs it will run side by side; for an estimate it is taken for so many. */
const severalAtOnce = 10

/** Cores of each job of a place. */
function coresOf({ settings, check }: Place): number {
  return settings.threads || (check?.hello?.cores ?? 1)
}

/** The same spec with zero-shot in front and nothing twice. */
export function normalise(asked: ExperimentSpec): ExperimentSpec {
  // A spec that was kept by an earlier version lacks the settings that came later.
  const spec = checked(asked)
  checkPairing(spec)
  if (!Number.isInteger(spec.tune.epochs))
    throw new LabError('bad-spec', `${spec.tune.epochs} epochs: tuning goes over its examples a whole number of times.`)
  checkBase(spec)
  checkHalf(spec)
  return {
    ...spec,
    strategies: [...new Set<StrategyName>([untuned, ...spec.strategies])],
    targetIds: [...new Set(spec.targetIds)],
    ablateGroups: [...new Set(spec.ablateGroups)]
  }
}

/** What is to be tested must be computed. */
function checkPlanned({ planned, strategies }: ExperimentSpec): void {
  for (const { strategy, against } of planned) {
    const missing = [strategy, against].find((name) => !strategies.includes(name))
    if (missing === undefined && strategy !== against) continue
    throw new LabError(
      'bad-spec',
      missing === undefined
        ? `The planned comparison ${strategy}:${against} compares a strategy with itself. Name two.`
        : `The planned comparison ${strategy}:${against} is of "${missing}", which this experiment does not compute. It computes ${strategies.join(', ')}: add the strategy, or take the comparison out.`,
      { details: { strategy, against } }
    )
  }
}

/** Weights in fewer bits are not trained: what is tuned lies beside them, and cannot be multiplied into them for a second stage. */
function checkBase({ tune, evaluation }: ExperimentSpec): void {
  const { base, method, merge } = tune
  if (base === 'full') return
  const [found, advice] =
    method !== 'lora'
      ? [`tune.method "${method}" trains weights that are not there in full`, 'Set tune.method to "lora"']
      : merge === 'two-stage'
        ? ['the second of two stages starts from a whole model in full', 'Set tune.merge to another value']
        : tune.precision === 'half'
          ? ['half precision takes weights in full', 'Set tune.precision to "fp32"']
          : base === '4-bit' && (tune.precision === 'fast' || evaluation.precision === 'fast')
            ? ['fast products take weights in 8 bits', 'Set tune.precision and evaluation.precision to "fp32"']
            : [null, '']
  if (found === null) return
  throw new LabError('bad-spec', `With tune.base "${base}", ${found}. ${advice}, or tune.base to "full".`, {
    details: { base, method, merge }
  })
}

/** Half precision is for devices that keep what is tuned; whether this one has 16-bit numbers shows when the plan is measured. */
function checkHalf({ tune, provider }: ExperimentSpec): void {
  if (tune.precision !== 'half' || provider === 'auto' || provider === 'webgpu') return
  throw new LabError(
    'bad-spec',
    `tune.precision "half" computes on a device through WebGPU, and the provider is "${provider}". Set provider to "webgpu" or "auto", or tune.precision to "fp32".`,
    { details: { precision: tune.precision, provider } }
  )
}

function checked(asked: ExperimentSpec): ExperimentSpec {
  requireOwn(asked)
  const parsed = experimentSpecSchema.safeParse(asked)
  if (parsed.success) return parsed.data
  const problems = problemsOf(parsed.error)
  throw new LabError('bad-spec', `This is no whole experiment. ${problems.join('; ')}.`, { details: { problems } })
}

/** What no query has brought has no query of its own, and no nearest ones. */
function checkPairing({ strategies, retrieval }: ExperimentSpec): void {
  const { pairing } = retrieval.rerank
  const blind = strategies.find((strategy) => {
    const stages = pipelineOf(strategy, retrieval)
    return stages !== null && stages.rescore.length > 0 && !candidates[stages.candidates].usesQueries
  })
  if (blind === undefined || pairing === 'all') return
  throw new LabError(
    'bad-spec',
    `${retrieval.rerank.candidates} candidates belong to no query, so "${blind}" cannot score them for ${pairing === 'own' ? 'their own query' : 'the nearest queries'}. ` +
      'Set retrieval.rerank.pairing to "all", or take candidates that look at the queries.',
    { details: { pairing, candidates: retrieval.rerank.candidates } }
  )
}

/**
 * Vectors over inputs and answers are for experiments that learn from labelled queries, and for models of which it is said what
 * they are.
 * @throws LabError `bad-spec`, `no-answers-read`, `queries-without-labels`
 */
function checkAnswers(spec: ExperimentSpec, models: ResolvedModels, asked: readonly ResolvedTarget[]): void {
  const { retrieval, tune, strategies } = spec
  const over = overOf(retrieval.over, tune.merge)
  if (over === 'input') return
  if (tune.merge === 'unsupervised')
    throw new LabError(
      'bad-spec',
      'retrieval.over "both" searches with the answers of the queries, and tune.merge "unsupervised" uses none. Set retrieval.over to "input", or tune.merge to "mix" or "two-stage".',
      { details: { over, merge: tune.merge } }
    )
  const searched = new Set(strategies.flatMap((strategy) => indicesOf(strategy, retrieval)))
  for (const representation of searched)
    checkOver({ representation, over }, models[representations[representation].role]!)
  if (searched.size === 0) return
  for (const { target, querySets } of asked) {
    const queries = querySets.flatMap((set) => set.queries)
    const bare = queries.filter(({ outputs }) => outputs.length === 0).length
    if (bare > 0)
      throw new LabError(
        'queries-without-labels',
        `${bare} of ${queries.length} queries of "${target.name}" have no answer, and retrieval.over "${retrieval.over}" searches with answers. Set it to "input", or choose query sets whose examples have answers.`,
        { details: { targetId: target.id, bare } }
      )
  }
}

/** Texts are cut where the model ends, even where the settings would allow more. */
function withinModel(spec: ExperimentSpec, { maxInputTokens: limit }: Model): ExperimentSpec {
  if (limit === null) return spec
  const cut = <T extends { maxInputTokens: number; maxOutputTokens: number }>(settings: T): T => ({
    ...settings,
    maxInputTokens: Math.min(limit, settings.maxInputTokens),
    maxOutputTokens: Math.min(limit, settings.maxOutputTokens)
  })
  return { ...spec, tune: cut(spec.tune), evaluation: cut(spec.evaluation) }
}

/** `by-merge` becomes what it comes to, so that runs have the names of what they do. */
function withOver(spec: ExperimentSpec): ExperimentSpec {
  const { retrieval, tune } = spec
  return { ...spec, retrieval: { ...retrieval, over: overOf(retrieval.over, tune.merge) } }
}

/** Every model that some strategy needs, and no other: what nobody needs may be missing or wrong. */
function resolveModels(spec: ExperimentSpec, store: Store): ResolvedModels {
  const models: ResolvedModels = { base: resolveModel('base', spec, store) }
  const roles = spec.strategies.flatMap((strategy) => rolesOf(strategy, spec.retrieval))
  for (const role of roles) models[role] ??= resolveModel(role, spec, store)
  return models
}

function resolveModel(role: ModelRole, spec: ExperimentSpec, store: Store): Model {
  const { name } = modelRoles[role]
  const id = spec.models[role]
  if (id === null) {
    const strategy = spec.strategies.find((one) => rolesOf(one, spec.retrieval).includes(role))
    throw new LabError(
      'no-model',
      `The strategy "${strategy}" needs a ${name}. Choose one, or leave the strategy out.`,
      { details: { role, strategy } }
    )
  }
  const model = store.models.get(id)
  if (plays(role, model)) return model
  throw new LabError(
    'wrong-model',
    role === 'base'
      ? `"${model.name}" is a ${model.role} and cannot answer. Choose a base model that writes text, such as a BART or T5 model.`
      : `"${model.name}" is a ${model.role}, not a ${name}. Choose one that is, or leave out the strategies that need it.`,
    { details: { modelId: model.id, role } }
  )
}

/** Sets of the size that is asked for; of a target that has fewer questions, all of them are its set. */
function setsFor({ sourceItems }: Target, queries: number, sets: readonly QuerySet[]): QuerySet[] {
  const asked = sets.filter(({ size }) => size === queries)
  if (asked.length > 0 || sourceItems >= queries) return asked
  return sets.filter(({ size }) => size === sourceItems)
}

/** What to ask for instead, where a target has no sets of a size. */
function otherSizes(sets: readonly QuerySet[]): string {
  const sizes = [...new Set(sets.map(({ size }) => size))].sort((a, b) => a - b)
  if (sizes.length === 0) return 'It has none at all: sample some, or add questions as one.'
  const have = sizes.map((size) => `${size} (${sets.filter((set) => set.size === size).length} rounds)`).join(', ')
  return `It has sets of ${have}: set queries to ${sizes.length === 1 ? 'that' : 'one of these'}, or sample query sets of the size.`
}

function resolveTarget(id: string, spec: ExperimentSpec, store: Store): ResolvedTarget {
  const target = store.targets.get(id)
  const fitting = setsFor(target, spec.queries, store.querySets.ofTarget(id))
  const querySets = Array.from({ length: spec.rounds }, (_, round) => fitting.find((set) => set.round === round))
  const missing = querySets.filter((set) => set === undefined).length
  if (missing > 0)
    throw new LabError(
      'too-few-query-sets',
      missing === spec.rounds
        ? `"${target.name}" has no query sets of ${spec.queries}. ${otherSizes(store.querySets.ofTarget(id))}`
        : `"${target.name}" has query sets of ${spec.queries} for only ${spec.rounds - missing} of ${spec.rounds} rounds. ` +
            'Sample more query sets, or ask for fewer rounds.',
      { details: { targetId: id, size: spec.queries, rounds: spec.rounds, missing } }
    )
  const checked = store.leaks.checked(id, spec.datasetId)
  return {
    target,
    dataset: store.datasets.get(target.datasetId),
    querySets: querySets as QuerySet[],
    leaks: checked ? [...new Set(store.leaks.of(id, spec.datasetId).map((leak) => leak.exampleId))] : null
  }
}
