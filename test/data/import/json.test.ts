import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueAt } from '../../../src/main/data/import/column-path.ts'
import { parseJson } from '../../../src/main/data/import/json-text.ts'
import { literalOf } from '../../../src/main/data/import/python-literal.ts'
import { JsonSplitter } from '../../../src/main/data/import/split-json.ts'
import { importFiles } from './run-import.ts'

/** A JSON text as a program may write it, and the value that is right. */
interface Written {
  text: string
  value: unknown
}

const numberText = fc.oneof(
  fc.constantFrom(
    '5.0',
    '0.0',
    '-0',
    '-0.0',
    '1e5',
    '1E-7',
    '2.50',
    '1050118621198921701',
    '0.00000012',
    '1e400',
    '12345678901234567890.5',
    '0.1',
    '42'
  ),
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(pythonFloat)
)
const leaf: fc.Arbitrary<Written> = fc.oneof(
  numberText.map((text) => ({ text, value: String(Number(text)) === text ? Number(text) : text })),
  fc.string({ unit: 'grapheme' }).map((value) => ({ text: JSON.stringify(value), value })),
  fc
    .constantFrom('NaN is not Infinity: 5.0', '"-Infinity, NaN"', '\\')
    .map((value) => ({ text: JSON.stringify(value), value })),
  fc.string().map((value) => ({ text: ascii(JSON.stringify(value)), value })),
  fc.constantFrom(
    { text: 'true', value: true },
    { text: 'null', value: null },
    { text: 'NaN', value: null },
    { text: 'Infinity', value: 'Infinity' },
    { text: '-Infinity', value: '-Infinity' }
  )
)
const { any } = fc.letrec<{ any: Written }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('any'), { maxLength: 4 }).map((items) => ({
      text: `[${items.map(({ text }) => text).join(', ')}]`,
      value: items.map(({ value }) => value)
    })),
    fc
      .uniqueArray(
        fc.tuple(
          fc.string().filter((key) => key !== '__proto__'),
          tie('any')
        ),
        { maxLength: 4, selector: ([key]) => key }
      )
      .map((members) => ({
        text: `{${members.map(([key, { text }]) => `${JSON.stringify(key)}: ${text}`).join(', ')}}`,
        value: Object.fromEntries(members.map(([key, { value }]) => [key, value]))
      }))
  )
}))

it("any value of Python's json comes back, numbers with their text", () => {
  fc.assert(
    fc.property(any, ({ text, value }) => {
      expect(parseJson(text)).toEqual(value)
    }),
    { numRuns: 4000 }
  )
})

it('a list of them is cut into its records, in chunks of any size', () => {
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (records, size) => {
      const bytes = Buffer.from(`[${records.map(({ text }) => text).join(' ,\n')}]`)
      const splitter = new JsonSplitter('x')
      const pieces = []
      for (let at = 0; at < bytes.length; at += size) pieces.push(...splitter.push(bytes.subarray(at, at + size)))
      pieces.push(...splitter.end())
      expect(pieces.map((piece) => parseJson(piece.bytes.toString('utf8')))).toEqual(records.map(({ value }) => value))
    }),
    { numRuns: 1000 }
  )
})

it('what is no JSON stays none', () => {
  for (const text of ['{"a": nan}', '{"a": NaNa}', '[1, Infinit]', '{"a": 5.}', "{'a': 1}"])
    expect(() => parseJson(text)).toThrow(SyntaxError)
})

describe('lists that Python wrote into a cell', () => {
  const words = fc.string({
    unit: fc.constantFrom('a', 'é', '夏', "'", '"', '\\', '\n', '\t', ',', ']', ' ', '🚀'),
    maxLength: 8
  })
  it('come back', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 5 }), fc.boolean(), (texts, numpy) => {
        const items = texts.map(repr).join(numpy ? ' ' : ', ')
        expect(literalOf(`[${items}]`)).toEqual(texts)
        expect(
          literalOf(`{'text': array([${texts.map(repr).join(', ')}], dtype=object), 'n': (1, None, True, 5.0)}`)
        ).toEqual({ text: texts, n: [1, null, true, '5.0'] })
      }),
      { numRuns: 500 }
    )
  })
  it.each(['[sic] he said', '(see below)', '[1] and [2]', "['open", '{}x', '[a, b]', '[' + '['.repeat(300)])(
    '%s is a text',
    (text) => {
      expect(literalOf(text)).toBeUndefined()
    }
  )
})

