import { LabError } from '../contract/error.ts'
import type { ScoringRule } from '../contract/scoring-rule.ts'
import { stripSpace } from './metrics/normalise.ts'

/** An answer as a rule sees it: scored by accuracy, `output` is right where it equals a reference. */
export interface Judged {
  output: string
  references: string[]
}

/** What an answer is to which no label belongs. */
export const noLabel = '(no label)'

/** Makes the judge of a rule. Throws `bad-rule`. */
export function judgeOf(rule: ScoringRule): (output: string, references: readonly string[]) => Judged {
  const verdict = (right: boolean, references: readonly string[]): Judged => ({
    output: right ? 'right' : 'wrong',
    // Questions without right answers stay without.
    references: references.length === 0 ? [] : ['right']
  })
  switch (rule.kind) {
    case 'contains':
      return (output, references) =>
        verdict(
          references.some((one) => containsText(output, one, rule.wholeWords)),
          references
        )
    case 'number':
      return (output, references) => {
        const given = lastNumber(output)
        const near = (wanted: number | null) =>
          given !== null &&
          wanted !== null &&
          // Room for what binary fractions cannot say: 0.3 is within 0.1 of 0.2.
          Math.abs(given - wanted) <= rule.tolerance * (rule.relative ? Math.abs(wanted) : 1) + 1e-9 * Math.abs(wanted)
        return verdict(references.map(lastNumber).some(near), references)
      }
    case 'pattern':
      return patternJudge(rule, verdict)
    case 'labels': {
      const find = labelFinder(rule.labels)
      return (output, references) => ({ output: find(output), references: [...new Set(references.map(find))] })
    }
  }
}

function patternJudge(
  { pattern, ignoreCase }: Extract<ScoringRule, { kind: 'pattern' }>,
  verdict: (right: boolean, references: readonly string[]) => Judged
): (output: string, references: readonly string[]) => Judged {
  const flags = ignoreCase ? 'iu' : 'u'
  const compile = (text: string) => {
    try {
      return new RegExp(text, flags)
    } catch (cause) {
      throw new LabError('bad-rule', `"${pattern}" is no regular expression: ${(cause as Error).message}.`, { cause })
    }
  }
  const placeholder = '{answer}'
  const groups = compile(`${pattern.replaceAll(placeholder, 'x')}|`).exec('')!.length - 1
  const plain = (text: string) => (ignoreCase ? stripSpace(text).toLowerCase() : stripSpace(text))
  return (output, references) => {
    if (pattern.includes(placeholder))
      return verdict(
        references.some((one) => compile(pattern.replaceAll(placeholder, escaped(one))).test(output)),
        references
      )
    const found = compile(pattern).exec(output)
    if (groups === 0) return verdict(found !== null, references)
    const taken = found?.[1]
    return verdict(taken !== undefined && references.some((one) => plain(one) === plain(taken)), references)
  }
}

function labelFinder(labels: Readonly<Record<string, readonly string[]>>): (text: string) => string {
  const words = Object.entries(labels).flatMap(([label, own]) =>
    [label, ...own].map((word) => ({ label, length: word.length, pattern: wholeWord(word) }))
  )
  return (text) => {
    const found = words.flatMap(({ label, length, pattern }) => {
      const at = text.search(pattern)
      return at < 0 ? [] : [{ label, at, length }]
    })
    // Of two at the same place the longer: "not true" before "not".
    return found.sort((a, b) => a.at - b.at || b.length - a.length)[0]?.label ?? noLabel
  }
}

function containsText(text: string, wanted: string, wholeWords: boolean): boolean {
  const bare = stripSpace(wanted)
  if (bare === '') return false
  return wholeWords ? wholeWord(bare).test(text) : text.toLowerCase().includes(bare.toLowerCase())
}

function wholeWord(word: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(word)}(?![\\p{L}\\p{N}_])`, 'iu')
}

function escaped(text: string): string {
  return text.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&')
}

/** A sign belongs to a number where no letter or digit stands before it: 3-4 ends in 4. */
const numbers = /(?:(?<![\p{L}\p{N}])[-+−])?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?/giu

/** 1,234.5 and −3 too. Null where there is none. */
function lastNumber(text: string): number | null {
  const found = text.match(numbers)?.at(-1)
  if (found === undefined) return null
  const value = Number(found.replaceAll(',', '').replace('−', '-'))
  return Number.isFinite(value) ? value : null
}
