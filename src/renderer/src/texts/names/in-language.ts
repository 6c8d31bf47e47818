import type { Language } from '../language.ts'

/**
 * The names of what researchers add to the lab, the languages beside each other: a strategy, a metric, a kind of job comes with one
 * file of words, and that file does not compile without them.
 */
export type InEvery<Words> = Readonly<Record<Language, Words>>

/** A word of the field. */
export interface Explained {
  /** As a heading or in a list. */
  label: string
  /** As it stands in a sentence. */
  term: string
  /** What it means, in one sentence. */
  means: string
}

/** The words of one language. */
export function inLanguage<Name extends string, Words>(
  language: Language,
  names: Readonly<Record<Name, InEvery<Words>>>
): Record<Name, Words> {
  const all = Object.entries<InEvery<Words>>(names).map(([name, words]) => [name, words[language]])
  return Object.fromEntries(all) as Record<Name, Words>
}

/** The labels of one language. */
export function labelsIn<Name extends string>(
  language: Language,
  names: Readonly<Record<Name, InEvery<Explained>>>
): Record<Name, string> {
  const all = Object.entries<InEvery<Explained>>(names).map(([name, words]) => [name, words[language].label])
  return Object.fromEntries(all) as Record<Name, string>
}

/** The words of one language as terms that are explained where they stand. */
export function termsIn<Name extends string>(
  language: Language,
  names: Readonly<Record<Name, InEvery<Explained>>>
): Record<Name, { name: string; means: string }> {
  const all = Object.entries<InEvery<Explained>>(names).map(([name, words]) => {
    const { term, means } = words[language]
    return [name, { name: term, means }]
  })
  return Object.fromEntries(all) as Record<Name, { name: string; means: string }>
}