it.each([
  [{ 'a.b': 1, a: { b: 2 } }, 'a.b', 1],
  [{ a: { b: [{ c: 1 }, { c: 2 }] } }, 'a.b.c', [1, 2]],
  [{ a: [1, 2, 3] }, 'a[-1]', 3],
  [{ a: [1, 2, 3] }, 'a[:-1]', [1, 2]],
  [{ a: "{'b': ['x', 'y']}" }, 'a.b[1]', 'y'],
  [{ a: 'plain' }, 'a.b', undefined],
  [{ a: null }, 'a.b', null],
  [{ a: [{ text: 'x' }] }, 'a[0].text', 'x'],
  [{ m: { constructor: 1 } }, 'm.toString', undefined]
])('%o at %s', (row, path, value) => {
  expect(valueAt(row, path)).toEqual(value)
})

describe('one list of records or several', () => {
  const record = (n: number): object => ({ input: `q${n}`, output: `a${n}` })
  const splits = JSON.stringify({ info: { version: 1 }, train: [record(1), record(2)], test: [record(3)] })
  it('asks, and takes the one that is named, or all', async () => {
    await expect(importFiles({ 'x.json': splits })).rejects.toMatchObject({
      code: 'part-needed',
      message: expect.stringContaining('train (2 records), test (1 records)') as string
    })
    const read = async (part: string) =>
      (await importFiles({ 'x.json': splits }, { reading: { part } })).examples.map(({ input }) => input)
    expect(await read('test')).toEqual(['q3'])
    expect(await read('*')).toEqual(['q1', 'q2', 'q3'])
    await expect(read('dev')).rejects.toMatchObject({ code: 'part-missing' })
  })
  it.each([
    ['lists by column', { input: ['q1', 'q2'], output: ['a1', 'a2'] }],
    ['pandas by column', { input: { 0: 'q1', 1: 'q2' }, output: { 0: 'a1', 1: 'a2' } }],
    [
      'pandas, split',
      {
        columns: ['input', 'output'],
        index: [0, 1],
        data: [
          ['q1', 'a1'],
          ['q2', 'a2']
        ]
      }
    ],
    ['pandas, by index', { x: record(1), y: record(2) }],
    ['a list beside keywords', { keywords: ['k', 'l'], metrics: ['m'], examples: [record(1), record(2)] }]
  ])('%s', async (_, value) => {
    for (const indent of [0, 2]) {
      const { examples } = await importFiles({ 'x.json': JSON.stringify(value, null, indent) })
      expect(examples.map(({ input, outputs }) => [input, outputs])).toEqual([
        ['q1', ['a1']],
        ['q2', ['a2']]
      ])
    }
  })
  it('columns of different lengths are an error', async () => {
    await expect(
      importFiles({ 'x.json': '{"input": {"0": "a", "1": "b"}, "output": {"0": "c"}}' })
    ).rejects.toMatchObject({ code: 'json-columns' })
  })
})

function pythonFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value)
}

/** As json.dumps writes beyond ASCII. */
function ascii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Python's repr of a text, as far as these letters need it. */
function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replaceAll(quote, `\\${quote}`)
  return quote + inner + quote
}

it('any bytes are cut into at most as many records as there are bytes, or refused', () => {
  const bytes = fc.array(
    fc.oneof(fc.constantFrom(...Buffer.from('[]{},:"\\ \n1a')), fc.integer({ min: 0, max: 255 })),
    { maxLength: 60 }
  )
  fc.assert(
    fc.property(bytes, fc.constantFrom('elements' as const, 'values' as const), (given, mode) => {
      const splitter = new JsonSplitter('any', mode)
      let pieces = 0
      try {
        for (const byte of given) pieces += splitter.push(Buffer.from([byte])).length
        pieces += splitter.end().length
      } catch (error) {
        expect(error).toHaveProperty('code', expect.stringMatching(/^json-(broken|cut)$/))
      }
      expect(pieces).toBeLessThanOrEqual(given.length)
    }),
    { numRuns: 2000 }
  )
  expect(() => new JsonSplitter('rows', 'values').push(Buffer.from('["a", ["b"], "c"]\u0001'))).toThrow(
    /expected a value/
  )
})
