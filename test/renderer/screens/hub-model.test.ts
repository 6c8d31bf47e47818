import { cleanup, fireEvent, screen, waitFor } from '@testing-library/svelte'
import { afterEach, expect, test } from 'vitest'
import type { HubModelLook } from '../../../src/main/contract/models.ts'
import type { Client } from '../../../src/renderer/src/api/client.ts'
import GetModel from '../../../src/renderer/src/screens/models/GetModel.svelte'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, labError, overridden } from '../client.ts'
import { renderInApp } from '../in-app.ts'

/** A model of the hub is looked at in the wizard, before there is anything to wait for or to undo. */
afterEach(() => {
  cleanup()
  localStorage.clear()
})

const words = texts.models.wizard
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })
const next = () => button(texts.actions.next)

async function lookAt(repo: string, client: Client = fakeClient()): Promise<void> {
  await renderInApp(GetModel, {}, client)
  await fireEvent.click(screen.getByText(words.sources.hub.title))
  await fireEvent.click(next())
  expect(next().disabled).toBe(true)
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: repo } })
  await waitFor(() => expect(next().disabled).toBe(false))
  await fireEvent.click(next())
}

test('what was found is shown with size and licence, and then one goes on', async () => {
  const client = fakeClient()
  const seen = await client.catalog.lookAtModel({ repo: 'acme/harbour' })
  let found: (look: HubModelLook) => void = () => undefined
  const waiting = new Promise<HubModelLook>((resolve) => (found = resolve))
  await lookAt('acme/harbour', overridden(client, 'catalog', { lookAtModel: () => waiting }))
  await waitFor(() => expect(screen.getByText(words.looking('acme/harbour'))).toBeTruthy())
  expect(next().disabled).toBe(true)
  found(seen)
  await waitFor(() => expect(screen.getByText(words.fits('259'))).toBeTruthy())
  expect(screen.queryByText(words.looking('acme/harbour'))).toBeNull()
  expect(screen.getByText('apache-2.0')).toBeTruthy()
  expect(screen.getByText(seen.card!.title!)).toBeTruthy()
  expect(screen.getByText(seen.notes[0]!)).toBeTruthy()
  await fireEvent.click(next())
  expect(screen.getByText(words.steps.review.text)).toBeTruthy()
  expect(screen.getByText(/download acme\/harbour/)).toBeTruthy()
})

test('weights that no server gives in parts are named, and one goes on', async () => {
  await lookAt('acme/later')
  await waitFor(() => expect(screen.getByText(words.weightsLater('pytorch_model.bin'))).toBeTruthy())
  expect(next().disabled).toBe(false)
})

test('nobody goes on with a model that the lab cannot run; the way out leads to its name, and another is looked at', async () => {
  await lookAt('acme/qwen')
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('qwen2'))
  expect(next().disabled).toBe(true)
  await fireEvent.click(button(words.otherModel))
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'acme/harbour' } })
  await waitFor(() => expect(next().disabled).toBe(false))
  await fireEvent.click(next())
  await waitFor(() => expect(screen.getByText(words.fits('259'))).toBeTruthy())
})

test('where the network is gone one tries again and goes on, or takes a folder', async () => {
  const client = fakeClient()
  let gone = true
  const lookAtModel: Client['catalog']['lookAtModel'] = (input) =>
    gone ? Promise.reject(labError('offline', 'huggingface.co cannot be reached.')) : client.catalog.lookAtModel(input)
  await lookAt('acme/harbour', overridden(client, 'catalog', { lookAtModel }))
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('cannot be reached'))
  expect(button(words.folderInstead)).toBeTruthy()
  gone = false
  await fireEvent.click(button(texts.actions.tryAgain))
  await waitFor(() => expect(next().disabled).toBe(false))
  gone = true
  cleanup()
  localStorage.clear()
  await lookAt('acme/gone')
  await waitFor(() => expect(screen.getByRole('alert')).toBeTruthy())
  await fireEvent.click(button(words.folderInstead))
  expect(screen.getByRole('textbox', { name: words.folder })).toBeTruthy()
})
