/** A model whose weights hold NaN never answers: every way of using it ends in an error that says so. */
import { expect, test } from 'vitest'
import { precisions, type Precision } from '../../../src/main/contract/precision.ts'
import { createInference } from '../../../src/main/engine/inference/index.ts'
import { readGenerationConfig } from '../../../src/main/models/generation-config.ts'
import { readCase, type GoldenCase, type Seq2SeqGolden } from '../../oracle/golden.ts'
import { goldenModel } from './golden-model.ts'

async function broken(golden: GoldenCase, weight: RegExp, precision: Precision) {
  const generation = golden.config.role === 'seq2seq' ? await readGenerationConfig(golden.folder) : null
  const model = goldenModel(golden, { generation, precision })
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

const cases = (['bart', 't5'] as const).flatMap((name) => precisions.map((precision) => [name, precision] as const))

test.each(cases)('%s in %s: greedy, beams, choices and losses', async (name, precision) => {
  const golden = await readCase<Seq2SeqGolden>(name)
  const text = golden.golden.batches[0]!.source[0]!.join(' ')
  const inference = await broken(golden, /decoder.*(fc2|wo)\.weight$/, precision)
  await expect(drain(inference.generate([text], { beams: 1 }))).rejects.toMatchObject(notFinite)
  await expect(drain(inference.generate([text], { beams: 3 }))).rejects.toMatchObject(notFinite)
  await expect(drain(inference.rankChoices([{ input: text, choices: ['4 5', '6'] }]))).rejects.toMatchObject(notFinite)
  await expect(inference.losses([{ input: text, output: '4 5' }])).rejects.toMatchObject(notFinite)
  await inference.close()
})

test.each(precisions)('vectors and scores of pairs in %s', async (precision) => {
  const encoder = await broken(await readCase('bert'), /output\.dense\.weight$/, precision)
  await expect(drain(encoder.embed(['4 5 6']))).rejects.toMatchObject(notFinite)
  await encoder.close()
  const classifier = await broken(await readCase('roberta-pair'), /classifier\.dense\.weight$/, precision)
  await expect(classifier.scorePairs([['4 5', '6']])).rejects.toMatchObject(notFinite)
  await classifier.close()
})
