import type { MarkName } from './marks.ts'

/**
 * The strategies: each is one row here. What is planned, estimated, indexed, offered and drawn for a strategy follows from its
 * row. A new one is a row, the file of a stage that does not exist yet (`retrieval/candidates/`, `retrieval/rescore/`), and its
 * names for people in both languages, one file: docs/recipes.md. No schemas are imported, so that the screens can read the table too.
 */

interface RoleRow {
  /** The role of the model's record. */
  readonly kind: 'seq2seq' | 'encoder' | 'pair-classifier'
  /** What it is called in messages. */
  readonly name: string
  /** The command line's option for it. */
  readonly option: string
}

/** The parts that models play in an experiment, and which kind of model can play them. */
export const modelRoles = {
  base: { kind: 'seq2seq', name: 'base model', option: 'model' },
  encoder: { kind: 'encoder', name: 'sentence encoder', option: 'encoder' },
  retriever: { kind: 'encoder', name: 'trained retriever', option: 'retriever' },
  reranker: { kind: 'pair-classifier', name: 'reranker', option: 'reranker' }
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
  /**
   * What becomes of answers, where vectors are made of them too: `joined` to the input as one text, `decoded` behind its vector; null: they
   * cannot be.
   */
  readonly answers: 'joined' | 'decoded' | null
}

/** Whether a model can play a part. A trained retriever is an encoder like others; its own part takes one with a trained head. */
export function plays(
  role: ModelRole,
  model: {
    /** Kind of the model. */
    readonly role: string
    /** Its card where it is a trained retriever; else null. */
    readonly retriever: object | null
  }
): boolean {
  return model.role === modelRoles[role].kind && (role !== 'retriever' || model.retriever !== null)
}

/**
 * Whether a model goes without saying for a part. A trained retriever is taken for the encoder that it was made from only where
 * it is named: its texts are the same, its vectors are others.
 */
export function goesWithoutSaying(
  role: ModelRole,
  model: {
    /** Kind of the model. */
    readonly role: string
    /** Its card where it is a trained retriever; else null. */
    readonly retriever: object | null
  }
): boolean {
  return plays(role, model) && (role === 'retriever' || model.retriever === null)
}

/** What the vectors of an index are. */
export const representations = {
  semantic: { role: 'encoder', pooling: 'own', normalized: true, prefixed: false, answers: 'joined' },
  dense: { role: 'base', pooling: 'mean', normalized: false, prefixed: true, answers: 'decoded' },
  trained: { role: 'retriever', pooling: 'own', normalized: true, prefixed: false, answers: null }
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
  dense: { usesQueries: true, index: 'dense' },
  trained: { usesQueries: true, index: 'trained' }
} as const satisfies Record<string, CandidatesRow>
export type CandidatesName = keyof typeof candidates

interface RescorerRow {
  /** The model that scores; null where an index does. */
  readonly role: ModelRole | null
  /** The index whose vectors are compared; null where none is. */
  readonly index: Representation | null
}

/** What can put candidates into another order: a model that reads query and candidate together, or other vectors. */
export const rescorers = {
  reranker: { role: 'reranker', index: null },
  semantic: { role: null, index: 'semantic' },
  dense: { role: null, index: 'dense' },
  trained: { role: null, index: 'trained' }
} as const satisfies Record<string, RescorerRow>
export type RescorerName = keyof typeof rescorers
export const rescorerNames = Object.keys(rescorers) as [RescorerName, ...RescorerName[]]
export const candidatesNames = Object.keys(candidates) as [CandidatesName, ...CandidatesName[]]

/** The stages of a retrieval: candidates, any number of times scored anew, then selected and cut to the budget. */
export interface Pipeline {
  /** Where examples come from. */
  readonly candidates: CandidatesName
  /** None: candidates stay in their order. Otherwise the row's stages are where an experiment starts from: its settings say others. */
  readonly rescore: readonly RescorerName[]
}

/** Which stages an experiment chose for the strategies that score anew. */
export interface ChosenStages {
  /** How candidates are scored anew. */
  readonly rerank: {
    /** Where candidates come from. */
    readonly candidates: CandidatesName
    /** The stages, first to last. */
    readonly by: readonly RescorerName[]
  }
}

export interface StrategyRow {
  /** What tables and reports call it. */
  readonly label: string
  /** What it is called in a German sentence. */
  readonly german: string
  /** What it tunes on, as the documents say it. */
  readonly summary: string
  /** What papers call it, where that is another name. */
  readonly known: string | null
  /** Null: it retrieves nothing, and so nothing is tuned. */
  readonly pipeline: Pipeline | null
  /** Shape and colour, the same on every screen and in every report; colours differ in lightness as well as in hue. */
  readonly look: {
    /** Shape that stands for it. */
    readonly mark: MarkName
    /** Its colour on light ground. */
    readonly light: string
    /** Its colour on dark ground. */
    readonly dark: string
  }
}

