import { expect, test } from 'vitest'
import { presetSchema } from '../../../src/main/contract/experiments.ts'
import { foundRateSchema } from '../../../src/main/contract/rate-test.ts'
import { chosenByLabels } from '../../../src/main/features/experiments/chosen-rate.ts'
import { presetSpec } from '../../../src/main/features/experiments/presets.ts'

const found = foundRateSchema.parse({ rate: 3.3e-4, method: 'full', labelsOf: ['CB'] })

test.each(presetSchema.options)('the preset %s begins with the rate that was kept for the model', (preset) => {
  for (const parameters of [1e6, 60e6, 406e6, 3e9]) {
    const { tune } = presetSpec(preset, { parameters, foundRate: { ...found, method: presetSpec(preset).tune.method } })
    expect(tune.learningRate).toBe(3.3e-4)
    const other = presetSpec(preset, { parameters, foundRate: { ...found, method: 'lora' } })
    if (presetSpec(preset).tune.method !== 'lora') expect(other.tune.learningRate).not.toBe(3.3e-4)
  }
})

test('that labels of queries chose a rate is said where it is tuned with, and only there', () => {
  const model = { name: 'My base', foundRate: found }
  const tune = { learningRate: 3.3e-4, method: 'full' }
  expect(chosenByLabels(model, tune)).toBe(
    'The learning rate 0.00033 of My base was chosen by labels of queries of CB (range test): with it the tuning is not without labels there.'
  )
  expect(chosenByLabels(model, { ...tune, learningRate: 1e-3 })).toBeNull()
  expect(chosenByLabels(model, { ...tune, method: 'lora' })).toBeNull()
  expect(
    chosenByLabels({ ...model, foundRate: foundRateSchema.parse({ rate: 3.3e-4, method: 'full' }) }, tune)
  ).toBeNull()
  expect(chosenByLabels({ ...model, foundRate: null }, tune)).toBeNull()
})
