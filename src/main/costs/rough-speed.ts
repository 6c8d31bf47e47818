import { LabError } from '../contract/error.ts'

/** Multiplications and additions per second that one core does in matrix products, at the least of what was seen. */
const coreRate = 15e9
const charactersPerToken = 4
/** A step reads forward once and backward twice as long. */
const trainingPasses = 3
/** Weights, gradients and two moments of 4 bytes each. */
const trainingBytesPerParameter = 16

export interface RoughFacts {
  parameters: number
  /** Of the encoder; 0 where there is none. */
  encoderParameters: number
  /** 0: there is none. */
  rerankerParameters?: number
  texts: readonly { input: string; output: string }[]
  cores: number
}

/**
 * What can be said without measuring, from the size of the model alone: right within a factor of three or so, and better than
 * no plan at all while a job computes for hours.
 */
export function roughSpeed({ parameters, encoderParameters, rerankerParameters = 0, texts, cores }: RoughFacts) {
  const characters = texts.reduce((sum, { input, output }) => sum + input.length + output.length, 0)
  const tokens = Math.max(8, characters / charactersPerToken / Math.max(1, texts.length))
  const secondsFor = (size: number) => (2 * size * tokens) / (coreRate * cores)
  return {
    tuneSecondsPerExample: trainingPasses * secondsFor(parameters),
    evaluateSecondsPerExample: secondsFor(parameters),
    embedSecondsPerExample: secondsFor(encoderParameters || parameters),
    // A pair is about twice as long as a text.
    rerankSecondsPerPair: 2 * secondsFor(rerankerParameters),
    startSeconds: 5,
    peakBytes: parameters * trainingBytesPerParameter
  }
}

/** The measurement, or where a job computes what can be said without one. */
export function orRough<T>(measured: Promise<T>, rough: () => T): Promise<T> {
  return measured.catch((error: unknown) => {
    if (isBusy(error)) return rough()
    throw error
  })
}

export function isBusy(thrown: unknown): boolean {
  return thrown instanceof LabError && thrown.code === 'machine-busy'
}

export const roughWarning =
  'The times are rough: they could not be measured, because a job computes on this machine. Plan again when it is done for better ones.'
