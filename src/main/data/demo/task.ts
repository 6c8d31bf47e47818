import type { Random } from '../../random/random.ts'
import { frames, type Country } from './lexicon.ts'

/** The invented places and facts that one seed makes. */
export interface World {
  towns: string[]
  countries: Country[]
}

/** What one source item says: the values of a template's {placeholders}. */
export type Item = Record<string, string>

/** How an item becomes an example. What the item says stands in braces, wordings in angles: "<lead>: {text}". */
export interface Template {
  input: string
  output: string
}

/** A task of the demo suite: a maker of source items and at least four ways to ask about them. */
export interface DemoTask {
  name: string
  group: string
  templates: readonly Template[]
  /** The closed set of answers, where there is one. */
  answers?: readonly string[]
  make(random: Random, world: World): Item
}

/**
 * Fills a template: {key} with what the item says, <frame> with any of that frame's wordings. An unknown name is a bug in
 * the task.
 */
export function fill(pattern: string, item: Item, random: Random): string {
  const framed = pattern.replaceAll(/<(\w+)>/g, (_, name: string) => {
    const wordings = frames[name]
    if (!wordings) throw new Error(`template "${pattern}" asks for the frame <${name}>, which does not exist`)
    return random.pick(wordings)
  })
  const filled = framed.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const value = item[key]
    if (value === undefined) throw new Error(`template "${pattern}" asks for {${key}}, which its item lacks`)
    return value
  })
  return filled.replaceAll(/ {2,}/g, ' ').trim()
}

export const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** One input pattern per line with the same output pattern. */
export function asking(output: string, ...inputs: string[]): Template[] {
  return inputs.map((input) => ({ input, output }))
}
