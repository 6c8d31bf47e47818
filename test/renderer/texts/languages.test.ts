import { describe, expect, test } from 'vitest'
import { inLanguage } from '../../../src/main/hosts/static-files.ts'
import { de as windowDe } from '../../../src/main/hosts/electron/words/de.ts'
import { en as windowEn } from '../../../src/main/hosts/electron/words/en.ts'
import { languageOf } from '../../../src/renderer/src/texts/language.ts'
import { languages } from '../../../src/renderer/src/texts/texts.ts'

/** Texts of the screens that are the same in both languages, for a reason. */
const names = [
  'app',
  'strategies.recross',
  'metrics.rouge-l',
  'metrics.bleu',
  'compare.rescore.f1',
  'data.formats.json',
  'data.wizard.sources.hub.title',
  'data.wizard.encodings.utf-8',
  'data.wizard.encodings.utf-16le',
  'data.wizard.encodings.latin-1',
  'data.wizard.encodings.macintosh',
  'models.wizard.sources.hub.title',
  'reranking.card.auc',
  'reranking.card.ndcg',
  'settings.look.languages.en',
  'settings.places.steps.Slurm',
  'settings.look.languages.de',
  'terms.lora.name',
  'terms.hub.name',
  'terms.rouge-l.name',
  'terms.bleu.name'
]
const sameWord = [
  'screens.start',
  'roles.reranker.name',
  'settingNames.name',
  'settingNames.models.reranker',
  'confirm.kinds.index',
  'confirm.kinds.experiment',
  'compare.choose',
  'indices.columns.index',
  'indices.columns.model',
  'things.kinds.index',
  'use.export.formats.onnx.title',
  'things.kinds.experiment'
]
/** They put values side by side and have no word of their own. */
const onlyValues = [
  'data.wizard.size',
  'experiments.wizard.plan.keptNow',
  'jobs.live',
  'reranking.card.ofIndexIs',
  'reranking.card.minedBy',
  'settings.homeCare.left',
  'settings.places.of',
  'use.try.took',
  'use.keep.size'
]
/** The key of a term that a role is explained by: a link, not a text. */
const links = ['roles.base.term', 'roles.encoder.term', 'roles.retriever.term', 'roles.reranker.term']

type Leaf = string | ((...values: unknown[]) => unknown)

/** Every text by its path; of objects, lists and functions alike. */
function leaves(node: unknown, path = ''): Map<string, Leaf> {
  if (typeof node === 'string' || typeof node === 'function') return new Map([[path, node as Leaf]])
  if (typeof node !== 'object' || node === null) return new Map()
  return new Map(
    Object.entries(node).flatMap(([key, value]) => [...leaves(value, path === '' ? key : `${path}.${key}`)])
  )
}

/** Values that occur in no text by themselves, as strings: a count is written like any other value. */
const values = ['7719', '8823', '9931', '6607', '5503', '4409']
const others: Readonly<Record<string, unknown[]>> = {
  'experiments.varied': [{ path: 'tune.epochs', value: 7719 }],
  'settings.places.found.machine': [
    { host: 'n7719', cores: '7720', processor: 'p7721', memory: '7722', free: '7723', graphics: 'g7724' }
  ],
  'settings.places.now.running': [7719, ['n8823'], true],
  'settings.places.found.partition': [{ name: 'p7719', nodes: '7720', cores: '7721', time: '7722' }, true]
}

function said(leaf: Leaf, path: string, given: unknown[]): string {
  if (typeof leaf === 'string') return leaf
  const result = leaf(...(others[path] ?? given))
  return typeof result === 'string' ? result : JSON.stringify(result)
}

const sides = [
  ['screens', languages.en, languages.de, [...names, ...sameWord, ...onlyValues, ...links]],
  ['window', windowEn, windowDe, ['product']]
] as const

describe.each(sides)('the German of the %s', (_name, english, german, same) => {
  const en = leaves(english)
  const de = leaves(german)

  test('has every text that the English has, and none is empty', () => {
    expect(en.size).toBeGreaterThan(20)
    for (const path of en.keys()) expect([...de.keys()], path).toContain(path)
    for (const [path, leaf] of de) {
      expect(typeof leaf, path).toBe(typeof (en.get(path) ?? leaf))
      for (const given of [values, [1, 1, 1, 1], [2, 2, 2, 2]]) {
        const text = said(leaf, path, given)
        expect(text.trim(), path).not.toBe('')
        expect(text, path).not.toMatch(/undefined|NaN|\[object/)
      }
    }
  })

  test('differs from the English, except for names', () => {
    const alike = [...en].filter(([path, leaf]) => {
      const other = de.get(path)
      return other !== undefined && said(leaf, path, values) === said(other, path, values)
    })
    expect(alike.map(([path]) => path).sort()).toEqual([...same].sort())
  })

  test('says the same values', () => {
    for (const [path, leaf] of en) {
      if (typeof leaf === 'string') continue
      for (const given of [values, ['1', '1', '1', '1'], [7719, 8823, 9931, 6607]]) {
        if (given !== values && path === 'reranking.card.minedBy') continue
        const [there, here] = [said(leaf, path, given), said(de.get(path)!, path, given)]
        for (const value of given.map(String).filter((one) => one.length === 4))
          expect(here.includes(value), `${path} with ${value}: ${here}`).toBe(there.includes(value))
      }
    }
  })

  test('is written with German marks', () => {
    for (const [path, leaf] of de) {
      const text = said(leaf, path, values)
      expect(text, path).not.toMatch(/“[\p{L}\d]|\d\.\d{1,2}\b(?!\.)/u)
      expect(text.split('„').length, path).toBe(text.split('“').length)
    }
  })
})

test('every German term is explained in one sentence', () => {
  for (const [key, term] of Object.entries(languages.de.terms)) {
    expect(term.means, key).toMatch(/^[\p{Lu}„].*[.!?]$/u)
    expect(term.means.length, key).toBeLessThan(190)
  }
})

describe('the language of the page', () => {
  const page = (language?: string) =>
    ({ dataset: language === undefined ? {} : { language } }) as unknown as HTMLElement

  test.each([
    ['de', ['en-GB'], 'de'],
    ['en', ['de-DE'], 'en'],
    ['system', ['de-AT', 'en'], 'de'],
    ['system', ['en-GB', 'de'], 'en'],
    ['system', ['fr-FR', 'de-CH'], 'de'],
    ['system', ['fr-FR'], 'en'],
    [undefined, ['de'], 'de'],
    ['klingon', [], 'en']
  ])('chosen %s, browser %j', (chosen, wanted, language) => expect(languageOf(page(chosen), wanted)).toBe(language))

  test('is written into the page that a host serves', () => {
    const served = '<!doctype html>\n<html lang="en">\n<head>'
    expect(inLanguage(served, 'de')).toContain('<html lang="de" data-language="de">')
    expect(inLanguage(served, 'en')).toContain('<html lang="en" data-language="en">')
    expect(inLanguage(served, 'system')).toContain('<html lang="en" data-language="system">')
  })
})
