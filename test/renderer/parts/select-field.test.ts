import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import SelectField from '../../../src/renderer/src/parts/SelectField.svelte'

const sizes = [1000, 3000].map((value) => ({ value, label: `${value} rows` }))
const select = () => screen.getByRole<HTMLSelectElement>('combobox', { name: 'Sample' })

async function choose(label: string): Promise<void> {
  const option = screen.getByRole<HTMLOptionElement>('option', { name: label })
  option.selected = true
  await fireEvent.change(select())
}

test('shows what is chosen under its label, and says nothing by itself', () => {
  const onchange = vi.fn()
  render(SelectField<number>, { label: 'Sample', options: sizes, value: 3000, onchange })
  expect(select().selectedOptions[0]?.textContent).toBe('3000 rows')
  expect(onchange).not.toHaveBeenCalled()
})

test('gives a choice in the type of its list', async () => {
  const onchange = vi.fn()
  render(SelectField<number>, { label: 'Sample', options: sizes, value: 1000, onchange })
  await choose('3000 rows')
  expect(onchange.mock.calls).toEqual([[3000]])
})

test('follows whoever owns the value, also to another list', async () => {
  const { rerender } = render(SelectField<number>, { label: 'Sample', options: sizes, value: 1000 })
  await choose('3000 rows')
  await rerender({ value: 1000 })
  expect(select().selectedOptions[0]?.textContent).toBe('1000 rows')
  await rerender({ options: [{ value: 5, label: 'five' }], value: 5 })
  expect(select().selectedOptions[0]?.textContent).toBe('five')
})

test('an entry may be there only to be seen', () => {
  const options = [{ value: '', label: 'None yet', disabled: true }]
  render(SelectField<string>, { label: 'Sample', hint: 'Of the queries.', options, value: '' })
  expect(screen.getByRole<HTMLOptionElement>('option').disabled).toBe(true)
  expect(select().getAttribute('aria-describedby')).toBe(screen.getByText('Of the queries.').id)
})
