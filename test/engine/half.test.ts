import { expect, test } from 'vitest'
import { chooseForHalf } from '../../src/main/engine/half-test.ts'
import { providerFor } from '../../src/main/engine/loaded-model.ts'
import { exactInHalf } from '../../src/main/engine/training/start.ts'
import { goldenModel, readGolden, settings, trainedOn } from './training/golden-model.ts'

test.each(['cpu', 'cuda', 'dml', 'coreml'] as const)('half precision on "%s" is refused by name', async (provider) => {
  await expect(chooseForHalf(provider)).rejects.toMatchObject({
    code: 'half-unavailable',
    message: expect.stringMatching(
      new RegExp(
        `the provider "${provider}" was chosen. Choose the precision "fp32", or the provider "webgpu" or "auto"`
      )
    ) as string
  })
})

test('where a model lies follows from the precision in which it will be trained', async () => {
  await expect(providerFor({ provider: 'cpu', tuning: 'half' })).rejects.toMatchObject({ code: 'half-unavailable' })
  expect(await providerFor({ provider: 'auto', tuning: 'fast' })).toMatchObject({ provider: 'cpu' })
  expect(await providerFor({ provider: 'cpu', tuning: 'fp32' })).toMatchObject({ provider: 'cpu' })
})

test('a model that lies on the processor does not begin to train in half precision', async () => {
  const model = await goldenModel('bart')
  await expect(trainedOn(model, readGolden('bart').batches, { ...settings, precision: 'half' })).rejects.toMatchObject({
    code: 'half-unavailable'
  })
})

test('T5 keeps those products in fp32 whose inputs are beyond half precision in its larger versions; BART has none', async () => {
  const t5 = await goldenModel('t5')
  const kept = [...exactInHalf(t5)]
  expect(kept).toHaveLength(t5.parameters.filter(({ name }) => name.endsWith('.wo.weight')).length)
  expect(kept.length).toBeGreaterThan(1)
  expect(exactInHalf(await goldenModel('bart')).size).toBe(0)
})
