import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import DropAnywhere from '../../../src/renderer/src/parts/DropAnywhere.svelte'
import PathField from '../../../src/renderer/src/parts/PathField.svelte'
import GetData from '../../../src/renderer/src/screens/data/GetData.svelte'
import GetModel from '../../../src/renderer/src/screens/models/GetModel.svelte'
import { GetModel as ModelWizard } from '../../../src/renderer/src/state/wizards/get-model.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, memoryDrafts } from '../client.ts'
import { renderInApp } from '../in-app.ts'

/**
 * Folders that are dropped: under Electron they have a path; a browser tells none, so that the page says so and offers a list of the lab's
 * own to find them in.
 */
beforeEach(() => localStorage.clear())
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  location.hash = ''
})

const words = texts.wizards.path
const model = texts.models.wizard

/** What a browser hands over where a folder, or a file, was dropped. */
function transfer(name: string, holds: string[] | null) {
  const file = new File(['x'], name)
  const reader = { readEntries: (found: (entries: object[]) => void) => found((holds ?? []).map((name) => ({ name }))) }
  const entry = { name, isDirectory: holds !== null, isFile: holds === null, createReader: () => reader }
  return { types: ['Files'], files: [file], items: [{ kind: 'file', webkitGetAsEntry: () => entry }] }
}

function electron(path: string): void {
  vi.stubGlobal('recross', { pathOf: () => path, choose: () => Promise.resolve([]), onOpened: () => undefined })
}

const folderField = () => screen.getByRole<HTMLInputElement>('textbox', { name: model.folder })

async function openFolderStep(): Promise<void> {
  await renderInApp(GetModel, {})
  await fireEvent.click(screen.getByText(model.sources.folder.title))
  await fireEvent.click(screen.getByRole('button', { name: texts.actions.next }))
}

test('in a browser a folder is picked from the list of the lab, a model by one click', async () => {
  await openFolderStep()
  await fireEvent.click(screen.getByRole('button', { name: words.browse }))
  const dialog = within(await screen.findByRole('dialog'))
  await fireEvent.click(await dialog.findByRole('button', { name: 'models' }))
  expect(await dialog.findByText('/home/ada/models')).toBeTruthy()
  await fireEvent.click(dialog.getByRole('button', { name: words.up }))
  await fireEvent.click(await dialog.findByRole('button', { name: 'models' }))
  await fireEvent.click(await dialog.findByRole('button', { name: `bart0 ${words.isModel}` }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(folderField().value).toBe('/home/ada/models/bart0')
})

test('any folder can be chosen, and one begins where the path says, or anew where that is gone', async () => {
  await openFolderStep()
  await fireEvent.input(folderField(), { target: { value: '/home/ada/gone' } })
  await fireEvent.click(screen.getByRole('button', { name: words.browse }))
  const dialog = within(await screen.findByRole('dialog'))
  await fireEvent.click(await dialog.findByRole('button', { name: 'Documents' }))
  expect(await dialog.findByText(words.none)).toBeTruthy()
  await fireEvent.click(dialog.getByRole('button', { name: words.choose }))
  expect(folderField().value).toBe('/home/ada/Documents')
})

test('a folder that is dropped on the field in a browser is asked for by its name', async () => {
  await openFolderStep()
  await fireEvent.drop(screen.getByRole('group', { name: model.folder }), { dataTransfer: transfer('bart0', []) })
  expect((await screen.findByRole('dialog')).textContent).toContain(words.dropped('bart0'))
})

test.each([
  ['a folder', '/models/bart0'],
  ['a file of a model, by which its folder is meant', '/models/bart0']
])('under Electron %s that is dropped on the field is taken by its path', async (_, path) => {
  electron(path)
  await openFolderStep()
  await fireEvent.drop(screen.getByRole('group', { name: model.folder }), { dataTransfer: transfer('bart0', []) })
  await waitFor(() => expect(folderField().value).toBe(path))
})

test.each([
  ['a model', ['config.json', 'model.safetensors'], '#/models/new'],
  ['a model of sentence-transformers', ['modules.json'], '#/models/new'],
  ['a repository of the hub’s cache', ['blobs', 'refs', 'snapshots'], '#/models/new'],
  ['other files', ['rows.jsonl'], '#/data/new']
])(
  'in a browser a folder with %s that is dropped anywhere opens the wizard that takes it',
  async (_, holds, address) => {
    const { lab } = await renderInApp(DropAnywhere, {})
    await fireEvent.drop(window, { dataTransfer: transfer('bart0', holds) })
    await waitFor(() => expect(location.hash).toBe(address))
    expect(lab.brought.take('model', 'data')).toMatchObject({ folder: 'bart0' })
  }
)

test('the wizard for models asks where the dropped folder lies', async () => {
  const { lab } = await renderInApp(DropAnywhere, {})
  await lab.brought.bring({ folder: 'bart0', model: true })
  const form = new ModelWizard(fakeClient(), memoryDrafts())
  form.bring(lab.brought.take('model')!)
  expect(form.wizard.step.id).toBe('folder')
  await renderInApp(PathField, {
    ...{ label: model.folder, what: 'folder' as const, value: '', onchange: () => undefined },
    dropped: form.dropped
  })
  expect((await screen.findByRole('dialog')).textContent).toContain(words.dropped('bart0'))
})

test('the wizard for data says that a folder cannot be taken so, and what to do', async () => {
  await renderInApp(GetData, {})
  await fireEvent.click(screen.getByText(texts.data.wizard.sources.file.title))
  await fireEvent.click(screen.getByRole('button', { name: texts.actions.next }))
  const place = screen.getByRole('group', { name: texts.data.wizard.dropTitle })
  await fireEvent.drop(place, { dataTransfer: transfer('my rows', ['a.csv']) })
  expect(await screen.findByText(words.isFolder('my rows'))).toBeTruthy()
  await fireEvent.drop(place, { dataTransfer: transfer('a.csv', null) })
  await waitFor(() => expect(screen.queryByText(words.isFolder('my rows'))).toBeNull())
})
