import { overWords, type EmbeddedOver } from './embedded-over.ts'
import type { Variant } from './experiments.ts'
import { languages, type Language } from './languages.ts'
import { strategies, strategyOfIndex, type Representation, type StrategyName } from './strategies.ts'
import { variantKey } from './sweep.ts'

interface Named {
  /** What the user calls it. */
  readonly name: string
}

/** One of several jobs that do the work together. */
interface Part {
  /** Its place among the parts, from 1. */
  readonly number: number
  /** How many parts there are. */
  readonly of: number
}

interface OfIndex {
  /** What its vectors are. */
  readonly representation: Representation
  /** What they are made of. */
  readonly over: EmbeddedOver
  /** Name of the data. */
  readonly data: string
}

type Varied = Variant[number]

/** What each title speaks of. Homes keep this: a row that means something else gets another name. */
interface Facts {
  /** Tries the job system. */
  readonly 'self-test': object
  /** Takes data in. */
  readonly import: Named
  /** Fetches something from elsewhere. */
  readonly download: Named
  /** Takes a model in. */
  readonly install: Named
  /** Mines pairs for a reranker. */
  readonly mine: Named & {
    /** Which part of it; null: what comes when all parts are there. */
    readonly part: Part | null
  }
  /** Takes the original's tuples in as mined pairs. */
  readonly 'bring-in-pairs': Named
  /** Trains a reranker. */
  readonly 'train-reranker': Named
  /** Trains a retriever. */
  readonly 'train-retriever': Named
  /** Looks for a target's rows among upstream data. */
  readonly 'look-for-leaks': {
    /** Name of the target. */
    readonly target: string
    /** Name of the upstream data. */
    readonly data: string
  }
  /** Packs a study into a file. */
  readonly pack: Named
  /** Takes a packed study in. */
  readonly open: Named
  /** Writes a tuned model as files. */
  readonly 'export-model': {
    /** Id of the run whose model it is. */
    readonly run: string
  }
  /** Tries learning rates. */
  readonly 'find-rate': {
    /** Name of the model. */
    readonly model: string
    /** Name of the data. */
    readonly data: string
  }
  /** Answers a file of questions. */
  readonly answer: {
    /** Name of the file with the questions. */
    readonly file: string
    /** Name of the model, or id of the run, that answers. */
    readonly by: string
  }
  /** Publishes an index to a server. */
  readonly publish: OfIndex
  /** Fetches the vectors of a published index. */
  readonly 'fetch-vectors': object
  /** Builds an index, or a part of it. */
  readonly 'build-index': OfIndex & {
    /** Name of the encoder. */
    readonly model: string
    /** Which part of it; null: the whole. */
    readonly part: Part | null
  }
  /** A run of an experiment, or its repetition. */
  readonly run: {
    /** Its strategy. */
    readonly strategy: StrategyName
    /** The group of upstream tasks that it does without; null: none. */
    readonly without: string | null
    /** Settings that it has of its own. */
    readonly variant: readonly Varied[]
    /** Its round, from 1; null: there is but one, as nothing is tuned. */
    readonly round: number | null
    /** Names of its targets. */
    readonly targets: readonly string[]
    /** It repeats a finished run, to see whether the same comes out. */
    readonly repeat: boolean
  }
}

/** What a job does, and to what. The lab says it in English; screens say it in the reader's language. */
export type JobTitle = { [K in keyof Facts]: Titled<K> }[keyof Facts]

interface Titled<K extends keyof Facts> {
  /** Which title it is. */
  readonly says: K
  /** What it speaks of. */
  readonly of: Facts[K]
}

/** How a setting of its own is said. */
type Say = (varied: Varied) => string
type Rows = { readonly [K in keyof Facts]: Readonly<Record<Language, (of: Facts[K], say: Say) => string>> }

