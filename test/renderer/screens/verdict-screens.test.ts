import { cleanup, fireEvent, screen } from '@testing-library/svelte'
import { afterEach, describe, expect, test } from 'vitest'
import type { Comparison, Diagnosis } from '../../../src/main/contract/comparison.ts'
import Diagnoses from '../../../src/renderer/src/screens/compare/Diagnoses.svelte'
import PlannedPairs from '../../../src/renderer/src/screens/experiments/PlannedPairs.svelte'
import Methods from '../../../src/renderer/src/screens/methods/Methods.svelte'
import { screenFor } from '../../../src/renderer/src/screens/screens.ts'
import { NewExperiment } from '../../../src/renderer/src/state/wizards/new-experiment.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, memoryDrafts } from '../client.ts'
import { renderInApp } from '../in-app.ts'

afterEach(cleanup)

test('the page of methods shows the whole document, tables included, without a network', async () => {
  expect(screenFor(['methods']).key).toBe('methods')
  await renderInApp(Methods, {})
  expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(texts.screens.methods)
  const headings = screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent?.trim())
  expect(headings).toEqual(expect.arrayContaining(['The model', 'Simulations', 'Limits']))
  expect(screen.getAllByRole('table').length).toBeGreaterThan(1)
  expect(screen.getByText('Families.')).toBeTruthy()
})

test('comparisons are named with a tick each, and it is said how many', async () => {
  const form = new NewExperiment(fakeClient(), memoryDrafts())
  await form.setPreset('paper')
  await renderInApp(PlannedPairs, { form })
  const { planned } = texts.experiments.wizard
  const boxes = screen.getAllByRole('checkbox')
  expect(boxes).toHaveLength(form.pairs.length)
  expect(screen.getByRole('status').textContent).toBe(planned.chosen(0, form.pairs.length))
  await fireEvent.click(boxes[0]!)
  expect(form.spec.planned).toEqual([form.pairs[0]])
  expect(screen.getByRole('status').textContent).toBe(planned.chosen(1, form.pairs.length))
})

describe('advice leads to where it can be followed', () => {
  const advice = (change: Partial<Diagnosis>): Comparison['diagnoses'] => [
    { kind: 'floor', targetId: 't-cb', sentence: 'So it is.', next: 'Do this.', action: 'examples', ...change }
  ]
  const links: [string, Partial<Diagnosis>, string][] = [
    ['another rate', { kind: 'loss-flat', action: 'new-experiment' }, '#/experiments/new?from=e-1&step=settings'],
    ['other targets', { kind: 'ceiling', action: 'new-experiment' }, '#/experiments/new?from=e-1&step=targets'],
    ['the query sets', { kind: 'queries-in-test', action: 'query-sets' }, '#/data/target/t-cb']
  ]
  test.each(links)('%s', async (_, change, href) => {
    const table = { subject: { experimentId: 'e-1' }, diagnoses: advice(change) } as unknown as Comparison
    await renderInApp(Diagnoses, { table })
    expect(screen.getByRole('link').getAttribute('href')).toBe(href)
  })
})
