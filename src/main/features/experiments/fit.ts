import { isTuned } from '../../contract/strategies.ts'
import type { QuestionOutput } from '../../contract/questions.ts'
import type { ResolvedSpec } from './resolve.ts'
import { scriptsOf } from './scripts.ts'

/** The tested rows of every target, by its id. */
export type Shapes = ReadonlyMap<string, QuestionOutput<'plan-power'>['targets'][number]['shape']>
/** What the base model's tokenizer makes of a sample of every dataset. */
export type TokenFit = QuestionOutput<'token-fit'>
type Read = TokenFit['datasets'][number]

const fewItems = 20
/** Shares below these are left unsaid. */
const worthSaying = { cut: 0.01, unknown: 0.005, foreign: 0.2, language: 0.5, whole: 0.45 }
/** Models of a language have some four bytes a token; so few mean that it is spelt out. A small vocabulary spells everything. */
const spelt = { bytesPerToken: 1.7, vocabulary: 5000 }

/**
 * Whether data, model and settings, each fine alone, fit one another: more to retrieve than there is, test items too few to
 * show anything, texts and answers that are cut off, words that the model does not know, another language, questions
 * without answers. Each a sentence with its number. `available`: upstream examples that the filters leave; without it all.
 */
export function fitWarnings(
  resolved: ResolvedSpec,
  shapes: Shapes,
  tokens: TokenFit,
  available: number = resolved.dataset.examples
): string[] {
  return [...amounts(resolved, shapes, available), ...lengths(resolved, tokens), ...words(resolved, tokens)]
}

function amounts({ spec, targets, dataset }: ResolvedSpec, shapes: Shapes, available: number): string[] {
  const warnings: string[] = []
  const some = available === dataset.examples ? '' : ' that the filters leave'
  if (spec.strategies.some(isTuned) && spec.retrieval.budget >= available)
    warnings.push(
      `${number(spec.retrieval.budget)} examples are to be retrieved, but ${dataset.name} has only ${number(available)}${some}: every strategy gets all of it, and all are the same. Retrieve fewer, or take more upstream data.`
    )
  else if (spec.strategies.some(isTuned) && spec.retrieval.budget * 2 > available)
    warnings.push(
      `${number(spec.retrieval.budget)} of the ${number(available)} examples of ${dataset.name}${some} are to be retrieved: strategies will share at least ${Math.round((2 - available / spec.retrieval.budget) * 100)} % of them.`
    )
  for (const { target } of targets) {
    const shape = shapes.get(target.id)!
    if (!shape.labelled)
      warnings.push(
        `${target.name} has no right answers: its ${number(shape.rows)} questions are answered, and nothing is scored.`
      )
    else if (shape.itemSizes.length < fewItems)
      warnings.push(
        `${target.name} has ${number(shape.itemSizes.length)} independent test ${shape.itemSizes.length === 1 ? 'item' : 'items'}: one answer more or less is ${Math.round(100 / shape.itemSizes.length)} points.`
      )
  }
  return warnings
}

