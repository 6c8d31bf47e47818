import type { MarkName } from './marks.ts'

/**
 * The strategies: each is one row here. What is planned, estimated, indexed, offered and drawn for a strategy follows from its
 * row. A new one is a row, the file of a stage that does not exist yet (`retrieval/candidates/`, `retrieval/rescore/`), and its
 * texts for people. No schemas are imported, so that the screens can read the table too.
 */

interface RoleRow {
  /** The role of the model's record. */
  readonly kind: 'seq2seq' | 'encoder' | 'pair-classifier'
  readonly name: string
  /** The command line's option for it. */
  readonly option: string
}

/** The parts that models play in an experiment, and which kind of model can play them. */
export const modelRoles = {
  base: { kind: 'seq2seq', name: 'base model', option: 'model' },
  encoder: { kind: 'encoder', name: 'sentence encoder', option: 'encoder' }
} as const satisfies Record<string, RoleRow>
export type ModelRole = keyof typeof modelRoles
export const modelRoleNames = Object.keys(modelRoles) as [ModelRole, ...ModelRole[]]

interface RepresentationRow {
  /** Whose vectors they are. */
  readonly role: ModelRole
  /** `own`: pooled as the encoder's files say; `mean`: mean of the last hidden states. */
  readonly pooling: 'own' | 'mean'
  /** Every vector has length 1. */
  readonly normalized: boolean
  /** Texts are read with the model's own prefix, as it was tuned to. */
  readonly prefixed: boolean
}

/** What the vectors of an index are. */
export const representations = {
  semantic: { role: 'encoder', pooling: 'own', normalized: true, prefixed: false },
  dense: { role: 'base', pooling: 'mean', normalized: false, prefixed: true }
} as const satisfies Record<string, RepresentationRow>
export type Representation = keyof typeof representations
export const representationNames = Object.keys(representations) as [Representation, ...Representation[]]

/** How the queries' lists become one set. */
export const selectorNames = ['aggregate-choices', 'aggregate-scores', 'max-score', 'round-robin'] as const
export type SelectorName = (typeof selectorNames)[number]

interface CandidatesRow {
  /** False: there is one list for all queries, and they need not be known. */
  readonly usesQueries: boolean
  /** The index that is searched; null where none is. */
  readonly index: Representation | null
}

/** Where upstream examples come from in the first place. */
export const candidates = {
  random: { usesQueries: false, index: null },
  lexical: { usesQueries: true, index: null },
  semantic: { usesQueries: true, index: 'semantic' },
  dense: { usesQueries: true, index: 'dense' }
} as const satisfies Record<string, CandidatesRow>
export type CandidatesName = keyof typeof candidates

/** The stages of a retrieval: candidates, any number of times scored anew, then selected and cut to the budget. */
export interface Pipeline {
  readonly candidates: CandidatesName
}

export interface StrategyRow {
  /** What tables and reports call it. */
  readonly label: string
  /** What papers call it, where that is another name. */
  readonly known: string | null
  /** Null: it retrieves nothing, and so nothing is tuned. */
  readonly pipeline: Pipeline | null
  /** Shape and colour, the same on every screen and in every report; colours differ in lightness as well as in hue. */
  readonly look: { readonly mark: MarkName; readonly light: string; readonly dark: string }
}

/** In the order in which they are always shown. */
export const strategies = {
  'zero-shot': {
    label: 'zero-shot',
    known: null,
    pipeline: null,
    look: { mark: 'ring', light: '#70767d', dark: '#9aa2a8' }
  },
  random: {
    label: 'random',
    known: null,
    pipeline: { candidates: 'random' },
    look: { mark: 'triangle', light: '#c47c00', dark: '#f0ad3d' }
  },
  lexical: {
    label: 'lexical',
    known: 'BM25',
    pipeline: { candidates: 'lexical' },
    look: { mark: 'square', light: '#0f8a63', dark: '#45c596' }
  },
  semantic: {
    label: 'semantic',
    known: 'SBERT',
    pipeline: { candidates: 'semantic' },
    look: { mark: 'circle', light: '#2f86d8', dark: '#3f94e0' }
  },
  dense: {
    label: 'dense',
    known: 'ReCross†',
    pipeline: { candidates: 'dense' },
    look: { mark: 'diamond', light: '#5a2aa3', dark: '#cbb0ff' }
  }
} as const satisfies Record<string, StrategyRow>
export type StrategyName = keyof typeof strategies
export const strategyNames = Object.keys(strategies) as [StrategyName, ...StrategyName[]]

/** The untuned base model: joins in everywhere, because without it nobody can tell whether tuning helped. */
export const untuned = 'zero-shot' satisfies StrategyName

/** Retrieval that looks at nothing: what every other one has to beat. */
export const chance = 'random' satisfies StrategyName

/** Whether a strategy retrieves, and so tunes. */
export function isTuned(strategy: StrategyName): boolean {
  return pipelineOf(strategy) !== null
}

export function pipelineOf(strategy: StrategyName): Pipeline | null {
  return strategies[strategy].pipeline
}

/** Whether what a strategy retrieves depends on the target's queries. */
export function usesQueries(strategy: StrategyName): boolean {
  const pipeline = pipelineOf(strategy)
  return pipeline !== null && candidates[pipeline.candidates].usesQueries
}

/** The indices that a strategy searches. */
export function indicesOf(strategy: StrategyName): Representation[] {
  const pipeline = pipelineOf(strategy)
  const index = pipeline === null ? null : candidates[pipeline.candidates].index
  return index === null ? [] : [index]
}

/** The models that a strategy needs. */
export function rolesOf(strategy: StrategyName): ModelRole[] {
  return [...new Set<ModelRole>(['base', ...indicesOf(strategy).map((index) => representations[index].role)])]
}

/** Strategies that know which upstream examples are near to one text. */
export const nearnessStrategies = strategyNames.filter(usesQueries) as [StrategyName, ...StrategyName[]]

/** The strategy that asks an index alone, without looking at anything else. */
export function strategyOfIndex(representation: Representation): StrategyName {
  return strategyNames.find((name) => indicesOf(name).join() === representation)!
}

/** What is shown where nobody has chosen yet. */
export const usualStrategy: StrategyName = strategyNames.find((name) => indicesOf(name).length > 0)!
