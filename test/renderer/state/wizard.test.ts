import { expect, test } from 'vitest'
import { Wizard, type WizardStep } from '../../../src/renderer/src/state/wizard.svelte.ts'
import { memoryDrafts } from '../client.ts'

interface Values {
  source: 'file' | 'hub' | null
  path: string
  name: string
}
const steps: WizardStep<Values>[] = [
  { id: 'source', title: 'Source', text: '', missing: (values) => (values.source ? null : 'choose') },
  {
    id: 'path',
    title: 'Path',
    text: '',
    applies: (values) => values.source === 'file',
    missing: (values) => (values.path ? null : 'path')
  },
  { id: 'name', title: 'Name', text: '', missing: (values) => (values.name ? null : 'name') }
]
const initial = (): Values => ({ source: null, path: '', name: '' })
const start = (storage = memoryDrafts()) => new Wizard('test', steps, initial, storage)

test('a step is left only when nothing is missing in it', () => {
  const wizard = start()
  wizard.next()
  expect(wizard.step.id).toBe('source')
  expect(wizard.missing).toBe('choose')
  wizard.values.source = 'file'
  wizard.next()
  expect(wizard.step.id).toBe('path')
})

test('steps that do not apply are skipped in both directions', () => {
  const wizard = start()
  wizard.values.source = 'hub'
  wizard.next()
  expect(wizard.step.id).toBe('name')
  wizard.back()
  expect(wizard.step.id).toBe('source')
})

test('going back keeps what was entered', () => {
  const wizard = start()
  wizard.values.source = 'file'
  wizard.next()
  wizard.values.path = '/data.csv'
  wizard.back()
  wizard.next()
  expect(wizard.values.path).toBe('/data.csv')
})

test('leaving and returning finds the same step and values', () => {
  const storage = memoryDrafts()
  const wizard = start(storage)
  wizard.values.source = 'file'
  wizard.next()
  wizard.values.path = '/data.csv'
  wizard.keep()
  const again = start(storage)
  expect(again.step.id).toBe('path')
  expect(again.values).toEqual({ source: 'file', path: '/data.csv', name: '' })
})

test('a kept step that can no longer be reached falls back to the last one that can', () => {
  const storage = memoryDrafts()
  storage.keep('test', JSON.stringify({ stepId: 'name', values: { source: 'file' } }))
  expect(start(storage).step.id).toBe('path')
})

test.each(['', 'null', '{', '[]', '{"values":3}', '{"stepId":7,"values":null}'])(
  'what is kept may be damaged: %s',
  (kept) => {
    const storage = memoryDrafts()
    storage.keep('test', kept)
    const wizard = start(storage)
    expect(wizard.step.id).toBe('source')
    expect(wizard.values).toEqual(initial())
  }
)

test('starting over forgets everything, also what was kept', () => {
  const storage = memoryDrafts()
  const wizard = start(storage)
  wizard.values.source = 'hub'
  wizard.next()
  wizard.keep()
  wizard.reset()
  expect(wizard.step.id).toBe('source')
  expect(storage.kept.size).toBe(0)
})
