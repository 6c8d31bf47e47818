import { z } from 'zod'
import { textIfAny } from './text-or-none.ts'
import { metricSchema } from './data.ts'
import { experimentSpecSchema, presetSchema } from './experiments.ts'
import { modelRoleNames } from './strategies.ts'

/**
 * A study file: an experiment as a person writes it down and carries it to another computer. Things are called by name and,
 * where the numbers shall be the same, by the hash of their content; every setting that is left out is the preset's.
 */

/** Raised when a file of before means something else or is refused. */
export const studyVersion = 1

const hash = z.string().regex(/^[0-9a-f]{16,64}$/, 'expected a hash: 16 to 64 of the digits 0–9 and a–f')
const name = z.string().min(1)

/** A name or id; or a name with the hash of what it names. */
const studyModelSchema = z.union([
  name,
  z.strictObject({
    name,
    /** Hash of its weights, configuration and tokenizer; left out: any model of that name. */
    hash: hash.optional(),
    /** Put before its inputs and outputs; empty: nothing is; left out: as the lab knows it. */
    prefix: z.string().optional()
  })
])
const studyDataSchema = z.union([
  name,
  z.strictObject({
    name,
    /** Hash of its content; left out: any data of that name. */
    hash: hash.optional()
  })
])
const studyTargetSchema = z.union([
  name,
  z.strictObject({
    name,
    /** Hash of its content; left out: any target of that name. */
    hash: hash.optional(),
    /** How its answers are scored; left out: as the lab has it. At least one. */
    metrics: z.array(metricSchema).min(1).optional(),
    /** How answers are found; left out: as the lab has it. */
    answerBy: z.enum(['generation', 'choices']).optional(),
    /** One hash per query set that the study uses, in the order of the rounds. */
    querySets: z.array(hash).optional()
  })
])
export type StudyModel = z.infer<typeof studyModelSchema>
export type StudyData = z.infer<typeof studyDataSchema>
export type StudyTarget = z.infer<typeof studyTargetSchema>

const { name: _name, models: _models, datasetId: _data, targetIds: _targets, ...settings } = experimentSpecSchema.shape
type StudySettings = Omit<z.infer<typeof experimentSpecSchema>, 'name' | 'models' | 'datasetId' | 'targetIds'>

export const studySchema = z.strictObject({
  /** Address of this form, for editors. */
  $schema: textIfAny,
  /** Version of this file's form. */
  study: z.literal(studyVersion, `expected ${studyVersion}: the version of this file's form`).optional(),
  /** What the experiment is called. Not empty. */
  name: name.optional(),
  /** Where the settings that are left out come from. */
  preset: presetSchema.optional(),
  /** The models, by the part that they play; null: none. */
  models: z
    .strictObject(Object.fromEntries(modelRoleNames.map((role) => [role, studyModelSchema.nullable().optional()])))
    .optional(),
  /** The upstream data. */
  data: studyDataSchema.optional(),
  /** The targets. At least one. */
  targets: z.array(studyTargetSchema).min(1).optional(),
  ...(Object.fromEntries(
    Object.entries(settings).map(([key, schema]) => [key, strict(schema, true).optional()])
  ) as Record<keyof typeof settings, z.ZodOptional<z.ZodType>>),
  /** Several experiments from one file: a setting's path with the values that it shall have, in every combination. */
  vary: z.record(z.string(), z.array(z.json()).min(1).max(100)).optional()
})
export type Study = Omit<z.infer<typeof studySchema>, keyof StudySettings> & {
  [K in keyof StudySettings]?: StudySettings[K] extends readonly unknown[]
    ? StudySettings[K]
    : StudySettings[K] extends object
      ? Partial<StudySettings[K]>
      : StudySettings[K]
}

/** The form of study files for editors and for other programs (JSON Schema 2020-12). */
export function studyJsonSchema(): Record<string, unknown> {
  return {
    ...(z.toJSONSchema(studySchema, { io: 'input' }) as Record<string, unknown>),
    title: 'ReCross Lab study',
    description: 'An experiment: data, models, targets, strategies and settings. What is left out is the preset’s.'
  }
}

/** The same form, with unknown keys refused; at the top of a setting nothing is filled in, as the preset does that. */
function strict(schema: z.ZodType, top: boolean): z.ZodType {
  if (schema instanceof z.ZodPrefault) return strict(schema.unwrap() as z.ZodType, top)
  if (schema instanceof z.ZodDefault) {
    const inner = strict(schema.unwrap() as z.ZodType, top)
    return top ? inner : inner.default(schema.def.defaultValue ?? null)
  }
  if (schema instanceof z.ZodNullable) return strict(schema.unwrap() as z.ZodType, false).nullable()
  if (schema instanceof z.ZodArray) return copyChecks(schema, z.array(strict(schema.element as z.ZodType, false)))
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries<z.ZodType>(schema.shape)
    return z.strictObject(
      Object.fromEntries(shape.map(([key, one]) => [key, top ? strict(one, true).optional() : strict(one, false)]))
    )
  }
  return schema
}

/** Limits of a list's length. */
function copyChecks(from: z.ZodArray, to: z.ZodArray): z.ZodArray {
  return from.def.checks === undefined ? to : to.check(...(from.def.checks as z.core.$ZodCheck<unknown[]>[]))
}
