import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { columnMappingSchema } from '../../src/main/contract/import.ts'
import { givenAnswerSchema } from '../../src/main/contract/tuned-models.ts'

/**
 * The contract is what a newcomer reads first: each of its fields has its sentence. One that holds a number says what it counts or
 * in which unit it is, and where the schema has a range, the sentence says the same one.
 */
const root = join(import.meta.dirname, '../../src/main/contract')

interface Field {
  where: string
  name: string
  /** Its comment's text; null: it has none. */
  sentence: string | null
  number: boolean
  /** As it must stand in the sentence; empty: the schema has none. */
  range: string
  /** It is a text that stands for nothing where it is empty. */
  emptyText: boolean
}

/** Fields whose empty text is a text like any other, or is hashed by files that others have. */
const emptyIsSomething: Readonly<Record<string, string>> = {
  prefix:
    'is put in front as it is, and an empty one is a text in front of a text; fingerprints of models, indices and runs hash it',
  text: 'what is searched for, as it is typed: every row has the empty text in it',
  template: 'sealed data sets keep it and hash it',
  group: 'sealed data sets keep it and hash it',
  sourceId: 'sealed data sets keep it and hash it'
}

const fields = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => fieldsOf(readFileSync(join(root, path), 'utf8'), relative(process.cwd(), join(root, path))))

/** A unit, or a word that says what is counted. */
const units = new RegExp(
  [
    String.raw`\b(seconds?|milliseconds|minutes|days|bytes|megabytes|points|nats|tokens?|characters|threads|cores|share|p-value|score|seeds?)\b`,
    String.raw`\b(how (many|much|often)|without a unit|in no unit|own unit|in the unit|number|numbers|count|place|standard deviation)\b`,
    String.raw`\b(steps|rows|queries|vectors|pairs|rounds|sets|examples|candidates|epochs|checks|tests|columns|pixels)\b`,
    String.raw`\bfrom [01]\b|\d…\d|\b0\.\d|^0 |^1 |\bKendall's τ|\bF1\b|\bAUC\b`
  ].join('|'),
  'i'
)

describe('fields of the contract', () => {
  test('are found, in interfaces, types and schemas', () => {
    expect(fields.length).toBeGreaterThan(1800)
    expect(fields.filter(({ range }) => range !== '').length).toBeGreaterThan(100)
  })

  test('have a sentence each', () => {
    expect(fields.filter(({ sentence }) => sentence === null).map(said)).toEqual([])
  })

  test('have sentences that are some: with words, from a beginning to a full stop', () => {
    const poor = fields.filter(({ sentence }) => sentence !== null && !/^\S.*[\s\S]*[.:?)]$/.test(sentence))
    const short = fields.filter(({ sentence }) => sentence !== null && sentence.split(/\s+/).length < 2)
    expect([...poor, ...short].map(said)).toEqual([])
  })

  test('that are numbers say in what', () => {
    const open = fields.filter(({ number, sentence }) => number && sentence !== null && !units.test(sentence))
    expect(open.map(said)).toEqual([])
  })

  test('say the range that their schema has', () => {
    const other = fields.filter(({ range, sentence }) => range !== '' && sentence?.includes(range) !== true)
    expect(other.map((field) => `${said(field)} must say "${field.range}"`)).toEqual([])
  })

  test('that may be without a text are null then, and not empty', () => {
    const kept = new Set(Object.keys(emptyIsSomething))
    const empty = fields.filter(({ emptyText, name }) => emptyText && !kept.has(name))
    expect(empty.map(said), 'Make it nullable; noneIfEmpty() takes what people leave empty.').toEqual([])
    const named = new Set(fields.filter(({ emptyText }) => emptyText).map(({ name }) => name))
    expect([...kept].filter((name) => !named.has(name))).toEqual([])
  })

  test('that earlier versions have kept empty are read as none', () => {
    expect(columnMappingSchema.parse({ input: 'text', output: '' }).output).toBeNull()
    const answer = { question: 'Why?', answer: 'So.', certainty: null }
    expect(givenAnswerSchema.parse({ id: '', ...answer }).id).toBeNull()
    expect(givenAnswerSchema.parse({ id: 'q-1', ...answer }).id).toBe('q-1')
  })

  test('the checks see what is wanting', () => {
    const sample = [
      'interface A { a: number',
      '/** Bytes of it. */ b: number }',
      'const s = z.object({ c: z.int().min(1).max(9),',
      "/** Steps. 1 to 8. */ d: z.int().min(1).max(9), e: z.literal('x') })",
      "z.object({\n/** Its node; empty: none. */ f: z.string(),\n/** Its node. */ g: z.string().default('') })"
    ].join('\n')
    const found = fieldsOf(sample, 'sample.ts')
    expect(found.map(({ name, sentence, range }) => [name, sentence, range])).toEqual([
      ['a', null, ''],
      ['b', 'Bytes of it.', ''],
      ['c', null, '1 to 9.'],
      ['d', 'Steps. 1 to 8.', '1 to 9.'],
      ['f', 'Its node; empty: none.', ''],
      ['g', 'Its node.', '']
    ])
    expect(found.map(({ emptyText }) => emptyText)).toEqual([false, false, false, false, true, true])
    expect(units.test('The one that it is.')).toBe(false)
  })
})

