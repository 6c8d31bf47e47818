import { cleanup, render } from '@testing-library/svelte'
import { afterEach, expect, test } from 'vitest'
import type { Hurt } from '../../../src/main/contract/minings.ts'
import HurtCard from '../../../src/renderer/src/screens/reranking/HurtCard.svelte'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { minings } from '../fake/records.ts'

afterEach(cleanup)

const words = texts.reranking.page.hurt
const known = minings.find(({ report }) => report.hurt !== null)!.report.hurt!
const shown = (hurt: Hurt | null): string => render(HurtCard, { hurt }).container.textContent

test('the page of a mining says whether it can be told before that tuning helps, with its scores', () => {
  const said = shown(known)
  expect(said).toContain(words.tells)
  expect(said).toContain(words.scores('0.140', '0.400', '0.240'))
  expect(said).toContain(words.newKind.doesNot)
  expect(said).toContain(words.scores('0.250', '0.410', '0.230'))
  expect(shown({ ...known, newKind: known.judged })).toContain(words.newKind.tells)
  const chance = { ...known.judged!, againstBaseRate: { mean: 0.01, p: 0.7 } }
  expect(shown({ ...known, judged: chance })).toContain(words.doesNot)
})

test('it gives no score where none is known, and says why', () => {
  for (const unknown of ['too-few', 'one-sided'] as const) {
    const said = shown({ ...known, unknown, judged: null, newKind: null })
    expect(said).toContain(words.unknown[unknown])
    expect(said).not.toContain('Brier')
  }
  expect(shown(null)).toContain(words.notAsked)
})
