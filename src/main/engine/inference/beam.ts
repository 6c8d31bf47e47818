/**
 * Beam search as Transformers 5 does it (`GenerationMixin._beam_search`): the same candidates, length penalty, ways of stopping
 * early, and single-precision sums. Inputs do not influence each other, so one that is done leaves, and another comes.
 */
import type { GenerationConfig } from '../../models/generation-config.ts'
import { float32, floats, integers } from '../tensors.ts'
import { constraintsOf } from './constraints.ts'
import { Decoder } from './decoder.ts'
import { noLimits, type Decoding } from './decoding.ts'
import { Seats } from './seats.ts'

export interface BeamAnswer {
  /** New ids, the end token included where it came. */
  ids: number[]
  /** Sum of log-probabilities divided by length to the power of the length penalty. */
  score: number
}

interface Candidate {
  beam: number
  id: number
  /** Sum of log-probabilities. */
  score: number
}

interface Finished {
  ids: number[]
  score: number
  /** False for the placeholders that a search begins with. */
  complete: boolean
}

/** The search for one input. */
interface Search {
  input: number
  beams: { ids: number[]; score: number }[]
  /** The best complete answers so far, best first. */
  finished: Finished[]
  improvable: boolean
}

const never = -1e9

/** Answers in the order in which they are done. An input that is done gives its beams to the next. */
export async function* beamAnswers(
  { model, runners, inputs, settings, start, maxNewTokens, limits = noLimits, signal }: Decoding,
  beams: number
): AsyncGenerator<BeamAnswer & { input: number }> {
  const vocabulary = model.config.vocabularySize
  const constraints = constraintsOf(settings, maxNewTokens, vocabulary)
  const { bans, repetitionPenalty } = constraints
  const candidates = Math.min(Math.max(2, 1 + settings.eos.length) * beams, beams * vocabulary)
  const options = { beams, candidates, bans, repetitionPenalty, maxNewTokens }
  const seats = new Seats(
    inputs.map((ids) => ids.length),
    limits
  )
  let decoder: Decoder | null = null
  let open: Search[] = []
  try {
    for (;;) {
      signal?.throwIfAborted()
      if (decoder === null || decoder.admits) {
        const next = seats.take(open.map(({ input }) => input))
        const sources = next.map((input) => inputs[input]!)
        if (next.length > 0 && decoder) await decoder.admit(sources)
        else if (next.length > 0) decoder = await Decoder.start(model, runners, sources, options)
        open.push(...next.map((input) => newSearch(input, beams)))
      }
      if (decoder === null) return
      const forced = open.map((search) => constraints.forced(lengthOf(search)))
      const isLast = open.map((search) => lengthOf(search) === maxNewTokens - 1)
      let found: Candidate[][] = []
      // What must come last needs no model.
      if (!open.every((_, at) => isLast[at] && forced[at] !== null)) {
        const rows = open.flatMap((search) => search.beams)
        const scores = float32(
          Float32Array.from(rows, ({ score }) => score),
          [open.length, beams]
        )
        const written = open.flatMap(({ beams: own, input }) =>
          own.map(({ ids }) => ({ sequence: [start, ...ids], source: inputs[input]! }))
        )
        const outputs = await decoder.step(
          rows.map(({ ids }) => ids.at(-1) ?? start),
          { beam_scores: scores, ...constraints.feeds(written) }
        )
        found = readCandidates(floats(outputs['scores']!), integers(outputs['candidates']!), candidates, vocabulary)
      }
      const sources = open.map((search, at) => {
        const id = forced[at]!
        const best = id === null ? found[at]! : forcedCandidates(search, id)
        return advance(search, best, settings, maxNewTokens)
      })
      const going: number[] = []
      for (const [at, search] of open.entries()) {
        if (!isLast[at] && !isDone(search, settings)) going.push(at)
        else yield { input: search.input, ids: search.finished[0]!.ids, score: search.finished[0]!.score }
      }
      if (going.length === 0) {
        decoder.release()
        decoder = null
        open = []
        continue
      }
      await decoder.selectRows(going.flatMap((at) => sources[at]!.map((beam) => at * beams + beam)))
      if (going.length < open.length) {
        await decoder.selectInputs(going)
        open = going.map((at) => open[at]!)
      }
    }
  } finally {
    decoder?.release()
  }
}