/** In the order in which they are always shown. */
export const strategies = {
  'zero-shot': {
    label: 'zero-shot',
    german: 'Zero-Shot',
    summary: 'nothing: the line to beat',
    known: null,
    pipeline: null,
    look: { mark: 'ring', light: '#70767d', dark: '#9aa2a8' }
  },
  random: {
    label: 'random',
    german: 'zufällig',
    summary: 'a random sample of the upstream data, tuned once per seed',
    known: null,
    pipeline: { candidates: 'random', rescore: [] },
    look: { mark: 'triangle', light: '#c47c00', dark: '#f0ad3d' }
  },
  lexical: {
    label: 'lexical',
    german: 'lexikalisch',
    summary: 'the best BM25 matches of the questions',
    known: 'BM25',
    pipeline: { candidates: 'lexical', rescore: [] },
    look: { mark: 'square', light: '#0f8a63', dark: '#45c596' }
  },
  semantic: {
    label: 'semantic',
    german: 'semantisch',
    summary: "the nearest neighbours in a sentence encoder's space",
    known: 'SBERT',
    pipeline: { candidates: 'semantic', rescore: [] },
    look: { mark: 'circle', light: '#2f86d8', dark: '#3f94e0' }
  },
  dense: {
    label: 'dense',
    german: 'dicht',
    summary: "the nearest neighbours in the base model's own encoder space",
    known: 'ReCross†',
    pipeline: { candidates: 'dense', rescore: [] },
    look: { mark: 'diamond', light: '#5a2aa3', dark: '#cbb0ff' }
  },
  trained: {
    label: 'trained',
    german: 'trainiert',
    summary:
      'the nearest by a head that has learnt, on the vectors of an index, from the pairs that rerankers learn from',
    known: null,
    pipeline: { candidates: 'trained', rescore: [] },
    look: { mark: 'wedge', light: '#8a6d1f', dark: '#b5e36a' }
  },
  recross: {
    label: 'recross',
    german: 'ReCross',
    summary:
      "four times as many candidates as are wanted (dense, or of another kind), scored anew by a reranker: the demo's, or one that you train in the lab",
    known: null,
    pipeline: { candidates: 'dense', rescore: ['reranker'] },
    look: { mark: 'cross', light: '#a3123f', dark: '#e23c50' }
  }
} as const satisfies Record<string, StrategyRow>
export type StrategyName = keyof typeof strategies
export const strategyNames = Object.keys(strategies) as [StrategyName, ...StrategyName[]]

/** The untuned base model: joins in everywhere, because without it nobody can tell whether tuning helped. */
export const untuned = 'zero-shot' satisfies StrategyName

/** The stages that an experiment starts from where it scores anew. */
export const usualStages = strategies.recross.pipeline

/** Retrieval that looks at nothing: what every other one has to beat. */
export const chance = 'random' satisfies StrategyName

/** Whether a strategy retrieves, and so tunes. */
export function isTuned(strategy: StrategyName): boolean {
  return pipelineOf(strategy) !== null
}

/** The stages of a strategy, with those that an experiment chose where it scores anew; without, those of its row. */
export function pipelineOf(strategy: StrategyName, chosen?: ChosenStages): Pipeline | null {
  const { pipeline } = strategies[strategy]
  if (pipeline === null || pipeline.rescore.length === 0 || chosen === undefined) return pipeline
  return { candidates: chosen.rerank.candidates, rescore: chosen.rerank.by }
}

/** Whether candidates are scored anew. */
export function isReranked(strategy: StrategyName): boolean {
  return (pipelineOf(strategy)?.rescore.length ?? 0) > 0
}

/** Whether what a strategy retrieves depends on the target's queries. */
export function usesQueries(strategy: StrategyName, chosen?: ChosenStages): boolean {
  const pipeline = pipelineOf(strategy, chosen)
  return pipeline !== null && (candidates[pipeline.candidates].usesQueries || pipeline.rescore.length > 0)
}

/** The indices that a strategy searches or reads. */
export function indicesOf(strategy: StrategyName, chosen?: ChosenStages): Representation[] {
  const pipeline = pipelineOf(strategy, chosen)
  if (pipeline === null) return []
  const all = [candidates[pipeline.candidates].index, ...pipeline.rescore.map((name) => rescorers[name].index)]
  return [...new Set(all.filter((index) => index !== null))]
}

/** The models that a strategy needs. */
export function rolesOf(strategy: StrategyName, chosen?: ChosenStages): ModelRole[] {
  const ofIndices = indicesOf(strategy, chosen).map((index) => representations[index].role)
  const ofStages = (pipelineOf(strategy, chosen)?.rescore ?? []).flatMap((name) => rescorers[name].role ?? [])
  return [...new Set<ModelRole>(['base', ...ofIndices, ...ofStages])]
}

/** Strategies that know which upstream examples are near to one text, without any other model than that of their index. */
export const nearnessStrategies = strategyNames.filter((name) => usesQueries(name) && !isReranked(name)) as [
  StrategyName,
  ...StrategyName[]
]

/** The strategy that asks an index alone, without looking at anything else. */
export function strategyOfIndex(representation: Representation): StrategyName {
  return strategyNames.find((name) => indicesOf(name).join() === representation)!
}

/** What is shown where nobody has chosen yet. */
export const usualStrategy: StrategyName = strategyNames.find((name) => indicesOf(name).length > 0)!
