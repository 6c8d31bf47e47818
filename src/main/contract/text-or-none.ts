import { z } from 'zod'
import { noneIfEmpty } from './none-if-empty.ts'

/**
 * A text, or null for none. Earlier versions, and what people leave empty, say '' for none: it is read as null. It ends in a pipe, so that
 * a JSON Schema made of it still says "a text or null".
 */
export const textOrNone = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : noneIfEmpty(text)))
  .pipe(z.string().nullable())

/** The same of a text that is left out where there is none. */
export const textIfAny = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text))
  .pipe(z.string().optional())
  .optional()
