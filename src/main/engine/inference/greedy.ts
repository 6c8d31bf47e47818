/** Greedy decoding: the likeliest id at every step. */
import type { GenerationConfig } from '../../models/generation-config.ts'
import { integers } from '../tensors.ts'
import { constraintsOf } from './constraints.ts'
import { Decoder } from './decoder.ts'
import type { InferenceModel, Runners } from './model.ts'

/** Rows leave the batch when this share of it has finished: moving the others costs about as much as a step saves. */
const shareToLeave = 0.25

/** New ids of each input, the end token included where it came. */
export async function decodeGreedily(
  model: InferenceModel,
  runners: Runners,
  inputs: readonly (readonly number[])[],
  settings: GenerationConfig,
  start: number,
  maxNewTokens: number,
  signal?: AbortSignal
): Promise<number[][]> {
  const constraints = constraintsOf(settings, maxNewTokens, model.config.vocabularySize)
  const { bans, repetitionPenalty } = constraints
  const decoder = await Decoder.start(model, runners, inputs, { beams: 1, bans, repetitionPenalty, maxNewTokens })
  try {
    const answers: number[][] = inputs.map(() => [])
    /** Inputs that the decoder's rows belong to, and which of them are still being written. */
    let rows = inputs.map((_, input) => input)
    const finished = new Set<number>()
    for (let step = 0; step < maxNewTokens; step++) {
      signal?.throwIfAborted()
      const forced = constraints.forced(step)
      const isLast = step === maxNewTokens - 1
      let next: number[]
      if (forced !== null && isLast) next = rows.map(() => forced)
      else {
        const last = rows.map((input) => answers[input]!.at(-1) ?? start)
        const written = rows.map((input) => ({ sequence: [start, ...answers[input]!], source: inputs[input]! }))
        const outputs = await decoder.step(last, constraints.feeds(written))
        next = forced === null ? integers(outputs['next']!) : rows.map(() => forced)
      }
      rows.forEach((input, row) => {
        if (finished.has(input)) return
        answers[input]!.push(next[row]!)
        if (settings.eos.includes(next[row]!)) finished.add(input)
      })
      const open = rows.flatMap((input, row) => (finished.has(input) ? [] : [row]))
      if (open.length === 0) break
      if (open.length <= rows.length * (1 - shareToLeave) && !isLast) {
        await decoder.selectRows(open)
        await decoder.selectInputs(open)
        rows = open.map((row) => rows[row]!)
      }
    }
    return answers
  } finally {
    decoder.release()
  }
}
