import { z } from 'zod'
import { textIfAny } from '../text-or-none.ts'
import { embeddedOver } from '../embedded-over.ts'
import { representationNames } from '../strategies.ts'

/**
 * Jobs: what workers do. One row per kind with the schema of its input and output; the same input schema checks the
 * wizard's form. Paths are absolute; a worker writes only into the folder that it is given.
 */

export const encoderRef = z.object({
  /** Id of the model. */
  modelId: z.string(),
  /** Absolute path of its folder. */
  folder: z.string(),
  /** What is made of its states. */
  representation: z.enum(representationNames),
  /** Put before every text; empty: nothing. */
  prefix: z.string().default(''),
  /** What its vectors are made of. */
  over: z.enum(embeddedOver).default('input')
})

export const indexRef = z.object({
  /** Id of the index. */
  indexId: z.string(),
  /** Absolute path of its folder. */
  folder: z.string(),
  /** The model that it was made with. */
  encoder: encoderRef,
  /** How it was searched when this was planned; left out: as it is. What finds it searched otherwise is refused. */
  search: textIfAny
})
/** A model by its id and its folder. */
export const modelRef = z.object({
  /** Id of the model. */
  modelId: z.string(),
  /** Absolute path of its folder. */
  folder: z.string()
})
/** The indices that a strategy searches: at most one of each kind. */
export const indexRefs = z.array(indexRef)

/** A file that a job has written. */
export const writtenFileSchema = z.object({
  /** Where it lies. */
  path: z.string(),
  /** Size in bytes. */
  bytes: z.int(),
  /** SHA-256 of the content, in hexadecimal digits. */
  sha256: z.string()
})
