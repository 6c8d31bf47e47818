import { fireEvent, screen, within } from '@testing-library/svelte'
import { createRawSnippet } from 'svelte'
import { expect, test, vi } from 'vitest'
import Review from '../../../src/renderer/src/parts/Review.svelte'
import WizardFrame from '../../../src/renderer/src/parts/WizardFrame.svelte'
import { Wizard } from '../../../src/renderer/src/state/wizard.svelte.ts'
import { memoryDrafts } from '../client.ts'
import { renderInApp } from '../in-app.ts'

interface Values {
  name: string
}

async function frame(more: { canFinish?: boolean; time?: string | null } = {}) {
  const steps = ['First', 'Second', 'Last'].map((title) => ({
    id: title,
    title,
    text: `${title} text.`,
    missing: (values: Values) => (title === 'First' && values.name === '' ? 'Give it a name to go on.' : null)
  }))
  const wizard = new Wizard<Values>('test', steps, () => ({ name: '' }), memoryDrafts())
  const onfinish = vi.fn()
  await renderInApp(WizardFrame<Values>, {
    wizard,
    title: 'Make a thing',
    lead: 'A thing is made.',
    back: { href: '#/', label: 'Back to things' },
    finish: 'Make it',
    canFinish: more.canFinish ?? true,
    outlook: { time: more.time ?? null, disk: 412_000_000 },
    onfinish,
    page: createRawSnippet<[string]>(() => ({ render: () => '<p>Its fields.</p>' }))
  })
  return { wizard, onfinish }
}

const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })

test('what is missing is said, and holds the next step back', async () => {
  const { wizard } = await frame()
  expect(button('Next').disabled).toBe(true)
  expect(screen.getByText('Give it a name to go on.')).toBeTruthy()
  const steps = within(screen.getByRole('navigation', { name: 'Steps' }))
  expect(steps.getByRole<HTMLButtonElement>('button', { name: '2 Second' }).disabled).toBe(true)
  wizard.values.name = 'x'
  await vi.waitFor(() => expect(button('Next').disabled).toBe(false))
  expect(steps.getByRole<HTMLButtonElement>('button', { name: '2 Second' }).disabled).toBe(false)
})

test('forward and back move the focus to the heading of the step', async () => {
  const { wizard } = await frame()
  wizard.values.name = 'x'
  await vi.waitFor(() => expect(button('Next').disabled).toBe(false))
  await fireEvent.click(button('Next'))
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Second'))
  expect(screen.getByText('Second text.')).toBeTruthy()
  await fireEvent.click(button('Back'))
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('First'))
  expect(wizard.values.name).toBe('x')
})

test('every step but the last says what it will take; only the last begins', async () => {
  const { wizard, onfinish } = await frame({ time: 'about 12 min' })
  const outlook = () => screen.queryByRole('region', { name: 'What it will take' })
  expect(outlook()?.textContent).toMatch(/about 12 min.*412 MB.*212 GB free/)
  wizard.values.name = 'x'
  wizard.goTo('Last')
  await vi.waitFor(() => expect(outlook()).toBeNull())
  expect(onfinish).not.toHaveBeenCalled()
  await fireEvent.click(button('Make it'))
  expect(onfinish).toHaveBeenCalledOnce()
})

test('what is not known yet is said to be so, and a plan that failed cannot be begun', async () => {
  const { wizard, onfinish } = await frame({ canFinish: false })
  expect(screen.getByText('not known yet')).toBeTruthy()
  wizard.values.name = 'x'
  wizard.goTo('Last')
  await vi.waitFor(() => expect(button('Make it').disabled).toBe(true))
  await fireEvent.submit(button('Make it').closest('form')!)
  expect(onfinish).not.toHaveBeenCalled()
})

test('starting over empties what was entered', async () => {
  const { wizard } = await frame()
  wizard.values.name = 'x'
  wizard.goTo('Second')
  await fireEvent.click(button('Start over'))
  expect(wizard.values.name).toBe('')
  await vi.waitFor(() => expect(screen.getByText('First text.')).toBeTruthy())
})

test.each([
  [412_000_000, false],
  [900_000_000_000, true]
])('a review of %s bytes warns of a full disk: %s', async (disk, warns) => {
  await renderInApp(Review, { what: 'It is made.', time: 'about 3 s', disk, command: 'npm run lab' })
  expect(screen.queryByText('That is more than is free on this disk.') !== null).toBe(warns)
})