function said({ where, name, sentence }: Field): string {
  return `${where} ${name}: ${sentence ?? '(nothing)'}`
}

function fieldsOf(text: string, file: string): Field[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const constants = new Map<string, ts.Expression>()
  for (const statement of source.statements)
    if (ts.isVariableStatement(statement))
      for (const { name, initializer } of statement.declarationList.declarations)
        if (ts.isIdentifier(name) && initializer !== undefined) constants.set(name.text, initializer)
  const found: Field[] = []
  const visit = (node: ts.Node): void => {
    const schema = ts.isPropertyAssignment(node) && isSchemaField(node) ? node.initializer : null
    const isType = ts.isPropertySignature(node) || ts.isMethodSignature(node)
    if ((schema !== null || isType) && !isDiscriminator(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      const name = (node as ts.PropertySignature | ts.PropertyAssignment).name.getText()
      const calls = schema === null ? [] : chain(schema, constants)
      const typed = isType && ts.isPropertySignature(node) ? (node.type?.getText() ?? '') : ''
      const number = ['int', 'number'].includes(calls[0]?.name ?? '') || /^number\b/.test(typed)
      const sentence = sentenceOf(node)
      const optional = calls.some((call) => ['nullable', 'optional'].includes(call.name))
      const saysEmpty = /(^|; |, )empty\b/i.test(sentence ?? '')
      const emptyDefault = schema?.getText().includes(".default('')") === true
      const emptyText = (calls[0]?.name === 'string' && saysEmpty && !optional) || emptyDefault
      found.push({
        ...{ where: `${file}:${line + 1}`, name, sentence, number },
        ...{ range: rangeOf(calls), emptyText }
      })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** A property of what z.object, z.strictObject or .extend is given. */
function isSchemaField(node: ts.PropertyAssignment): boolean {
  let object: ts.Node = node.parent
  while (ts.isSatisfiesExpression(object.parent) || ts.isAsExpression(object.parent)) object = object.parent
  const call = object.parent
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    ['object', 'strictObject', 'looseObject', 'extend', 'safeExtend'].includes(call.expression.name.text)
  )
}

/** What tells the members of a union apart says all with its value. */
function isDiscriminator(node: ts.Node): boolean {
  if (ts.isPropertyAssignment(node)) return node.initializer.getText().startsWith("z.literal('")
  return ts.isPropertySignature(node) && /^'[^']*'( \| '[^']*')*$/.test(node.type?.getText() ?? '')
}

function sentenceOf(node: ts.Node): string | null {
  const comment = ts.getJSDocCommentsAndTags(node).at(-1)
  if (comment === undefined) return null
  const text = comment
    .getText()
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
  return text.replaceAll(/\s+/g, ' ').trim()
}

interface Call {
  name: string
  value: number | null
}

/** The calls that make a schema, the innermost first: `z.int().min(1)` is int, min 1. */
function chain(expression: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): Call[] {
  if (ts.isIdentifier(expression)) {
    const known = constants.get(expression.text)
    return known === undefined ? [] : chain(known, new Map())
  }
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return []
  const [first] = expression.arguments
  const text = first?.getText().replaceAll('_', '') ?? ''
  const value = /^-?\d/.test(text) ? Number(text) : null
  return [...chain(expression.expression.expression, constants), { name: expression.expression.name.text, value }]
}

/** The range in the one form in which sentences end with it. */
function rangeOf([base, ...calls]: readonly Call[]): string {
  const given = (name: string) => calls.findLast((call) => call.name === name)
  const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 10 })
  const whole = base?.name === 'int'
  const above = given('gt')?.value ?? (given('positive') && !whole ? 0 : null)
  const least = given('min')?.value ?? (given('positive') && whole ? 1 : given('nonnegative') ? 0 : null)
  const most = given('max')?.value ?? null
  switch (base?.name) {
    case 'int':
    case 'number':
      if (above !== null)
        return most === null ? `Above ${number(above)}.` : `Above ${number(above)}, at most ${number(most)}.`
      if (least !== null && most !== null) return `${number(least)} to ${number(most)}.`
      if (least !== null) return least === 0 ? '0 or more.' : `At least ${number(least)}.`
      return most === null ? '' : `At most ${number(most)}.`
    case 'array':
      if (least !== null && most !== null) return `${number(least)} to ${number(most)}.`
      if (least !== null) return least === 1 ? 'At least one.' : `At least ${number(least)}.`
      return most === null ? '' : `At most ${number(most)}.`
    case 'string':
      if (least !== null && most !== null) return `Not empty, at most ${number(most)} characters.`
      if (least !== null) return 'Not empty.'
      return most === null ? '' : `At most ${number(most)} characters.`
    default:
      return ''
  }
}
