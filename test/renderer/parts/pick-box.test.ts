import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import PickBox from '../../../src/renderer/src/screens/compare/PickBox.svelte'

const box = () => screen.getByRole<HTMLInputElement>('checkbox')

test.each([
  ['none', false, false],
  ['some', false, true],
  ['all', true, false]
] as const)('%s of the runs picked', (share, checked, indeterminate) => {
  render(PickBox, { share, onchange: vi.fn() })
  expect(box()).toMatchObject({ checked, indeterminate })
})

test('a click asks for a change, and shows what is picked rather than what was clicked', async () => {
  const onchange = vi.fn()
  const { rerender } = render(PickBox, { share: 'none' as const, label: 'Dense, round 1', onchange })
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Dense, round 1' }))
  expect(onchange).toHaveBeenCalledOnce()
  expect(box().checked).toBe(false)
  await rerender({ share: 'some' })
  await fireEvent.click(box())
  expect(box()).toMatchObject({ checked: false, indeterminate: true })
})
