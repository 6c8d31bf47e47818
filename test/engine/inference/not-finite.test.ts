/** A model whose weights hold NaN never answers: every way of using it ends in an error that says so. */
import { expect, test } from 'vitest'
import { createInference } from '../../../src/main/engine/inference/index.ts'
import { readGenerationConfig } from '../../../src/main/models/generation-config.ts'
import { readCase, type GoldenCase, type Seq2SeqGolden } from '../../oracle/golden.ts'
import { goldenModel } from './golden-model.ts'

async function broken(golden: GoldenCase, weight: RegExp) {
  const generation = golden.config.role === 'seq2seq' ? await readGenerationConfig(golden.folder) : null
  const model = goldenModel(golden, { generation })
  return createInference({
    ...model,
    weight: (name) =>
      weight.test(name) ? model.weight(name).map((value, at) => (at === 3 ? NaN : value)) : model.weight(name)
  })
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items) continue
}

const notFinite = { code: 'model-not-finite' }

test.each(['bart', 't5'] as const)('%s: greedy, beams, choices and losses', async (name) => {
  const golden = await readCase<Seq2SeqGolden>(name)
  const text = golden.golden.batches[0]!.source[0]!.join(' ')
  const inference = await broken(golden, /decoder.*(fc2|wo)\.weight$/)
  await expect(drain(inference.generate([text], { beams: 1 }))).rejects.toMatchObject(notFinite)
  await expect(drain(inference.generate([text], { beams: 3 }))).rejects.toMatchObject(notFinite)
  await expect(drain(inference.rankChoices([{ input: text, choices: ['4 5', '6'] }]))).rejects.toMatchObject(notFinite)
  await expect(inference.losses([{ input: text, output: '4 5' }])).rejects.toMatchObject(notFinite)
  await inference.close()
})

test('vectors and scores of pairs', async () => {
  const encoder = await broken(await readCase('bert'), /output\.dense\.weight$/)
  await expect(drain(encoder.embed(['4 5 6']))).rejects.toMatchObject(notFinite)
  await encoder.close()
  const classifier = await broken(await readCase('roberta-pair'), /classifier\.dense\.weight$/)
  await expect(classifier.scorePairs([['4 5', '6']])).rejects.toMatchObject(notFinite)
  await classifier.close()
})
