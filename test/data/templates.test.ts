import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseTemplate } from '../../src/main/data/templates/parse.ts'
import { render } from '../../src/main/data/templates/run-template.ts'
import { TemplateError, type Value } from '../../src/main/data/templates/values.ts'

/** Python's json: 5 is an int, 5.0 a float. */
function pythonValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map(pythonValue)
  if (typeof value === 'object' && value !== null)
    return new Map(Object.entries(value).map(([key, item]) => [key, pythonValue(item)]))
  return value as Value
}

const golden = gunzipSync(readFileSync(join(import.meta.dirname, '../oracle/golden/templates.json.gz'))).toString()
const reviver = (_: string, value: unknown, { source = '' }: { source?: string } = {}): unknown =>
  typeof value === 'number' && !/[.e]/i.test(source) ? BigInt(source) : value
const cases = JSON.parse(golden, reviver) as [string, object, string | null][]

function rendered(template: string, row: object): string | null {
  try {
    return render(parseTemplate(template), pythonValue(row) as Map<string, Value>, () => 0)
  } catch (thrown) {
    if (thrown instanceof TemplateError) return null
    throw thrown
  }
}

test('5,000 generated templates give what jinja2 gives', () => {
  expect(cases.length).toBeGreaterThanOrEqual(5000)
  const wrong = cases.flatMap(([template, row, made]) => {
    const own = rendered(template, row)
    return own === made ? [] : [{ template, row, own, made }]
  })
  expect(wrong.slice(0, 5)).toEqual([])
  expect(wrong).toHaveLength(0)
})
