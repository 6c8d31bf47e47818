import type { ColumnMapping, Finding } from '../../contract/import.ts'
import type { NewExample } from '../dataset-writer.ts'

const shownExamples = 2

/** Counts what is odd about examples, one after the other: contradictions, answers in no choice, answers all alike. */
export class RowCheck {
  #count = 0
  #withChoices = 0
  #outside = 0
  readonly #outsideShown: string[] = []
  #empty = 0
  readonly #answers = new Map<string, number>()
  /** How often each question was given each answer. */
  readonly #answersOf = new Map<string, Map<string, number>>()

  add({ input, outputs, choices }: NewExample): void {
    this.#count++
    const answer = outputs.join('\u0000')
    if (outputs.length > 0 && outputs.every((text) => text.trim() === '')) this.#empty++
    if (this.#answers.size < 50) this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + 1)
    if (choices) {
      this.#withChoices++
      if (outputs.length > 0 && !outputs.some((text) => choices.includes(text))) {
        this.#outside++
        if (this.#outsideShown.length < shownExamples) this.#outsideShown.push(outputs[0]!)
      }
    }
    if (outputs.length === 0) return
    const given = this.#answersOf.get(input)
    if (given === undefined) this.#answersOf.set(input, new Map([[answer, 1]]))
    else given.set(answer, (given.get(answer) ?? 0) + 1)
  }

  /** Each with its numbers; `of` says what was looked at, such as "the first 20,000 rows". */
  findings(mapping: ColumnMapping | null, of: string): Finding[] {
    const found: Finding[] = []
    const say = (code: string, message: string, level: Finding['level'] = 'note'): void =>
      void found.push({ code, level, message, remedies: [] })
    if (this.#outside > 0)
      say(
        'answers-outside-choices',
        `${counted(this.#outside, 'answer is', 'answers are')} in none of the choices (${of}, of ${this.#withChoices} with choices), such as ${this.#outsideShown.map(quoted).join(', ')}. By choices, such a question is always wrong.`,
        'ask'
      )
    if (mapping?.choices !== undefined && this.#withChoices < this.#count)
      say(
        'rows-without-choices',
        `${counted(this.#count - this.#withChoices, 'row has', 'rows have')} no list of choices in the column "${mapping.choices}" (${of}).`
      )
    const contradiction = this.#contradiction()
    if (contradiction !== null) say('contradicting-answers', `${contradiction} (looked at ${of}).`)
    if (this.#empty > 0) say('empty-answers', `${counted(this.#empty, 'answer is', 'answers are')} empty (${of}).`)
    const [[only] = []] = this.#answers
    if (this.#count >= 10 && this.#answers.size === 1 && only !== '')
      say(
        'equal-answers',
        `All ${this.#count.toLocaleString('en')} answers are ${quoted(only!)} (${of}). There is nothing to tell apart.`
      )
    const labels = [...this.#answers]
    if (
      mapping?.choices === undefined &&
      mapping?.labels === undefined &&
      labels.length > 1 &&
      labels.length <= this.#count / 4 &&
      labels.length <= 20 &&
      labels.every(([answer]) => /^-?\d{1,2}(\.0)?$/.test(answer))
    )
      found.push({
        code: 'label-numbers',
        level: 'note',
        message: `The answers are numbers: ${labels
          .sort(([a], [b]) => Number(a) - Number(b))
          .map(([answer, count]) => `${answer} (${count.toLocaleString('en')} times)`)
          .join(', ')}. If they stand for words, give these: a model reads "positive" better than "1".`,
        remedies: []
      })
    return found
  }

  /**
   * What the questions with different right answers mean for a score: whoever gives one answer to a question is right at most
   * as often as its commonest answer comes. Files that hold a row for every choice, each called right, are of this kind.
   */
  #contradiction(): string | null {
    const contradicted = [...this.#answersOf].filter(([, answers]) => answers.size > 1)
    if (contradicted.length === 0) return null
    const times = (answers: ReadonlyMap<string, number>): number[] => [...answers.values()]
    const rows = contradicted.reduce((sum, [, answers]) => sum + times(answers).reduce((a, b) => a + b, 0), 0)
    const most = Math.max(...contradicted.map(([, answers]) => answers.size))
    const answered = [...this.#answersOf.values()].flatMap(times).reduce((sum, count) => sum + count, 0)
    const best = [...this.#answersOf.values()].reduce((sum, answers) => sum + Math.max(...times(answers)), 0)
    return (
      `${counted(contradicted.length, 'question has', 'questions have')} up to ${most} different right answers ` +
      `(${counted(rows, 'row', 'rows')}), such as ${quoted(contradicted[0]![0])}. Best possible exact match: ` +
      `${((100 * best) / answered).toFixed(1)} %.` +
      (2 * rows > answered
        ? ' The rows look like one for every choice, each called right: scores on them do not say what is right'
        : '')
    )
  }
}

function quoted(text: string): string {
  const line = text.replaceAll('\u0000', ' / ').replace(/\s+/g, ' ')
  return `"${line.length > 60 ? `${line.slice(0, 60)}…` : line}"`
}

export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}
