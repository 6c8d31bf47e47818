import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte'
import { afterEach, expect, test } from 'vitest'
import { placeSettingsSchema } from '../../../src/main/contract/places.ts'
import PlaceFields from '../../../src/renderer/src/screens/experiments/PlaceFields.svelte'
import PlacesCard from '../../../src/renderer/src/screens/settings/PlacesCard.svelte'
import { whereaboutsOf } from '../../../src/renderer/src/state/whereabouts.ts'
import { NewExperiment } from '../../../src/renderer/src/state/wizards/new-experiment.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, memoryDrafts } from '../client.ts'
import { renderInApp } from '../in-app.ts'

afterEach(cleanup)

const campus = placeSettingsSchema.parse({ name: 'campus', kind: 'slurm', ssh: 'login.campus', partition: 'main' })

test('a place is added in Settings, checked at once, shown with what was found, and removed', async () => {
  const { told } = await renderInApp(PlacesCard, {})
  const words = texts.settings.places
  await fireEvent.input(screen.getByLabelText(words.name), { target: { value: 'campus' } })
  await fireEvent.input(screen.getByLabelText(words.ssh), { target: { value: 'login.campus' } })
  await fireEvent.click(screen.getByRole('button', { name: words.add }))
  const row = await waitFor(() => screen.getByRole('listitem'))
  expect(row.textContent).toContain('campus')
  expect(row.textContent).toContain('login.campus')
  await waitFor(() => expect(row.textContent).toMatch(/self-test: a job was started, ran and gave its result back/))
  await fireEvent.click(within(row).getByRole('button', { name: words.remove }))
  await waitFor(() => expect(screen.queryByRole('listitem')).toBeNull())
  expect(told).toEqual([])
})

test('what cannot be a host is refused beside the field, before anything is asked of the lab', async () => {
  await renderInApp(PlacesCard, {})
  const words = texts.settings.places
  await fireEvent.input(screen.getByLabelText(words.name), { target: { value: 'campus' } })
  await fireEvent.input(screen.getByLabelText(words.ssh), { target: { value: '-oProxyCommand=id' } })
  await fireEvent.click(screen.getByRole('button', { name: words.add }))
  await waitFor(() => expect(screen.getByText(/is a host of your ssh configuration/)).toBeTruthy())
  expect(screen.queryByRole('listitem')).toBeNull()
})

test('an experiment chooses a place for its runs and one for its indices; form and command line say the same', async () => {
  const client = fakeClient()
  const { id } = await client.places.add(campus)
  const form = new NewExperiment(client, memoryDrafts())
  await form.setPreset('quick')
  await renderInApp(PlaceFields, { form }, client)
  const words = texts.experiments.wizard.where
  const runs = await waitFor(() => screen.getByLabelText<HTMLSelectElement>(words.runs))
  expect(runs.value).toBe('')
  expect(form.command).not.toContain('place')
  await fireEvent.change(runs, { target: { value: id } })
  expect(form.spec).toMatchObject({ place: id })
  expect(form.command).toContain(`--place ${id}`)
  await fireEvent.change(screen.getByLabelText(words.indices), { target: { value: id } })
  expect(form.spec).toMatchObject({ place: id, indexPlace: id })
  expect(form.command).toContain(`--index-place ${id}`)
  expect(form.command).not.toMatch(/--set [^-]*lace=/)
  await fireEvent.change(runs, { target: { value: '' } })
  expect(form.spec.place).toBeNull()
})

test('without places nothing is asked', async () => {
  const form = new NewExperiment(fakeClient(), memoryDrafts())
  await form.setPreset('quick')
  await renderInApp(PlaceFields, { form })
  expect(screen.queryByText(texts.experiments.wizard.where.title)).toBeNull()
})

test('a job says where it is: here, on its way, waiting with its turn, on a node, at a place that is gone', () => {
  const places = [{ id: 'p', settings: campus, check: null, createdAt: '2026-11-20T10:00:00.000Z' }]
  const at = { text: '', position: null, expected: null }
  expect(whereaboutsOf({ place: null }, places)).toBeNull()
  expect(whereaboutsOf({ place: 'p', where: { ...at, state: 'sending' } }, places)).toMatch(/being sent to campus/)
  const waits = { state: 'waiting' as const, text: 'Priority', position: 4, expected: '2026-11-27 05:10:00' }
  expect(whereaboutsOf({ place: 'p', where: waits }, places)).toBe(
    'Waits at campus, number 4 of yours, others are before it, expected to start at 2026-11-27 05:10:00'
  )
  expect(whereaboutsOf({ place: 'p', where: { ...at, state: 'running', text: 'node17' } }, places)).toBe(
    'Runs at campus, on node17'
  )
  expect(whereaboutsOf({ place: 'q' }, places)).toContain('removed')
})