/** What is cut off, in tokens of this model. */
function lengths(resolved: ResolvedSpec, tokens: TokenFit): string[] {
  const { spec, models, dataset } = resolved
  const most = models.base.maxInputTokens
  const raise = (setting: string, limit: number) =>
    most === null || limit < most ? ` Raise ${setting}.` : ' The model reads no more than that.'
  const read = readBy(tokens)
  const cut = (
    lengths: readonly number[],
    limit: number,
    say: (share: string, longest: string) => string
  ): string[] => {
    const share = lengths.filter((length) => length > limit).length / Math.max(1, lengths.length)
    return share > worthSaying.cut ? [say(percent(share), number(Math.max(...lengths)))] : []
  }
  const ofTargets = resolved.targets.flatMap(({ target, dataset: { id } }) => {
    const { inputs = [], answers = [] } = read.get(id) ?? {}
    const { maxInputTokens, maxOutputTokens } = spec.evaluation
    return [
      ...cut(
        inputs,
        maxInputTokens,
        (share, longest) =>
          `${share} of the questions of ${target.name} have more than the ${number(maxInputTokens)} tokens that are read, and lose their end; the longest has ${longest}.${raise('evaluation.maxInputTokens', maxInputTokens)}`
      ),
      ...cut(
        answers,
        maxOutputTokens,
        (share, longest) =>
          `${share} of the right answers of ${target.name} are longer than the ${number(maxOutputTokens)} tokens that an answer may have: these can never be matched. The longest has ${longest}.`
      )
    ]
  })
  if (!spec.strategies.some(isTuned)) return ofTargets
  const { inputs = [], answers = [] } = read.get(dataset.id) ?? {}
  const { maxInputTokens, maxOutputTokens } = spec.tune
  return [
    ...ofTargets,
    ...cut(
      inputs,
      maxInputTokens,
      (share, longest) =>
        `${share} of the inputs of ${dataset.name} have more than the ${number(maxInputTokens)} tokens that are tuned on, and lose their end; the longest has ${longest}.${raise('tune.maxInputTokens', maxInputTokens)}`
    ),
    ...cut(
      answers,
      maxOutputTokens,
      (share, longest) =>
        `${share} of the answers of ${dataset.name} have more than the ${number(maxOutputTokens)} tokens that are tuned on, and lose their end; the longest has ${longest}. Raise tune.maxOutputTokens.`
    )
  ]
}

/** What the model does not know. */
function words({ models: { base }, dataset, targets }: ResolvedSpec, tokens: TokenFit): string[] {
  const read = readBy(tokens)
  const named = new Map([
    [dataset.id, dataset.name],
    ...targets.map(({ target, dataset: { id } }) => [id, target.name] as const)
  ])
  return [...named].flatMap(([id, name]) => {
    const one = read.get(id)
    if (!one || one.tokens === 0) return []
    const unknown = one.unknown / one.tokens
    const bytes = one.bytes / one.tokens
    return [
      ...(unknown > worthSaying.unknown
        ? [
            `${percent(unknown)} of the tokens of ${name} are unknown to ${base.name}, which cannot tell these words apart (${number(one.rows)} rows looked at). Take a model of this language.`
          ]
        : []),
      ...(bytes < spelt.bytesPerToken && tokens.vocabulary >= spelt.vocabulary
        ? [
            `${base.name} reads ${name} nearly letter by letter, ${bytes.toFixed(1)} bytes a token where 4 are usual: it hardly knows this language.`
          ]
        : []),
      ...otherScript(base.name, tokens.languages, name, one),
      ...otherLanguage(base.name, tokens, name, one)
    ]
  })
}

function otherScript(model: string, languages: readonly string[], name: string, { script }: Read): string[] {
  const known = scriptsOf(languages)
  if (known === null || script === null || known.has(script.name) || script.share < worthSaying.foreign) return []
  return [
    `${percent(script.share)} of the letters of ${name} are ${script.name}, but ${model} is made for ${languages.join(', ')}, as its card says.`
  ]
}

/** By what is in the data and in the tokenizer; what the card says wins where it names the language, or none. */
function otherLanguage(
  model: string,
  { languages, vocabulary }: TokenFit,
  name: string,
  { language, rows }: Read
): string[] {
  if (language === null || language.share < worthSaying.language) return []
  const about = `About ${percent(language.share)} of the ${number(rows)} rows of ${name} that were looked at are ${language.name}`
  const codes = languages.map((one) => one.split('-')[0]!)
  if (codes.length > 0) {
    const other = codes.every((code) => code.length === 2) && !codes.includes(language.code)
    return other ? [`${about}; ${model} is made for ${languages.join(', ')}, as its card says.`] : []
  }
  const knows = vocabulary < spelt.vocabulary || language.whole > worthSaying.whole
  return knows || language.wholeEnglish < 2 * language.whole
    ? []
    : [
        `${about}; ${model} has ${percent(language.whole)} of that language's commonest words as one piece, and ${percent(language.wholeEnglish)} of the English ones: it was made for English.`
      ]
}

function readBy({ datasets }: TokenFit): Map<string, Read> {
  return new Map(datasets.map((one) => [one.id, one]))
}

function percent(share: number): string {
  return `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`
}

function number(value: number): string {
  return value.toLocaleString('en')
}
