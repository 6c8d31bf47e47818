/**
 * Files of a model folder are read with closed eyes for nothing: each field is followed, refused by name, or on a list of those
 * that are known to change no number. Whatever is none of these is said aloud.
 */
import { basename } from 'node:path'
import { LabError } from '../contract/error.ts'

/** Sentences about what a model folder asks for and the lab does not do, or does otherwise; shown when it is installed and run. */
export type Notes = string[]

/** A field that the lab cannot follow. */
export interface Refusal {
  field: string
  /** Whether a value changes nothing. */
  neutral: (value: unknown) => boolean
  /** Ends the sentence "…, which asks for". */
  asks: string
  /** Not worth a refusal: it is only said. */
  onlyNoted?: boolean
}

export interface KnownFields {
  followed: readonly string[]
  harmless: readonly string[]
  refused?: readonly Refusal[]
}

/**
 * Looks at every field of a file.
 * @throws LabError `model-setting-unsupported` naming the file, the field and its value
 */
export function checkFields(file: string, content: unknown, known: KnownFields, notes: Notes): void {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return
  const quiet = new Set([...known.followed, ...known.harmless])
  const refusals = new Map((known.refused ?? []).map((refusal) => [refusal.field, refusal]))
  for (const [field, value] of Object.entries(content)) {
    if (saysNothing(value)) continue
    const refusal = refusals.get(field)
    if (refusal && !refusal.neutral(value)) {
      if (!refusal.onlyNoted) throw unsupported(file, field, value, refusal.asks)
      notes.push(
        `${basename(file)}: the field "${field}" (${shown(value)}) asks for ${refusal.asks}; the lab does not do that.`
      )
    }
    if (refusal || quiet.has(field) || field.startsWith('_')) continue
    notes.push(
      `${basename(file)}: the field "${field}" (${shown(value)}) is not known to the lab, which goes on without it.`
    )
  }
}

export function unsupported(file: string, field: string, value: unknown, asks: string): LabError {
  return new LabError(
    'model-setting-unsupported',
    `${file}: the field "${field}" is ${shown(value)}, which asks for ${asks}. The lab does not do that, and without it the ` +
      'model would give other results. Choose another model, or take the field out if it is not meant.',
    { details: { file, field } }
  )
}

/** As good as not there. */
function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** Neutral values, for tables of refusals. */
export const only =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value)
