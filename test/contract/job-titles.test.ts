import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jobTitleIn, soughtTitle, type JobTitle } from '../../src/main/contract/job-titles.ts'
import { languages } from '../../src/main/contract/languages.ts'
import { strategyNames } from '../../src/main/contract/strategies.ts'

const index = { representation: 'semantic', over: 'both', data: 'D' } as const
const run = { strategy: 'random', without: 'G', variant: [], round: 2, targets: ['T'], repeat: false } as const
/** One of each, with all that it can say. */
const examples: { [K in JobTitle['says']]: Extract<JobTitle, { says: K }>['of'] } = {
  'self-test': {},
  import: { name: 'N' },
  download: { name: 'N' },
  install: { name: 'N' },
  mine: { name: 'N', part: { number: 1, of: 4 } },
  'bring-in-pairs': { name: 'N' },
  'train-reranker': { name: 'N' },
  'train-retriever': { name: 'N' },
  'look-for-leaks': { target: 'T', data: 'D' },
  pack: { name: 'N' },
  open: { name: 'N' },
  'export-model': { run: 'R' },
  'find-rate': { model: 'M', data: 'D' },
  answer: { file: 'F', by: 'M' },
  publish: index,
  'fetch-vectors': {},
  'build-index': { ...index, model: 'M', part: { number: 2, of: 3 } },
  run
}

describe('titles of jobs', () => {
  test('are said in every language, with all that they speak of', () => {
    for (const [says, of] of Object.entries(examples)) {
      const said = languages.map((language) => jobTitleIn(language, { says, of })!)
      expect(new Set(said).size, says).toBe(languages.length)
      const facts = Object.values(of).filter((value) => typeof value === 'string' && value.length === 1)
      for (const words of said) for (const fact of facts) expect(words, says).toContain(fact)
    }
  })

  test('speak of parts, of strategies in the words of the language, and of settings as a screen says them', () => {
    expect(jobTitleIn('en', { says: 'build-index', of: examples['build-index'] })).toBe(
      'Build the semantic index of D over inputs and answers with M, part 2 of 3'
    )
    expect(jobTitleIn('de', { says: 'build-index', of: examples['build-index'] })).toBe(
      'Index von D mit M aufbauen (semantisch, über Eingaben und Antworten), Teil 2 von 3'
    )
    const varied = { ...run, variant: [{ path: 'tune.learningRate', value: 0.1 }], targets: ['T', 'U'], repeat: true }
    expect(jobTitleIn('en', { says: 'run', of: varied })).toBe(
      'Repeat of random without G with tune.learningRate=0.1, round 2, 2 targets'
    )
    expect(jobTitleIn('de', { says: 'run', of: varied }, ({ value }) => `Lernrate ${String(value)}`)).toBe(
      'Wiederholung: zufällig ohne G mit Lernrate 0.1, Runde 2, 2 Zielaufgaben'
    )
    for (const strategy of strategyNames)
      expect(jobTitleIn('de', { says: 'run', of: { ...run, strategy, round: null } })).not.toContain('undefined')
  })

  test('of another version are not guessed', () => {
    expect(jobTitleIn('de', { says: 'fly', of: {} })).toBeNull()
    expect(jobTitleIn('de', { says: 'toString', of: {} })).toBeNull()
  })

  test('are found by the words of any language', () => {
    expect(soughtTitle({ says: 'import', of: { name: 'N' } }).split('\n')).toEqual(['Import N', 'N einlesen'])
  })

  test('the lab queues no job with a bare sentence, which screens could say in English alone', () => {
    const root = resolve(import.meta.dirname, '../..')
    const sources = globSync('src/main/{features,api,jobs,places}/**/*.ts', { cwd: root }).map((file) => ({
      file,
      text: readFileSync(resolve(root, file), 'utf8')
    }))
    const adding = sources.filter(({ text }) => /\bjobs\s*\.add\(/.test(text))
    expect(adding.length).toBeGreaterThan(10)
    expect(adding.filter(({ text }) => /\btitle(:| =) ?['"`]/.test(text)).map(({ file }) => file)).toEqual([])
  })
})
