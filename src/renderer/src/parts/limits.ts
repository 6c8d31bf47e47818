import { type ZodType, ZodDefault, ZodNullable, ZodNumber, ZodOptional, ZodPrefault, ZodString } from 'zod'

interface Limits {
  min?: number
  max?: number
  step?: 'any'
}

/**
 * What a field of the contract allows, as a `NumberField` takes it; whole numbers go up by one.
 *
 * @param more by how much the field shows it larger: 1 where people count from 1 what the contract counts from 0
 */
export function limitsOf(schema: ZodType, more = 0): Limits {
  const inner = unwrapped(schema)
  if (!(inner instanceof ZodNumber)) throw new Error('This field of the contract is no number.')
  const { minValue, maxValue, isInt } = inner
  return {
    ...(minValue !== null && Number.isFinite(minValue) && minValue > Number.MIN_SAFE_INTEGER
      ? { min: minValue + more }
      : {}),
    ...(maxValue !== null && Number.isFinite(maxValue) && maxValue < Number.MAX_SAFE_INTEGER
      ? { max: maxValue + more }
      : {}),
    ...(isInt ? {} : { step: 'any' as const })
  }
}

/** How long a text of the contract may be, as an input takes it. */
export function lengthOf(schema: ZodType): { maxlength?: number } {
  const inner = unwrapped(schema)
  if (!(inner instanceof ZodString)) throw new Error('This field of the contract is no text.')
  return inner.maxLength === null ? {} : { maxlength: inner.maxLength }
}

function unwrapped(schema: ZodType): ZodType {
  const wraps =
    schema instanceof ZodDefault ||
    schema instanceof ZodPrefault ||
    schema instanceof ZodNullable ||
    schema instanceof ZodOptional
  return wraps ? unwrapped(schema.unwrap() as ZodType) : schema
}
