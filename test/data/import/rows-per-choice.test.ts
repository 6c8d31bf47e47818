import { expect, it } from 'vitest'
import { Random } from '../../../src/main/random/random.ts'
import { RowCheck } from '../../../src/main/data/import/row-check.ts'

/** A BIG-bench file as the original's importer writes it: a row for every choice, each called right. */
function rowsPerChoice(questions: number, choices: (question: number) => number) {
  const rows = Array.from({ length: questions }, (_, question) =>
    Array.from({ length: choices(question) }, (_, choice) => ({
      input: `Question ${question}?`,
      outputs: [`choice ${choice}`]
    }))
  ).flat()
  return new Random(3).shuffle(rows)
}

function said(rows: readonly { input: string; outputs: string[] }[]): string | undefined {
  const check = new RowCheck()
  const about = { task: 't', group: 'g', template: 'v', choices: null }
  rows.forEach((row, index) => check.add({ ...row, ...about, sourceId: `t|test|v|#${index}` }))
  return check.findings(null, `all ${rows.length} rows`).find(({ code }) => code === 'contradicting-answers')?.message
}

it('a file with a row for every choice says how many questions contradict and the best possible score', () => {
  // As hindu_knowledge: 175 questions with four choices, and seven rows more.
  const rows = rowsPerChoice(175, (question) => (question < 7 ? 5 : 4))
  expect(rows).toHaveLength(707)
  const message = said(rows)!
  expect(message).toContain('175 questions have up to 5 different right answers (707 rows)')
  expect(message).toContain('Best possible exact match: 24.8 %')
  expect(message).toContain('one for every choice')
})

it('the best possible score is what the best answerer of each question gets', () => {
  const rows = [
    ...Array.from({ length: 6 }, () => ({ input: 'a', outputs: ['x'] })),
    { input: 'a', outputs: ['y'] },
    ...Array.from({ length: 13 }, (_, index) => ({ input: `sound ${index}`, outputs: ['z'] }))
  ]
  const message = said(rows)!
  expect(message).toContain('1 question has up to 2 different right answers (7 rows)')
  expect(message).toContain('Best possible exact match: 95.0 %')
  expect(message).not.toContain('one for every choice')
  expect(said(rows.slice(7))).toBeUndefined()
})
