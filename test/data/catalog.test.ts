import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { catalogEntrySchema } from '../../src/main/contract/models.ts'

const { entries } = z
  .object({ entries: z.array(catalogEntrySchema) })
  .parse(JSON.parse(readFileSync(new URL('../../data/catalog.json', import.meta.url), 'utf8')))

it('has every entry once, with something to say about it', () => {
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
  for (const { summary, goodFor, hardware, licence } of entries)
    expect([summary, goodFor, hardware, licence].every((text) => text.length > 2)).toBe(true)
})

it('puts the prefix of the paper before BART0, and only there', () => {
  expect(entries.filter(({ prefix }) => prefix !== '').map(({ id, prefix }) => [id, prefix])).toEqual([
    ['bart0', '<s> '],
    ['bart0pp', '<s> ']
  ])
})

it.each([
  'yuchenlin/BART0',
  'yuchenlin/BART0pp',
  'bigscience/T0_3B',
  'facebook/bart-base',
  'facebook/bart-large',
  'google/flan-t5-small',
  'google/flan-t5-base',
  'google/flan-t5-large',
  'google/flan-t5-xl',
  'sentence-transformers/all-distilroberta-v1',
  'sentence-transformers/all-MiniLM-L6-v2',
  'sentence-transformers/all-mpnet-base-v2',
  'FacebookAI/roberta-base',
  'bigscience/P3',
  'Muennighoff/natural-instructions'
])('knows %s', (repo) => {
  expect(entries.some(({ source }) => source.type === 'hub' && source.repo === repo)).toBe(true)
})

it("knows the paper's T0 and T0pp files by their folder", () => {
  const files = entries.flatMap(({ source }) => (source.type === 'drive' && source.folderId ? [source.fileName] : []))
  expect(files).toEqual(['T0_upstream_train.json', 'T0pp_upstream_train.json'])
})

it('says how large everything is but what lies where nobody says', () => {
  for (const { bytes, source } of entries) expect(bytes > 0).toBe(source.type !== 'drive' && source.type !== 'files')
})

it('has the ten targets of the paper as targets, each with its query sets', () => {
  const targets = entries.filter(({ source }) => source.type === 'files')
  expect(targets).toHaveLength(10)
  for (const { as, source } of targets) {
    expect(as).toBe('target')
    expect(source.type === 'files' && source.files.map(({ fileName }) => fileName)).toContain('fewshot.json')
  }
  expect(entries.find(({ id }) => id === 'natural-instructions-test')?.as).toBe('target')
})
