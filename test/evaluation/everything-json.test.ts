import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { columnSchema, comparisonSchema } from '../../src/main/contract/comparison.ts'
import { exampleRowSchema } from '../../src/main/contract/answers.ts'
import { identitySchema, runSchema } from '../../src/main/contract/runs.ts'
import { retrievalQualitySchema } from '../../src/main/contract/retrieval-quality.ts'
import { toJson } from '../../src/main/evaluation/report/json.ts'
import type { AnswerTable, ReportData } from '../../src/main/evaluation/report/report-data.ts'
import { sampleReport } from './sample-report.ts'

/** Parts that are of the contract: every field that they can have, whether the sample has it or not. */
const ofContract: Record<string, z.ZodType> = {
  comparison: comparisonSchema,
  'runs[]': runSchema,
  'runs[].source': columnSchema.shape.source,
  'identities[]': identitySchema,
  'retrieval[].column': columnSchema,
  quality: retrievalQualitySchema,
  'examples[].row': exampleRowSchema
}
/** Objects whose keys are data. */
const byData = new Set([
  'names',
  'runs[].asked',
  'runs[].versions',
  'examples[].row.answers',
  'answers[].runs[].scores'
])
/** Documented in one line, elsewhere in full. */
const elsewhere = ['experiments[].spec.', 'comparison.otherTargets[].', 'retrieval[].column.']

const sample = await sampleReport()
/** Every field of the types has a value here, those that need not be there too. */
const whole: Required<ReportData> = {
  ...sample,
  runs: sample.runs.map((run): Required<ReportData['runs'][number]> => ({
    ...run,
    asked: { t: 'f' },
    source: { id: 'e', name: 'other', modelId: 'm' }
  }))
}
const answers: Required<AnswerTable>[] = [
  {
    targetId: 't',
    target: 'riddles',
    rows: [{ exampleId: 1, sourceItem: 0, input: 'What has keys?', references: ['a piano'] }],
    runs: [{ runId: 'r', column: 'semantic', round: 0, seed: 7, outputs: ['a map'], scores: { em: [0] } }]
  }
]
const written = JSON.parse(toJson(whole, answers)) as { version: number }
const documented = /## Everything \(JSON\)\n(.*?)\n## /s.exec(
  readFileSync(join(import.meta.dirname, '../../docs/formats.md'), 'utf8')
)![1]!

test('every field of Everything (JSON) has its line in docs/formats.md, and every line its field', () => {
  const fields = new Set([
    ...fieldsOf(written, ''),
    ...Object.entries(ofContract).flatMap(([at, part]) => possible(part, at))
  ])
  const named = [...documented.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, field]) => field!)
  expect(named.toSorted()).toEqual(
    [...fields].filter((field) => !elsewhere.some((start) => field.startsWith(start))).toSorted()
  )
})

test('the documented version is the written one', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/formats.md'), 'utf8')
  expect(/`recross-lab-report` \| (\d+) /.exec(text)?.[1]).toBe(String(written.version))
  expect(/^\| `version` +\| number +\| (\d+)\./m.exec(documented)?.[1]).toBe(String(written.version))
})

/** The paths of fields in a value. */
function fieldsOf(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => fieldsOf(one, `${at}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => {
    const path = `${at}${at === '' ? '' : '.'}${byData.has(at) ? '*' : key}`
    return [path, ...fieldsOf(one, path)]
  })
}

interface JsonSchema {
  anyOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
}

/** The paths of all fields that a part of the contract can have. */
function possible(part: z.ZodType, at: string): string[] {
  return inSchema(z.toJSONSchema(part, { io: 'output', unrepresentable: 'any' }) as JsonSchema, at)
}

function inSchema({ anyOf = [], items, properties = {}, additionalProperties }: JsonSchema, at: string): string[] {
  const others = typeof additionalProperties === 'object' ? [['*', additionalProperties] as const] : []
  return [
    ...anyOf.flatMap((one) => inSchema(one, at)),
    ...(items === undefined ? [] : inSchema(items, `${at}[]`)),
    ...[...Object.entries(properties), ...others].flatMap(([key, one]) => [
      `${at}.${key}`,
      ...inSchema(one, `${at}.${key}`)
    ])
  ]
}
