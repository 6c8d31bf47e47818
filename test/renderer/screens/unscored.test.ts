import { cleanup, screen } from '@testing-library/svelte'
import { afterEach, expect, test, vi } from 'vitest'
import type { Comparison } from '../../../src/main/contract/comparison.ts'
import Examples from '../../../src/renderer/src/screens/compare/Examples.svelte'
import Results from '../../../src/renderer/src/screens/compare/Results.svelte'
import { ComparePage } from '../../../src/renderer/src/state/compare-page.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient } from '../client.ts'
import { comparison } from '../fake/comparison.ts'
import { renderInApp } from '../in-app.ts'

afterEach(cleanup)
afterEach(() => vi.unstubAllGlobals())

/** What a comparison of questions without right answers is: answers, and no score anywhere. */
function unscored(): Comparison {
  const whole = comparison('e-1', 'Unlabelled')
  return {
    ...whole,
    cells: whole.cells.map((cell) => ({
      ...cell,
      summary: null,
      deltaToZeroShot: null,
      tuningHurt: false,
      best: false
    })),
    ...{ tests: [], otherTargets: [], points: [], diagnoses: [], warnings: [] },
    headline: { kind: 'nothing', column: null, sentence: 'Nothing is scored.' }
  }
}

test.each([true, false])('results show scores only where there are any: %s', async (bare) => {
  // The charts measure themselves; the document of the tests does not.
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    }
  )
  const table = bare ? unscored() : comparison('e-1', 'Labelled')
  const page = new ComparePage(fakeClient(), { experimentId: 'e-1' })
  page.table.set(table)
  const { container } = await renderInApp(Results, { page, table })
  const leads = screen.queryByRole('button', { name: texts.compare.seeAnswers }) !== null
  expect([leads, screen.queryAllByRole('table').length > 0]).toEqual([bare, !bare])
  expect(/±|\d\.\d/.test(container.textContent ?? '')).toBe(!bare)
})

test('answers without scores begin with those that differ, in any round, and no filter speaks of right or wrong', async () => {
  const { container } = await renderInApp(Examples, { table: unscored() })
  const { filters } = texts.compare.examples
  for (const name of [filters.all, filters.differ]) expect(container.textContent).toContain(name)
  for (const name of [filters.fixed, filters.broken, filters['all-wrong']]) expect(screen.queryByText(name)).toBeNull()
  expect(screen.queryByText(texts.compare.wins.title)).toBeNull()
  const round = screen.getByLabelText(texts.compare.examples.round)
  expect(round.querySelectorAll('option').length).toBe(unscored().rounds)
})