const titles: Rows = {
  'self-test': { en: () => 'Self-test of the job system', de: () => 'Selbsttest der Aufträge' },
  import: { en: ({ name }) => `Import ${name}`, de: ({ name }) => `${name} einlesen` },
  download: { en: ({ name }) => `Download ${name}`, de: ({ name }) => `${name} herunterladen` },
  install: { en: ({ name }) => `Install ${name}`, de: ({ name }) => `${name} einrichten` },
  mine: {
    en: ({ name, part }) => `Mine pairs: ${name}${partIn.en(part)}`,
    de: ({ name, part }) => `Paare ermitteln: ${name}${partIn.de(part)}`
  },
  'bring-in-pairs': {
    en: ({ name }) => `Bring in pairs: ${name}`,
    de: ({ name }) => `Paare übernehmen: ${name}`
  },
  'train-reranker': {
    en: ({ name }) => `Train the reranker ${name}`,
    de: ({ name }) => `Den Reranker ${name} trainieren`
  },
  'train-retriever': {
    en: ({ name }) => `Train the retriever ${name}`,
    de: ({ name }) => `Den Retriever ${name} trainieren`
  },
  'look-for-leaks': {
    en: ({ target, data }) => `Look for ${target} in ${data}`,
    de: ({ target, data }) => `${target} in ${data} suchen`
  },
  pack: { en: ({ name }) => `Pack ${name}`, de: ({ name }) => `${name} packen` },
  open: { en: ({ name }) => `Open ${name}`, de: ({ name }) => `${name} öffnen` },
  'export-model': {
    en: ({ run }) => `Export the tuned model of ${run}`,
    de: ({ run }) => `Das nachtrainierte Modell von ${run} ausgeben`
  },
  'find-rate': {
    en: ({ model, data }) => `Find a learning rate for ${model} on ${data}`,
    de: ({ model, data }) => `Eine Lernrate für ${model} auf ${data} suchen`
  },
  answer: { en: ({ file, by }) => `Answer ${file} with ${by}`, de: ({ file, by }) => `${file} mit ${by} beantworten` },
  publish: {
    en: ({ representation, over, data }) => `Publish the ${representation} index${overIn.en[over]} of ${data}`,
    de: ({ representation, over, data }) => `Index von ${data} veröffentlichen (${kindOf(representation, over)})`
  },
  'fetch-vectors': {
    en: () => 'Fetch the vectors of a shared index',
    de: () => 'Die Vektoren eines geteilten Index holen'
  },
  'build-index': {
    en: ({ representation, over, data, model, part }) =>
      `Build the ${representation} index of ${data}${overIn.en[over]} with ${model}${partIn.en(part)}`,
    de: ({ representation, over, data, model, part }) =>
      `Index von ${data} mit ${model} aufbauen (${kindOf(representation, over)})${partIn.de(part)}`
  },
  run: {
    en: ({ strategy, without, variant, round, targets, repeat }, say) =>
      [
        `${repeat ? 'Repeat of ' : ''}${strategies[strategy].label}`,
        ...(without === null ? [] : [` without ${without}`]),
        ...(variant.length === 0 ? [] : [` with ${variant.map(say).join(', ')}`]),
        ...(round === null ? [] : [`, round ${round}`]),
        `, ${targets.length === 1 ? targets[0]! : `${targets.length} targets`}`
      ].join(''),
    de: ({ strategy, without, variant, round, targets, repeat }, say) =>
      [
        `${repeat ? 'Wiederholung: ' : ''}${strategies[strategy].german}`,
        ...(without === null ? [] : [` ohne ${without}`]),
        ...(variant.length === 0 ? [] : [` mit ${variant.map(say).join(', ')}`]),
        ...(round === null ? [] : [`, Runde ${round}`]),
        `, ${targets.length === 1 ? targets[0]! : `${targets.length} Zielaufgaben`}`
      ].join('')
  }
}

const partIn = {
  en: (part: Part | null) => (part === null ? '' : `, part ${part.number} of ${part.of}`),
  de: (part: Part | null) => (part === null ? '' : `, Teil ${part.number} von ${part.of}`)
}

const overIn: Readonly<Record<Language, Readonly<Record<EmbeddedOver, string>>>> = {
  en: { input: '', both: ` ${overWords.both}` },
  de: { input: '', both: ', über Eingaben und Antworten' }
}

function kindOf(representation: Representation, over: EmbeddedOver): string {
  return `${strategies[strategyOfIndex(representation)].german}${overIn.de[over]}`
}

/** A title as a home keeps it and a client gets it: perhaps one of another version of the lab. */
interface KeptTitle {
  /** Which title it is. */
  readonly says: string
  /** What it speaks of. */
  readonly of: object
}

/** The title in a language; null where this version does not know it. `say` words a setting that a run has of its own. */
export function jobTitleIn(language: Language, title: JobTitle, say?: Say): string
export function jobTitleIn(language: Language, title: KeptTitle, say?: Say): string | null
export function jobTitleIn(language: Language, { says, of }: KeptTitle, say: Say = asKey): string | null {
  if (!Object.hasOwn(titles, says)) return null
  const words = titles[says as keyof Rows][language] as (of: object, say: Say) => string
  return words(of, say)
}

function asKey(varied: Varied): string {
  return variantKey([varied])
}

/** The title in all languages, a line each, for those who search. */
export function soughtTitle(title: JobTitle): string {
  return languages.map((language) => jobTitleIn(language, title)).join('\n')
}
