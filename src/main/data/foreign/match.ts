import type { Example } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { ForeignAnswer, ForeignRow } from './read-answers.ts'

/** Programs differ in spaces and line ends around and within a text, and in whether BART0's leading "<s>" is part of it. */
function keyOf(text: string): string {
  return text
    .replace(/^\s*<s>\s/, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What is found by its text; of several with the same text each is handed out once, in order. */
class ByText<T> {
  readonly #waiting = new Map<string, T[]>()

  add(text: string, value: T): void {
    const key = keyOf(text)
    const others = this.#waiting.get(key)
    if (others) others.push(value)
    else this.#waiting.set(key, [value])
  }

  /** The first one of this text that `fits`, else the first one; undefined where none is left. */
  take(text: string, fits: (value: T) => boolean): T | undefined {
    const waiting = this.#waiting.get(keyOf(text))
    if (!waiting || waiting.length === 0) return undefined
    const at = Math.max(0, waiting.findIndex(fits))
    return waiting.splice(at, 1)[0]
  }
}

/**
 * Gives every one of `rows` its answer, found by the question's text. Several rows of the same text (prompt variants that came out
 * alike) take their answers in the order of the file, those first whose right answers agree. Answers to rows that are not among
 * `all` are a sign of another file.
 * @throws LabError `different-test-rows` where a row has no answer, an answer belongs to no row, or the right answers differ
 */
export function matchAnswers<Row extends Pick<Example, 'id' | 'input' | 'outputs'>>(
  rows: readonly Row[],
  all: readonly Row[],
  answers: readonly ForeignAnswer[],
  { file, target }: { file: string; target: string }
): { row: Row; output: string }[] {
  const byText = new ByText<Row>()
  for (const row of all) byText.add(row.input, row)
  const outputs = new Map<number, string>()
  const strangers: ForeignAnswer[] = []
  const contradicting: ForeignAnswer[] = []
  for (const answer of answers) {
    const row = byText.take(answer.input, ({ outputs: right }) => agree(right, answer.references))
    if (!row) strangers.push(answer)
    else if (!agree(row.outputs, answer.references)) contradicting.push(answer)
    else outputs.set(row.id, answer.output)
  }
  const refuse = (what: string, example: string): LabError =>
    new LabError(
      'different-test-rows',
      `${file} does not hold the answers to "${target}": ${what}, the first: "${excerpt(example)}". Choose the target that these answers belong to, or import its test file as a target first.`,
      { details: { file, target } }
    )
  if (strangers.length > 0)
    throw refuse(
      `${strangers.length} of its ${answers.length} questions are not among the target's`,
      strangers[0]!.input
    )
  if (contradicting.length > 0)
    throw refuse(
      `${contradicting.length} of its ${answers.length} questions have other right answers there`,
      contradicting[0]!.input
    )
  const open = rows.filter(({ id }) => !outputs.has(id))
  if (open.length > 0) throw refuse(`${open.length} of ${rows.length} test rows have no answer`, open[0]!.input)
  return rows.map((row) => ({ row, output: outputs.get(row.id)! }))
}

/** Of the upstream data what one of these lists may mean: rows with the text of a wanted one. Reads the data once for all lists. */
export function candidatesFor<Row extends Pick<Example, 'input'>>(
  lists: readonly (readonly ForeignRow[])[],
  upstream: Iterable<Row>
): Row[] {
  const asked = new Set(lists.flat().map(({ input }) => keyOf(input)))
  const candidates: Row[] = []
  for (const row of upstream) if (asked.has(keyOf(row.input))) candidates.push(row)
  return candidates
}

/**
 * The upstream examples that retrieved rows are, in their order; a row that was retrieved twice is found twice where the data hold
 * it twice, else the same example stands twice.
 * @throws LabError `different-data` where a row is not among the upstream data
 */
export function matchRows<Row extends Pick<Example, 'input' | 'outputs'>>(
  wanted: readonly ForeignRow[],
  upstream: Iterable<Row>,
  { file, dataset }: { file: string; dataset: string }
): Row[] {
  const byText = new ByText<Row>()
  for (const row of upstream) byText.add(row.input, row)
  const known = new Map<string, Row>()
  const missing: ForeignRow[] = []
  const found = wanted.flatMap((row) => {
    const key = keyOf(row.input)
    const one = byText.take(row.input, ({ outputs }) => agree(outputs, row.outputs)) ?? known.get(key)
    if (one) known.set(key, one)
    else missing.push(row)
    return one ? [one] : []
  })
  if (missing.length === 0) return found
  throw new LabError(
    'different-data',
    `${file} holds ${missing.length} of ${wanted.length} rows that are not in "${dataset}", the first: "${excerpt(missing[0]!.input)}". Choose the upstream data that they were retrieved from, or take the answers in without them.`,
    { details: { file, dataset } }
  )
}

/** Whether two lists of right answers have one in common; a list that is not given or empty agrees with all. */
function agree(own: readonly string[], given: readonly string[] | null): boolean {
  if (given === null || given.length === 0 || own.length === 0) return true
  const keys = new Set(own.map(keyOf))
  return given.some((one) => keys.has(keyOf(one)))
}

function excerpt(text: string): string {
  const line = keyOf(text)
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`
}
