import type { GenerationConfig } from '../../models/generation-config.ts'
import type { InferenceModel, Runners } from './model.ts'
import type { SeatLimits } from './seats.ts'

/** What is decoded, and how: carried as one through everything that writes answers. */
export interface Decoding {
  model: InferenceModel
  runners: Runners
  /** Ids of each input. */
  inputs: readonly (readonly number[])[]
  settings: GenerationConfig
  /** Id that every answer begins with; it is no part of the answer. */
  start: number
  /** New ids of an answer at most. */
  maxNewTokens: number
  /** How much is decoded side by side; left out: everything. */
  limits?: SeatLimits
  signal?: AbortSignal | undefined
}

/** Everything side by side. */
export const noLimits: SeatLimits = { tokens: Infinity, rows: Infinity }