/** The best answer to each input, all answered side by side. */
export async function decodeByBeams(decoding: Decoding, beams: number): Promise<BeamAnswer[]> {
  const answers = new Array<BeamAnswer>(decoding.inputs.length)
  for await (const { input, ids, score } of beamAnswers(decoding, beams)) answers[input] = { ids, score }
  return answers
}

/** Ids that every beam has so far. */
function lengthOf({ beams }: Search): number {
  return beams[0]!.ids.length
}

function newSearch(input: number, beams: number): Search {
  return {
    input,
    // All beams begin alike; only the first may be continued, or all would stay alike.
    beams: Array.from({ length: beams }, (_, beam) => ({ ids: [], score: beam === 0 ? 0 : never })),
    finished: Array.from({ length: beams }, () => ({ ids: [], score: never, complete: false })),
    improvable: true
  }
}

function readCandidates(
  scores: Float32Array,
  places: readonly number[],
  count: number,
  vocabulary: number
): Candidate[][] {
  return Array.from({ length: scores.length / count }, (_, input) =>
    Array.from({ length: count }, (_, rank) => {
      const at = input * count + rank
      return { beam: Math.floor(places[at]! / vocabulary), id: places[at]! % vocabulary, score: scores[at]! }
    })
  )
}

/** A forced id has probability 1 in every beam, all others 0. */
function forcedCandidates(search: Search, id: number): Candidate[] {
  return best(
    search.beams.map(({ score }, beam) => ({ beam, id, score })),
    search.beams.length
  )
}

/**
 * Takes in the candidates of a step, best first.
 * @param maxLength new ids of an answer at most
 * @returns for each beam the one it continues
 */
function advance(
  search: Search,
  candidates: readonly Candidate[],
  settings: GenerationConfig,
  maxLength: number
): number[] {
  const { beams, finished } = search
  // New ids of an answer that ends now.
  const length = lengthOf(search) + 1
  const penalty = length ** settings.lengthPenalty
  const isFull = settings.earlyStopping === true && finished.every(({ complete }) => complete)
  const ends = candidates.map(({ id }) => length === maxLength || settings.eos.includes(id))
  const going = candidates.map((candidate, rank) => ({
    ...candidate,
    score: Math.fround(candidate.score + (ends[rank] ? never : 0))
  }))
  // Only the best few may end; the rest are there so that enough beams go on.
  const complete = candidates.map(({ beam, id, score }, rank): Finished => {
    const counts = ends[rank]! && rank < beams.length
    let final = Math.fround(score / penalty)
    if (isFull) final = Math.fround(final + never)
    if (!search.improvable) final = Math.fround(final + never)
    if (!counts) final = Math.fround(final + never)
    return { ids: [...beams[beam]!.ids, id], score: final, complete: counts }
  })
  search.finished = best([...finished, ...complete], beams.length)
  const next = best(going, beams.length)
  search.beams = next.map(({ beam, id, score }) => ({ ids: [...beams[beam]!.ids, id], score }))
  // How good the best open beam could still become, against the answers there are.
  const hopeful = settings.earlyStopping === 'never' && settings.lengthPenalty > 0 ? maxLength : length
  const possible = Math.fround(search.beams[0]!.score / hopeful ** settings.lengthPenalty)
  const worst = search.finished.reduce((least, { score }) => Math.min(least, score), Infinity)
  const beatable = search.finished.some((answer) => possible > (answer.complete ? worst : never))
  search.improvable &&= beatable
  return next.map(({ beam }) => beam)
}

function isDone(search: Search, settings: GenerationConfig): boolean {
  if (!search.improvable) return true
  return settings.earlyStopping === true && search.finished.every(({ complete }) => complete)
}

/** The highest scores, highest first; the earlier of two that are equal comes first. */
function best<T extends { score: number }>(items: readonly T[], count: number): T[] {
  return [...items].sort((a, b) => b.score - a.score).slice(0, count)
}
