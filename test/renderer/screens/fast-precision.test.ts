import { cleanup, fireEvent, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, expect, test } from 'vitest'
import FurtherTweaks from '../../../src/renderer/src/screens/experiments/FurtherTweaks.svelte'
import { NewExperiment } from '../../../src/renderer/src/state/wizards/new-experiment.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, memoryDrafts } from '../client.ts'
import { renderInApp } from '../in-app.ts'

afterEach(cleanup)

const words = texts.experiments.wizard.further

/** The further tweaks of a quick experiment, and the settings of its tuning. */
async function openForm() {
  const client = fakeClient()
  const form = new NewExperiment(client, memoryDrafts())
  await form.setPreset('quick')
  await renderInApp(FurtherTweaks, { form }, client)
  return { form, tune: form.wizard.values.settings!.tune }
}

test('fast tuning is offered with every way of tuning, a rounded base with LoRA alone; form and command line say the same', async () => {
  const { form, tune } = await openForm()
  const tuning = screen.getByLabelText<HTMLSelectElement>(words.tunePrecision)
  const fast = [...tuning.options].find(({ text }) => text === words.precisions.fast)!
  for (const method of ['full', 'last-blocks', 'lora'] as const) {
    tune.method = method
    await tick()
    expect([method, fast.disabled]).toEqual([method, false])
  }
  const base = screen.getByLabelText<HTMLSelectElement>(words.base)
  const four = [...base.options].find(({ text }) => text === words.bases['4-bit'])!
  expect(four.disabled).toBe(false)
  await fireEvent.change(base, { target: { value: four.value } })
  expect(form.spec).toMatchObject({ tune: { base: '4-bit' } })
  expect(form.command).toContain('tune.base=4-bit')
  tune.method = 'full'
  await tick()
  expect(four.disabled).toBe(true)
  expect(screen.queryByText(words.baseForLora)).not.toBeNull()
  tune.method = 'lora'
  await tick()
  await fireEvent.change(tuning, { target: { value: fast.value } })
  await fireEvent.change(screen.getByLabelText(words.answerPrecision), { target: { value: fast.value } })
  expect(form.spec).toMatchObject({ tune: { precision: 'fast' }, evaluation: { precision: 'fast' } })
  expect(form.command).toContain('tune.precision=fast')
  expect(form.command).toContain('evaluation.precision=fast')
})

test('half precision is offered for tuning alone, beside a base in full; the form says what it is', async () => {
  const { form, tune } = await openForm()
  const optionOf = (label: string, text: string) =>
    [...screen.getByLabelText<HTMLSelectElement>(label).options].find((option) => option.text === text)
  expect(optionOf(words.answerPrecision, words.precisions.half)).toBeUndefined()
  tune.method = 'lora'
  tune.base = '8-bit'
  await tick()
  const half = optionOf(words.tunePrecision, words.precisions.half)!
  expect(half.disabled).toBe(true)
  tune.base = 'full'
  await tick()
  expect(half.disabled).toBe(false)
  expect(screen.queryByText(words.halfHint)).toBeNull()
  await fireEvent.change(screen.getByLabelText(words.tunePrecision), { target: { value: half.value } })
  expect(form.spec).toMatchObject({ tune: { precision: 'half' } })
  expect(form.command).toContain('tune.precision=half')
  expect(screen.queryByText(words.halfHint)).not.toBeNull()
  expect(optionOf(words.base, words.bases['8-bit'])!.disabled).toBe(true)
})
