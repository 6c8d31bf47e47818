/** What the plan says a rounded base takes, in memory and on a card. */
import { expect, it } from 'vitest'
import { baseWarning } from '../../../src/main/features/experiments/plan-warnings.ts'
import { modelTypeOf, parametersOf } from '../../../src/main/models/architectures/index.ts'
import { cardBytes, weightBytes } from '../../../src/main/models/linear-layers.ts'

const fields = {
  ...{ model_type: 't5', vocab_size: 100, d_model: 64, d_kv: 16, d_ff: 128, num_heads: 4, num_layers: 2 },
  ...{ feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }
}
const config = modelTypeOf('t5')!.schema.parse(fields)
const parameters = parametersOf(config)

it('a card needs the weights as they lie and room for the largest layer in full', () => {
  for (const base of ['8-bit', '4-bit'] as const)
    expect(cardBytes(config, parameters, base) - weightBytes(config, parameters, base)).toBe(4 * 64 * 128)
  expect(cardBytes(config, parameters, 'full')).toBe(weightBytes(config, parameters, 'full'))
})

it('the plan tells the memory of a card where one computes, and only there', () => {
  const weights = { bytes: 2e9, inFull: 11.4e9, onCard: null }
  expect(baseWarning('4-bit', weights)).not.toContain('card')
  const said = baseWarning('4-bit', { ...weights, onCard: 2.1e9 })
  expect(said).toMatch(/lie in 4 bits: 2(\.0)? GB of memory instead of 11\.4 GB\. On the graphics card .* 2\.1 GB/)
})
