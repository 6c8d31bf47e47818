/** Greedy decoding: the likeliest id at every step. Inputs whose answers are done give their place to others. */
import type { GenerationConfig } from '../../models/generation-config.ts'
import { integers } from '../tensors.ts'
import { constraintsOf } from './constraints.ts'
import { Decoder } from './decoder.ts'
import type { InferenceModel, Runners } from './model.ts'
import { Seats, type SeatLimits } from './seats.ts'

/** Rows leave the batch when this share of it has finished: moving the others costs about as much as a step saves. */
const shareToLeave = 0.25

/** An answer that is being written, or was. */
interface Row {
  input: number
  ids: number[]
  done: boolean
}

export interface GreedyAnswer {
  input: number
  /** New ids, the end token included where it came. */
  ids: number[]
}

/** Answers in the order in which they are done. */
export async function* greedyAnswers(
  model: InferenceModel,
  runners: Runners,
  inputs: readonly (readonly number[])[],
  settings: GenerationConfig,
  start: number,
  maxNewTokens: number,
  limits: SeatLimits,
  signal?: AbortSignal
): AsyncGenerator<GreedyAnswer> {
  const constraints = constraintsOf(settings, maxNewTokens, model.config.vocabularySize)
  const { bans, repetitionPenalty } = constraints
  const options = { beams: 1, bans, repetitionPenalty, maxNewTokens }
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
        rows.push(...next.map((input): Row => ({ input, ids: [], done: false })))
      }
      if (decoder === null) return
      const forced = rows.map(({ ids }) => constraints.forced(ids.length))
      let chosen: readonly (number | null)[] = forced
      // What must come last needs no model.
      if (!rows.every((row, at) => row.done || (isLast(row) && forced[at] !== null))) {
        const last = rows.map(({ ids }) => ids.at(-1) ?? start)
        const written = rows.map(({ input, ids }) => ({ sequence: [start, ...ids], source: inputs[input]! }))
        const outputs = await decoder.step(last, constraints.feeds(written))
        const likeliest = integers(outputs['next']!)
        chosen = forced.map((id, at) => id ?? likeliest[at]!)
      }
      for (const [at, row] of rows.entries()) {
        if (row.done) continue
        const ends = isLast(row) || settings.eos.includes(chosen[at]!)
        row.ids.push(chosen[at]!)
        row.done = ends
        if (ends) yield { input: row.input, ids: row.ids }
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

/** Those that are done leave the decoder. */
async function keepOpen(decoder: Decoder, rows: readonly Row[]): Promise<Row[]> {
  const open = rows.flatMap(({ done }, at) => (done ? [] : [at]))
  await decoder.selectRows(open)
  await decoder.selectInputs(open)
  return open.map((at) => rows[at]!)
}

/** New ids of each input, all answered side by side. */
export async function decodeGreedily(
  model: InferenceModel,
  runners: Runners,
  inputs: readonly (readonly number[])[],
  settings: GenerationConfig,
  start: number,
  maxNewTokens: number,
  signal?: AbortSignal
): Promise<number[][]> {
  const answers: number[][] = inputs.map(() => [])
  const all = { tokens: Infinity, rows: Infinity }
  const done = greedyAnswers(model, runners, inputs, settings, start, maxNewTokens, all, signal)
  for await (const { input, ids } of done) answers[input] = ids
  return answers
}
