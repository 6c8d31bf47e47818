/** What a model's generation settings force or forbid at a step, as Transformers' logits processors do. */
import type { GenerationConfig } from '../../models/generation-config.ts'
import { int64, type Tensors } from '../tensors.ts'

export interface Constraints {
  /** The id that must come at this step (0 is the first new one), or null. */
  forced(step: number): number | null
  /** Some ids may be forbidden at some step. */
  readonly bans: boolean
  /** What scores of ids that came already are divided by; null where they stay as they are. */
  readonly repetitionPenalty: number | null
  /** What must not come next. */
  banned(row: DecodedRow): ReadonlySet<number>
  /** What the step's graph takes: for each row its ids so far, which begin with the decoder's start, and its input. */
  feeds(rows: readonly DecodedRow[]): Tensors
}

export interface DecodedRow {
  sequence: readonly number[]
  source: readonly number[]
}

export function constraintsOf(settings: GenerationConfig, maxNewTokens: number, vocabulary: number): Constraints {
  const { forcedBos, forcedEos, repetitionPenalty } = settings
  const rules = rulesOf(settings)
  const penalizes = repetitionPenalty !== 1
  const bannedIds = ({ sequence, source }: DecodedRow): number[] => rules.flatMap((rule) => rule(sequence, source))
  return {
    forced(step) {
      if (forcedEos !== null && step === maxNewTokens - 1) return forcedEos
      return step === 0 ? forcedBos : null
    },
    bans: rules.length > 0,
    repetitionPenalty: penalizes ? repetitionPenalty : null,
    banned: (row) => new Set(bannedIds(row)),
    feeds: (rows) => ({
      ...(rules.length > 0 ? { banned: places(rows, bannedIds, vocabulary) } : {}),
      ...(penalizes ? { repeated: places(rows, ({ sequence }) => sequence, vocabulary) } : {})
    })
  }
}

/** Ids that must not come next. */
type Rule = (sequence: readonly number[], source: readonly number[]) => readonly number[]

function rulesOf(settings: GenerationConfig): Rule[] {
  const { minLength, noRepeatNgramSize, encoderNoRepeatNgramSize, badWords, suppressed, suppressedFirst, eos } =
    settings
  const rules: Rule[] = []
  if (noRepeatNgramSize > 0) rules.push((sequence) => followers(sequence, sequence, noRepeatNgramSize))
  if (encoderNoRepeatNgramSize > 0) {
    rules.push((sequence, source) => followers(sequence, source, encoderNoRepeatNgramSize))
  }
  // The end alone as a bad word would never let an answer end; Transformers leaves it out too.
  const words = badWords.filter((word) => !(word.length === 1 && eos.includes(word[0]!)))
  if (words.length > 0) {
    rules.push((sequence) => words.filter((word) => endsWith(sequence, word.slice(0, -1))).map((word) => word.at(-1)!))
  }
  if (minLength > 1) rules.push((sequence) => (sequence.length < minLength ? eos : []))
  if (suppressed.length > 0) rules.push(() => suppressed)
  if (suppressedFirst.length > 0) {
    const first = settings.forcedBos === null ? 1 : 2
    rules.push((sequence) => (sequence.length === first ? suppressedFirst : []))
  }
  return rules
}

/** Ids that follow an occurrence in `text` of the sequence's last `size - 1` ids. */
function followers(sequence: readonly number[], text: readonly number[], size: number): number[] {
  if (sequence.length < size - 1) return []
  const last = sequence.length - size + 1
  const found: number[] = []
  for (let start = 0; start + size <= text.length; start++) {
    let same = true
    for (let index = 0; same && index < size - 1; index++) same = text[start + index] === sequence[last + index]
    if (same) found.push(text[start + size - 1]!)
  }
  return found
}

function endsWith(sequence: readonly number[], end: readonly number[]): boolean {
  const start = sequence.length - end.length
  return start >= 0 && end.every((id, index) => sequence[start + index] === id)
}

/** Places in the flattened `[rows, vocabulary]`, each once. */
function places(
  rows: readonly DecodedRow[],
  idsOf: (row: DecodedRow) => readonly number[],
  vocabulary: number
): ReturnType<typeof int64> {
  const all = rows.flatMap((row, index) =>
    [...new Set(idsOf(row))].filter((id) => id < vocabulary).map((id) => index * vocabulary + id)
  )
  return int64(all, [all.length])
}
