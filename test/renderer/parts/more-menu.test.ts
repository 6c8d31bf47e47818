import { cleanup, fireEvent, screen } from '@testing-library/svelte'
import { afterEach, expect, test } from 'vitest'
import ExperimentList from '../../../src/renderer/src/screens/experiments/ExperimentList.svelte'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { renderInApp } from '../in-app.ts'

afterEach(cleanup)

test('what is done seldom with experiments is in one menu beside their button, and leads there', async () => {
  await renderInApp(ExperimentList, {})
  const seldom = [texts.carry.pack.short, texts.carry.open.short, texts.experiments.foreign.open]
  for (const label of seldom) expect(screen.queryByText(label)).toBeNull()
  const trigger = screen.getByRole('button', { name: texts.actions.further })
  trigger.focus()
  await fireEvent.keyDown(trigger, { key: 'Enter' })
  for (const label of seldom) expect(await screen.findByRole('menuitem', { name: label })).toBeTruthy()
  await fireEvent.keyDown(screen.getByRole('menuitem', { name: texts.carry.open.short }), { key: 'Enter' })
  expect(location.hash).toBe('#/carry/open')
})
