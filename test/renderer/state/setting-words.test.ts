import { expect, test } from 'vitest'
import { z } from 'zod'
import { experimentSpecSchema } from '../../../src/main/contract/experiments.ts'
import { settingValue } from '../../../src/renderer/src/state/setting-words.ts'
import { de } from '../../../src/renderer/src/texts/de.ts'
import { en } from '../../../src/renderer/src/texts/en.ts'

interface Shape {
  enum?: string[]
  properties?: Record<string, Shape>
  items?: Shape
  anyOf?: Shape[]
  oneOf?: Shape[]
  allOf?: Shape[]
}

/** Every setting of an experiment that takes one of some words, with these. */
function choices(shape: Shape, path = ''): [path: string, value: string][] {
  const inner = Object.entries(shape.properties ?? {}).flatMap(([name, of]) =>
    choices(of, path === '' ? name : `${path}.${name}`)
  )
  const either = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])]
  const within = [...either, ...(shape.items ? [shape.items] : [])].flatMap((of) => choices(of, path))
  return [...(shape.enum ?? []).map((value): [string, string] => [path, value]), ...inner, ...within]
}

test('every value of every setting has words of its own on the screen', () => {
  const shape = z.toJSONSchema(experimentSpecSchema, { io: 'input', unrepresentable: 'any' }) as Shape
  const all = choices(shape).filter(([path]) => !path.startsWith('planned'))
  expect(all.length).toBeGreaterThan(60)
  const bare = all.filter(([path, value]) => settingValue(path, value) === value && value !== 'none')
  expect(bare).toEqual([])
  expect(settingValue('planned', 'semantic against dense')).toBe(`${en.strategies.semantic} – ${en.strategies.dense}`)
  expect(settingValue('strategies', 'zero-shot, dense')).toBe(`${en.strategies['zero-shot']}, ${en.strategies.dense}`)
  expect([settingValue('tune.learningRate', '0.001'), settingValue('retrieval.deduplicate', 'yes')]).toEqual([
    '0.001',
    'yes'
  ])
})

/** How the code calls things; people are told of them in other words. */
const internal = new RegExp(
  [
    String.raw`\b(aggregate-choices|aggregate-scores|max-score|round-robin|last-blocks|two-stage|soft-em|qa-f1|macro-f1)\b`,
    String.raw`\b(fp32|fp16|adamw|adafactor|seq2seq|pair-classifier|unsupervised|jaccard|logit|ef|efSearch|mutex|localStorage)\b`,
    String.raw`\b(undefined|NaN|uuid|stderr|stdout|Task correlation|correlation of tasks|beyond luck)\b`
  ].join('|')
)

/** Every text, and of those that are put together what stands between the parts. */
function said(of: unknown, path: string): [string, string][] {
  if (typeof of === 'string') return [[path, of]]
  if (typeof of === 'function') {
    const literals = String(of).matchAll(/`((?:[^`\\]|\\.)*)`|'((?:[^'\\]|\\.)*)'/g)
    return [...literals].map(([, long = '', short = '']) => [path, (long || short).replaceAll(/\$\{[^}]*\}/g, '…')])
  }
  if (of === null || typeof of !== 'object') return []
  return Object.entries(of).flatMap(([name, inner]) => said(inner, `${path}.${name}`))
}

test.each([
  ['English', en],
  ['German', de]
])('no internal word stands on a screen, %s', (_, texts) => {
  const all = said(texts, '')
  expect(all.length).toBeGreaterThan(1500)
  expect(all.filter(([, text]) => internal.test(text))).toEqual([])
})

test('the finder of internal words finds them, in texts that are put together too', () => {
  const texts = { a: 'With adamw', b: (n: number) => `${n} of the fp32`, c: 'AdamW and Soft match' }
  expect(said(texts, '').filter(([, text]) => internal.test(text))).toEqual([
    ['.a', 'With adamw'],
    ['.b', '… of the fp32']
  ])
})
