import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contract } from '../../src/main/contract/routes.ts'

/**
 * There is one word for "nothing there". A text that may be missing is null (or left out) then, and an empty one that older files or
 * clients send is read as that; whatever else takes an empty text has a reason here.
 */
const root = join(import.meta.dirname, '../../src/main/contract')

/** Texts that may be missing, and whose empty text is something else than nothing. */
const emptyIsNotMissing: Readonly<Record<string, string>> = {
  escape:
    'a closed list of characters, in which the empty one says that no character escapes; left out: told from the file',
  input: 'any JSON: what a job is given',
  licence: 'words of its source as they are, kept with jobs that have ended',
  output: 'any JSON: what a job gave',
  prefix: 'is put in front as it is; a study that says it is empty does not mean a model whose prefix is another',
  quote:
    'a closed list of characters, in which the empty one says that nothing is quoted; left out: told from the file',
  source: 'words for a sentence, which need not be there',
  split: "the hub's files that no split is named for; null: one is chosen",
  text: 'what is searched for, or what a form made of itself',
  value: "any JSON: a setting's value"
}

const thing = 'names a thing: nothing is called so, and the answer says that there is none'

/** Texts that a client must send, and that may be empty. */
const emptyMayBeSent: Readonly<Record<string, string>> = {
  ...{ against: thing, base: thing, baseId: thing, binId: thing, column: thing, datasetId: thing, experimentId: thing },
  ...{ fingerprint: thing, id: thing, indexId: thing, jobId: thing, model: thing, modelId: thing, querySetId: thing },
  ...{ runId: thing, targetId: thing },
  ...{ file: 'a path, which is looked for', folder: 'a path, which is looked for' },
  name: 'a name that is checked where it is used: of an uploaded file, or of a target, which has that of its data then',
  repo: 'an address, which is looked for',
  server: 'an address, which is looked for',
  text: 'a text like any other'
}

interface Text {
  where: string
  name: string
  schema: z.ZodType
}

const modules = await Promise.all(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map(async (path) => [path, (await import(join(root, path))) as Record<string, unknown>] as const)
)
const inputs = Object.entries(contract).flatMap(([area, routes]) =>
  Object.entries<{ '~orpc': { inputSchema?: unknown } }>(routes).flatMap(([name, route]) => {
    const schema = route['~orpc'].inputSchema
    return schema instanceof z.ZodType ? fieldsOf(schema, `${area}.${name}`) : []
  })
)

describe('an empty text', () => {
  const fields = modules.flatMap(([path, exported]) => fieldsIn(exported, path))

  test('is looked for in all schemas', () => {
    expect(fields.length).toBeGreaterThan(1500)
    expect(inputs.length).toBeGreaterThan(400)
  })

  test('of a field that may be missing is read as missing', () => {
    const kept = [...fields, ...inputs].filter(({ schema }) => takesEmpty(schema) && mayBeMissing(schema))
    expectReasons(kept, emptyIsNotMissing, 'Make it textOrNone or textIfAny (contract/text-or-none.ts)')
  })

  test('of a field that must be sent is refused, or has a reason', () => {
    const sent = inputs.filter(({ schema }) => takesEmpty(schema) && !mayBeMissing(schema))
    expectReasons(sent, emptyMayBeSent, 'Make it min(1), or textOrNone')
  })

  test('is seen where it slips through', () => {
    const sample = z.object({ a: z.string().nullable(), b: z.array(z.object({ c: z.string().optional() })) })
    const found = fieldsOf(sample, 'sample').filter(({ schema }) => takesEmpty(schema) && mayBeMissing(schema))
    expect(found.map(({ where }) => where)).toEqual(['sample.a', 'sample.b.c'])
  })
})

function expectReasons(found: readonly Text[], reasons: Readonly<Record<string, string>>, what: string): void {
  const open = found.filter(({ name }) => !(name in reasons)).map(({ where }) => where)
  expect(open, `${what}, or say here why an empty text is something.`).toEqual([])
  const named = new Set(found.map(({ name }) => name))
  expect(Object.keys(reasons).filter((name) => !named.has(name))).toEqual([])
}

function takesEmpty(schema: z.ZodType): boolean {
  const read = schema.safeParse('')
  return read.success && read.data === ''
}

function mayBeMissing(schema: z.ZodType): boolean {
  return schema.safeParse(null).success || schema.safeParse(undefined).success
}

/** Fields of all schemas that stand somewhere in what a module exports. */
function fieldsIn(value: unknown, where: string): Text[] {
  if (value instanceof z.ZodType) return fieldsOf(value, where)
  if (typeof value !== 'object' || value === null || '~orpc' in value) return []
  return Object.entries(value).flatMap(([name, inner]) => fieldsIn(inner, `${where} ${name}`))
}

function fieldsOf(schema: z.ZodType, where: string): Text[] {
  if (schema instanceof z.ZodObject)
    return Object.entries<z.ZodType>(schema.shape).flatMap(([name, field]) => [
      { where: `${where}.${name}`, name, schema: field },
      ...fieldsOf(field, `${where}.${name}`)
    ])
  return partsOf(schema).flatMap((part) => fieldsOf(part, where))
}

function partsOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType]
  if (schema instanceof z.ZodUnion) return [...(schema.options as z.ZodType[])]
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType]
  if (schema instanceof z.ZodPipe) return [schema.in as z.ZodType, schema.out as z.ZodType]
  if (schema instanceof z.ZodIntersection) return [schema.def.left as z.ZodType, schema.def.right as z.ZodType]
  if (schema instanceof z.ZodTuple) return [...(schema.def.items as z.ZodType[])]
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return [schema.unwrap() as z.ZodType]
  return []
}
