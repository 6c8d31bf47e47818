import { type ZodType, ZodDefault, ZodNullable, ZodNumber, ZodOptional, ZodPrefault } from 'zod'

interface Limits {
  min?: number
  max?: number
  step?: 'any'
}

/** What a field of the contract allows, as a `NumberField` takes it; whole numbers go up by one. */
export function limitsOf(schema: ZodType): Limits {
  const inner = unwrapped(schema)
  if (!(inner instanceof ZodNumber)) throw new Error('This field of the contract is no number.')
  const { minValue, maxValue, isInt } = inner
  return {
    ...(minValue !== null && Number.isFinite(minValue) && minValue > Number.MIN_SAFE_INTEGER ? { min: minValue } : {}),
    ...(maxValue !== null && Number.isFinite(maxValue) && maxValue < Number.MAX_SAFE_INTEGER ? { max: maxValue } : {}),
    ...(isInt ? {} : { step: 'any' as const })
  }
}

function unwrapped(schema: ZodType): ZodType {
  const wraps =
    schema instanceof ZodDefault ||
    schema instanceof ZodPrefault ||
    schema instanceof ZodNullable ||
    schema instanceof ZodOptional
  return wraps ? unwrapped(schema.unwrap() as ZodType) : schema
}
