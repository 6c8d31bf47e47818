import { cleanup, fireEvent, screen, waitFor } from '@testing-library/svelte'
import { afterEach, expect, test } from 'vitest'
import PlaceField from '../../../src/renderer/src/screens/PlaceField.svelte'
import SharedCard from '../../../src/renderer/src/screens/indices/SharedCard.svelte'
import { placeSettingsSchema } from '../../../src/main/contract/places.ts'
import { BuildIndex } from '../../../src/renderer/src/state/wizards/build-index.svelte.ts'
import { MinePairs } from '../../../src/renderer/src/state/wizards/mine-pairs.svelte.ts'
import { TrainReranker } from '../../../src/renderer/src/state/wizards/train-reranker.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, memoryDrafts } from '../client.ts'
import { renderInApp } from '../in-app.ts'

afterEach(cleanup)

test('what is shared in a database is listed, and one of it is fetched by a job', async () => {
  await renderInApp(SharedCard, {})
  const words = texts.indices.shared
  const look = screen.getByRole<HTMLButtonElement>('button', { name: words.look })
  expect(look.disabled).toBe(true)
  await fireEvent.input(screen.getByLabelText(words.server), { target: { value: 'postgres://me@host/lab' } })
  expect(look.disabled).toBe(false)
  await fireEvent.click(look)
  await waitFor(() => expect(screen.getByText('P3 sample')).toBeTruthy())
  await fireEvent.click(screen.getByRole('button', { name: words.fetch }))
  const job = await waitFor(() => screen.getByRole('link', { name: words.job }))
  expect(job.getAttribute('href')).toMatch(/^#\/jobs\/.+/)
})

test('indices, minings and trainings are asked where they compute, and the command line says the same', async () => {
  const client = fakeClient()
  const { id } = await client.places.add(placeSettingsSchema.parse({ name: 'campus', kind: 'slurm', ssh: 'login' }))
  const provider = () => 'cpu' as const
  const forms = [
    new BuildIndex(client, provider, memoryDrafts()),
    new MinePairs(client, provider, memoryDrafts()),
    new TrainReranker(client, provider, memoryDrafts(), () => false)
  ]
  for (const form of forms) {
    expect(form.command).not.toContain('--place')
    form.wizard.values.place = id
    expect(form.command).toContain(`--place ${id}`)
  }
  await renderInApp(PlaceField, { value: id }, client)
  const field = await waitFor(() => screen.getByLabelText<HTMLSelectElement>(texts.experiments.wizard.where.title))
  expect(field.value).toBe(id)
  expect([...field.options].map(({ text }) => text)[0]).toBe(texts.experiments.wizard.where.here)
})
