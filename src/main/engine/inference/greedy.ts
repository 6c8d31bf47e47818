/**
 * Greedy decoding: the likeliest id at every step. Inputs whose answers are done give their place to others. Where few answers are
 * written, a step tries what the input says next.
 */
import { constraintsOf, type Constraints } from './constraints.ts'
import { Decoder } from './decoder.ts'
import { Drafts } from './drafts.ts'
import { noLimits, type Decoding } from './decoding.ts'
import { GreedyHead } from './greedy-head.ts'
import { Seats } from './seats.ts'

/** Rows leave the batch when this share of it has finished: moving the others costs about as much as a step saves. */
const shareToLeave = 0.25

/** An answer that is being written, or was. */
interface Row {
  input: number
  ids: number[]
  done: boolean
  drafts: Drafts
}

export interface GreedyAnswer {
  input: number
  /** New ids, the end token included where it came. */
  ids: number[]
}

/** Answers in the order in which they are done. */
export async function* greedyAnswers(decoding: Decoding): AsyncGenerator<GreedyAnswer> {
  const { model, runners, inputs, settings, maxNewTokens, limits = noLimits, signal } = decoding
  const constraints = constraintsOf(settings, maxNewTokens, model.config.vocabularySize)
  const { bans, repetitionPenalty } = constraints
  const head = new GreedyHead(model, runners, constraints)
  const { headless } = head
  const options = { beams: 1, bans, repetitionPenalty, maxNewTokens, drafts: true, headless }
  const seats = new Seats(
    inputs.map((ids) => ids.length),
    limits
  )
  let decoder: Decoder | null = null
  let rows: Row[] = []
  const isLast = ({ ids }: Row): boolean => ids.length === maxNewTokens - 1
  try {
    for (;;) {
      signal?.throwIfAborted()
      if (decoder === null || decoder.admits) {
        const next = seats.take(rows.flatMap(({ input, done }) => (done ? [] : [input])))
        const sources = next.map((input) => inputs[input]!)
        if (next.length > 0 && decoder) {
          rows = await keepOpen(decoder, rows)
          await decoder.admit(sources)
        } else if (next.length > 0) decoder = await Decoder.start(model, runners, sources, options)
        rows.push(...next.map((input): Row => ({ input, ids: [], done: false, drafts: new Drafts(inputs[input]!) })))
      }
      if (decoder === null) return
      const forced = rows.map(({ ids }) => constraints.forced(ids.length))
      // What must come last needs no model.
      const needless = rows.every((row, at) => row.done || (isLast(row) && forced[at] !== null))
      const chosen = needless
        ? forced.map((id) => [id!])
        : await chooseIds({ decoder, head, constraints }, rows, decoding)
      for (const [at, row] of rows.entries()) {
        if (row.done) continue
        row.ids.push(...chosen[at]!)
        row.done = row.ids.length === maxNewTokens || settings.eos.includes(row.ids.at(-1)!)
        if (row.done) yield { input: row.input, ids: row.ids }
      }
      const open = rows.filter(({ done }) => !done).length
      if (open === 0) {
        decoder.release()
        decoder = null
        rows = []
      } else if (open <= rows.length * (1 - shareToLeave)) rows = await keepOpen(decoder, rows)
    }
  } finally {
    decoder?.release()
  }
}

/** The next ids of every row: one, and behind it those drafts that are what the model chooses itself. */
async function chooseIds(
  { decoder, head, constraints }: { decoder: Decoder; head: GreedyHead; constraints: Constraints },
  rows: readonly Row[],
  { inputs, start, maxNewTokens, settings: { eos } }: Decoding
): Promise<number[][]> {
  const tries = decoder.drafts && Drafts.pay(rows.length)
  const drafted = rows.map(({ ids, done, drafts }) =>
    tries && !done ? drafts.propose(ids, maxNewTokens - 1 - ids.length) : []
  )
  const width = 1 + Math.max(...drafted.map(({ length }) => length))
  // Where a row has fewer drafts than another, its last id is read again, for nothing.
  const read = rows.map(({ ids }, row) => {
    const last = ids.at(-1) ?? start
    return Array.from({ length: width }, (_, at) => (at === 0 ? last : (drafted[row]![at - 1] ?? last)))
  })
  const written = rows.flatMap(({ input, ids }, row) =>
    read[row]!.map((_, at) => ({ sequence: [start, ...ids, ...read[row]!.slice(1, at + 1)], source: inputs[input]! }))
  )
  const extra = head.feeds(written)
  const outputs = decoder.drafts ? await decoder.draft(read, extra) : await decoder.step(read.flat(), extra)
  const asked = rows.flatMap(({ ids, done }, row) =>
    [...drafted[row]!.keys(), drafted[row]!.length].flatMap((at) =>
      done || constraints.forced(ids.length + at) !== null ? [] : [row * width + at]
    )
  )
  const likeliest = await head.next(outputs, written, asked)
  const chosen = rows.map(({ ids }, row) => {
    const next: number[] = []
    do next.push(constraints.forced(ids.length + next.length) ?? likeliest[row * width + next.length]!)
    while (next.at(-1) === drafted[row]![next.length - 1] && !eos.includes(next.at(-1)!))
    return next
  })
  if (decoder.drafts) {
    const counts = chosen.map(({ length }) => length)
    decoder.accept(outputs, counts)
  }
  rows.forEach(({ drafts }, row) => drafts.learn(drafted[row]!.length, chosen[row]!.length - 1))
  return chosen
}

/** Those that are done leave the decoder. */
async function keepOpen(decoder: Decoder, rows: readonly Row[]): Promise<Row[]> {
  const open = rows.flatMap(({ done }, at) => (done ? [] : [at]))
  await decoder.selectRows(open)
  await decoder.selectInputs(open)
  return open.map((at) => rows[at]!)
}

/** New ids of each input, all answered side by side. */
export async function decodeGreedily(decoding: Decoding): Promise<number[][]> {
  const answers: number[][] = decoding.inputs.map(() => [])
  for await (const { input, ids } of greedyAnswers(decoding)) answers[input] = ids
  return answers
}
