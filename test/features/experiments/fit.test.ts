import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitWarnings, type Shapes, type TokenFit } from '../../../src/main/features/experiments/fit.ts'
import type { ResolvedSpec } from '../../../src/main/features/experiments/resolve.ts'
import { specOf } from './spec.ts'

interface Drawn {
  budget: number
  examples: number
  labelled: boolean
  items: number
  inputs: number[]
  answers: number[]
  tunedInputs: number[]
  tunedAnswers: number[]
  unknown: number
  tokens: number
  bytes: number
  vocabulary: number
  languages: string[]
  script: { name: string; share: number } | null
  language: TokenFit['datasets'][number]['language']
  modelLimit: number | null
}

const lengths = fc.array(fc.integer({ min: 1, max: 1200 }), { minLength: 1, maxLength: 60 })
const drawn: fc.Arbitrary<Drawn> = fc.record({
  ...{ budget: fc.integer({ min: 1, max: 600 }), examples: fc.integer({ min: 1, max: 2000 }) },
  ...{ labelled: fc.boolean(), items: fc.integer({ min: 1, max: 60 }) },
  ...{ inputs: lengths, answers: lengths, tunedInputs: lengths, tunedAnswers: lengths },
  ...{ unknown: fc.integer({ min: 0, max: 100 }), tokens: fc.integer({ min: 100, max: 5000 }) },
  ...{ bytes: fc.integer({ min: 100, max: 20_000 }), vocabulary: fc.constantFrom(300, 50_265) },
  languages: fc.constantFrom([], ['en'], ['en', 'ru'], ['multilingual'], ['ja']),
  script: fc.constantFrom(
    null,
    { name: 'Latin', share: 0.97 },
    { name: 'Cyrillic', share: 0.6 },
    { name: 'Han', share: 0.1 }
  ),
  language: fc.constantFrom(
    null,
    { code: 'de', name: 'German', share: 0.92, whole: 0.2, wholeEnglish: 0.95 },
    { code: 'de', name: 'German', share: 0.3, whole: 0.2, wholeEnglish: 0.95 },
    { code: 'de', name: 'German', share: 0.92, whole: 0.9, wholeEnglish: 0.95 },
    { code: 'en', name: 'English', share: 0.99, whole: 0.95, wholeEnglish: 0.95 }
  ),
  modelLimit: fc.constantFrom(null, 512, 1024)
})

/** What is asked of the data, worked out another way: one line for each sentence that must be there. */
function expected(one: Drawn): RegExp[] {
  const over = (list: number[], limit: number) =>
    list.reduce((n, length) => n + Number(length > limit), 0) / list.length
  const share = (value: number) => (value < 0.1 ? (100 * value).toFixed(1) : String(Math.round(100 * value)))
  const all: [boolean, string][] = [
    [one.budget >= one.examples, 'every strategy gets all of it'],
    [one.budget < one.examples && 2 * one.budget > one.examples, 'strategies will share at least'],
    [!one.labelled, `T has no right answers: its ${one.items} questions`],
    [one.labelled && one.items < 20, `T has ${one.items} independent test item`],
    [
      over(one.inputs, 512) > 0.01,
      `^${share(over(one.inputs, 512))} % of the questions of T have more than the 512 tokens`
    ],
    [
      over(one.answers, 64) > 0.01,
      `^${share(over(one.answers, 64))} % of the right answers of T are longer than the 64 tokens`
    ],
    [over(one.tunedInputs, 512) > 0.01, `^${share(over(one.tunedInputs, 512))} % of the inputs of U`],
    [over(one.tunedAnswers, 64) > 0.01, `^${share(over(one.tunedAnswers, 64))} % of the answers of U`],
    [one.unknown > 0.005 * one.tokens, `^${share(one.unknown / one.tokens)} % of the tokens of T are unknown to M`],
    [one.vocabulary > 5000 && one.bytes < 1.7 * one.tokens, '^M reads T nearly letter by letter'],
    [
      one.script?.name === 'Cyrillic' && ['en', 'ja'].includes(one.languages.join()),
      '^60 % of the letters of T are Cyrillic, but M is made for'
    ],
    [
      one.script?.name === 'Latin' && one.languages[0] === 'ja',
      '^97 % of the letters of T are Latin, but M is made for ja'
    ],
    [
      one.language?.code === 'de' && one.language.share > 0.5 && ['en', 'en,ru', 'ja'].includes(one.languages.join()),
      '^About 92 % of the 9 rows of T that were looked at are German; M is made for .*, as its card says'
    ],
    [
      one.language?.code === 'en' && one.languages.join() === 'ja',
      '^About 99 % of the 9 rows of T that were looked at are English; M is made for ja, as its card says'
    ],
    [
      one.language?.share === 0.92 && one.language.whole === 0.2 && one.languages.length === 0 && one.vocabulary > 5000,
      '^About 92 % of the 9 rows of T .* are German; M has 20 % of that language.* and 95 % of the English ones'
    ]
  ]
  return all.filter(([there]) => there).map(([, pattern]) => new RegExp(pattern))
}

function said(one: Drawn): string[] {
  const spec = specOf({ targetIds: ['t'] })
  const resolved = {
    spec: { ...spec, retrieval: { ...spec.retrieval, budget: one.budget } },
    models: { base: { name: 'M', maxInputTokens: one.modelLimit } },
    dataset: { id: 'u', name: 'U', examples: one.examples },
    targets: [{ target: { id: 't', name: 'T' }, dataset: { id: 'd' } }]
  } as unknown as ResolvedSpec
  const { labelled, items, vocabulary, languages } = one
  const shapes: Shapes = new Map([
    ['t', { labelled, rows: items, inputLength: 1, itemSizes: Array.from({ length: items }, () => 1) }]
  ])
  const known = { tokens: 1000, unknown: 0, bytes: 4000, script: null, language: null }
  const tokens: TokenFit = {
    ...{ vocabulary, languages },
    datasets: [
      { id: 'u', rows: 9, ...known, inputs: one.tunedInputs, answers: one.tunedAnswers },
      {
        ...{ id: 'd', rows: 9, tokens: one.tokens, unknown: one.unknown, bytes: one.bytes, script: one.script },
        language: one.language,
        ...{ inputs: one.inputs, answers: one.answers }
      }
    ]
  }
  return fitWarnings(resolved, shapes, tokens)
}

describe('does it fit?', () => {
  test('of any data and model exactly what does not fit is said, each with its number', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const [sentences, patterns] = [said(one), expected(one)]
        for (const pattern of patterns) expect(sentences.filter((sentence) => pattern.test(sentence))).toHaveLength(1)
        expect(sentences).toHaveLength(patterns.length)
        for (const sentence of sentences) expect(sentence).toMatch(/\d/)
      }),
      { numRuns: 500 }
    )
  })
})
