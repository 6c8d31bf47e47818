import { describe, expect, test, vi } from 'vitest'
import { GraphBuilder } from '../../../src/main/graph/index.ts'
import { ModelContext } from '../../../src/main/models/context.ts'
import { Random } from '../../../src/main/random/random.ts'
import { createInference } from '../../../src/main/engine/inference/index.ts'
import { meanCosine } from '../../../src/main/engine/inference/check-fast.ts'
import { quantizedLayers, quantizeRows } from '../../../src/main/engine/quantized-weights.ts'
import { lengthSortedBatches } from '../../../src/main/engine/inference/batches.ts'
import type { SentenceConfig } from '../../../src/main/models/sentence-config.ts'
import { readGenerationConfig } from '../../../src/main/models/generation-config.ts'
import { encoderCases, pairCases, readCase, relativeError, type Seq2SeqGolden } from '../../oracle/golden.ts'
import { goldenModel } from './golden-model.ts'

const written = (ids: readonly number[]) => ids.join(' ')

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** Vectors in the order of the texts. */
async function vectorsOf(
  inference: ReturnType<typeof createInference>,
  texts: string[],
  width: number,
  options = {}
): Promise<Float32Array> {
  const result = new Float32Array(texts.length * width)
  for await (const { indices, vectors } of inference.embed(texts, options)) {
    indices.forEach((index, row) => result.set(vectors.subarray(row * width, (row + 1) * width), index * width))
  }
  return result
}

describe('embed', () => {
  test.each(encoderCases)('%s: the same vectors whatever the batches', async (name) => {
    const golden = await readCase<{ rows: number[][] }>(name)
    const texts = golden.golden.rows.map(written)
    const { hiddenSize } = golden.config
    for (const tokenBudget of [1, 30, 1000]) {
      const inference = createInference(goldenModel(golden))
      const vectors = await vectorsOf(inference, texts, hiddenSize, { tokenBudget, pooling: 'cls', normalize: true })
      expect(relativeError(vectors, golden.expected('cls:normalized'))).toBeLessThan(1e-4)
      await inference.close()
    }
  })

  test('pools as the folder of the model says, unless it is told otherwise', async () => {
    const golden = await readCase<{ rows: number[][] }>('mpnet')
    const texts = golden.golden.rows.map(written)
    const sentence: SentenceConfig = {
      ...{ pooling: ['cls'], poolsPrompt: true, after: [], normalize: true, maxTokens: null, lowercase: false },
      ...{ prompts: { query: '', passage: '', usual: '' }, similarity: 'cosine' }
    }
    const inference = createInference(goldenModel(golden, { sentence }))
    const { hiddenSize } = golden.config
    const usual = await vectorsOf(inference, texts, hiddenSize)
    expect(relativeError(usual, golden.expected('cls:normalized'))).toBeLessThan(1e-4)
    const told = await vectorsOf(inference, texts, hiddenSize, { pooling: 'mean', normalize: false })
    expect(relativeError(told, golden.expected('mean'))).toBeLessThan(1e-4)
    await inference.close()
  })

  test('an encoder-decoder gives the mean of its encoder states, also for texts that are cut', async () => {
    const golden = await readCase<Seq2SeqGolden>('bart')
    const { source } = golden.golden.batches[0]!
    const inference = createInference(goldenModel(golden))
    const { hiddenSize } = golden.config
    const vectors = await vectorsOf(inference, source.map(written), hiddenSize)
    expect(relativeError(vectors, golden.expected('mean:0'))).toBeLessThan(1e-4)
    const cut = await vectorsOf(inference, source.map(written), hiddenSize, { maxTokens: 4 })
    const short = await vectorsOf(
      inference,
      source.map((ids) => written(ids.slice(0, 4))),
      hiddenSize
    )
    expect(cut).toEqual(short)
    // 200 ids do not fit the 40 positions: they are cut without being asked.
    const long = await vectorsOf(inference, [written(Array.from({ length: 200 }, () => 5))], hiddenSize)
    expect(long.every(Number.isFinite)).toBe(true)
    await inference.close()
  })

  test('fast vectors point where the exact ones do', async () => {
    const golden = await readCase<{ rows: number[][] }>('roberta')
    const texts = golden.golden.rows.map(written)
    const inference = createInference(goldenModel(golden, { precision: 'fast' }))
    const { hiddenSize } = golden.config
    const vectors = await vectorsOf(inference, texts, hiddenSize)
    const cosine = meanCosine(vectors, golden.expected('mean'), hiddenSize)
    expect(cosine).toBeGreaterThan(0.99)
    expect(cosine).toBeLessThan(1)
    await inference.close()
  })

  test('values of attention are rounded for answers, and for vectors they are not', async () => {
    const golden = await readCase<Seq2SeqGolden>('bart')
    const inference = createInference(
      goldenModel(golden, { precision: 'fast', generation: await readGenerationConfig(golden.folder) })
    )
    const values = async (work: () => AsyncIterable<unknown>): Promise<Set<boolean>> => {
      const asked = vi.spyOn(ModelContext.prototype, 'linear')
      const made = vi.spyOn(GraphBuilder.prototype, 'quantizedLinear')
      for await (const _ of work()) continue
      const rounded = new Set(made.mock.calls.map(([, weight]) => weight.name))
      const found = asked.mock.calls.map(([, name]) => name).filter((name) => name.endsWith('v_proj'))
      vi.restoreAllMocks()
      return new Set(found.map((name) => rounded.has(`${name}.weight`)))
    }
    expect(await values(() => inference.embed([written([4, 5, 6])]))).toEqual(new Set([false]))
    expect(await values(() => inference.generate([written([4, 5, 6])]))).toEqual(new Set([true]))
    await inference.close()
  })

  test('fast is refused where it would give other vectors', async () => {
    const golden = await readCase<{ rows: number[][] }>('roberta')
    const model = goldenModel(golden, { precision: 'fast' })
    // One huge weight in a row leaves a single step of the 8-bit scale for all the others.
    const spoilt = (name: string) => {
      const weight = Float32Array.from(model.weight(name))
      if (name.endsWith('dense.weight'))
        for (let at = 0; at < weight.length; at += golden.config.hiddenSize) weight[at] = 40
      return weight
    }
    const inference = createInference({ ...model, weight: spoilt })
    await expect(collect(inference.embed(golden.golden.rows.map(written)))).rejects.toMatchObject({
      code: 'fast-inaccurate'
    })
    await inference.close()
  })

  test('nothing comes of nothing, and an empty text has a vector too', async () => {
    const golden = await readCase<{ rows: number[][] }>('bert')
    const inference = createInference(goldenModel(golden))
    expect(await collect(inference.embed([]))).toEqual([])
    const vectors = await vectorsOf(inference, ['', '5 6'], golden.config.hiddenSize)
    expect(vectors.subarray(0, golden.config.hiddenSize).some((value) => value !== 0)).toBe(true)
    await inference.close()
  })

  test('ids outside the vocabulary and senseless options are refused by name', async () => {
    const golden = await readCase<{ rows: number[][] }>('bert')
    const inference = createInference(goldenModel(golden))
    await expect(collect(inference.embed(['5 999']))).rejects.toMatchObject({ code: 'id-outside-vocabulary' })
    await expect(collect(inference.embed(['5'], { tokenBudget: 0 }))).rejects.toMatchObject({ code: 'bad-option' })
    await expect(collect(inference.generate(['5']))).rejects.toMatchObject({ code: 'wrong-role' })
    await expect(inference.scorePairs([['5', '6']])).rejects.toMatchObject({ code: 'wrong-role' })
    await inference.close()
  })
})

test('linear layers that are quantised: all of both stacks but the values of attention, no table', async () => {
  const golden = await readCase<Seq2SeqGolden>('t5-lm-adapted')
  const layers = [...quantizedLayers(golden.config, golden.parameters, 'results')]
  expect(layers).toHaveLength(2 * 6 + 2 * 9)
  expect(layers.every((name) => /^(en|de)coder\.block\./.test(name) && !name.endsWith('.v'))).toBe(true)
})

test('a quantised row times its scale is the row, to half a step', () => {
  const weight = Float32Array.from([1, -0.5, 0.25, 0, 0, 0])
  const { values, scales } = quantizeRows(weight, 2)
  expect([...values]).toEqual([127, -63, 32, 0, 0, 0])
  expect(scales[0]).toBeCloseTo(1 / 127, 8)
  expect(scales[1]).toBe(1)
  // What is not a number has no 8-bit form, and must not look like one.
  expect(quantizeRows(Float32Array.of(1, NaN), 1).scales[0]).toBeNaN()
  expect(quantizeRows(Float32Array.of(1, Infinity), 1).scales[0]).toBeNaN()
})

describe('generate', () => {
  test('answers come with their position, text and score', async () => {
    const golden = await readCase<Seq2SeqGolden>('bart')
    const generation = await readGenerationConfig(golden.folder)
    const { source } = golden.golden.batches[0]!
    const inference = createInference(goldenModel(golden, { generation }))
    const expected = golden.golden.generated.find(({ batch, settings }) => batch === 0 && settings.num_beams === 4)!
    for (const tokenBudget of [1, 10_000]) {
      const options = { maxNewTokens: 14, tokenBudget }
      const answers = await collect(inference.generate(source.map(written), options))
      expect(answers.map(({ index }) => index).sort()).toEqual([0, 1, 2])
      for (const { index, text, tokenIds, score } of answers) {
        expect(text).toBe(written(tokenIds))
        expect(expected.ids[index]!.slice(1, 1 + tokenIds.length)).toEqual(tokenIds)
        expect(score).toBeCloseTo(expected.scores![index]!, 4)
      }
    }
    await inference.close()
  })
})

describe('likelihoods', () => {
  test.each(['bart', 't5', 'flan-t5'] as const)(
    '%s: losses of examples add up to the loss of their batch',
    async (name) => {
      const golden = await readCase<Seq2SeqGolden>(name)
      const { batches } = golden.golden
      const inference = createInference(goldenModel(golden))
      const examples = batches.flatMap(({ source, target }) =>
        source.map((ids, row) => ({ input: written(ids), output: written(target[row]!) }))
      )
      const losses = await inference.losses(examples)
      let at = 0
      batches.forEach(({ target }, batch) => {
        const tokens = target.reduce((sum, row) => sum + row.length, 0)
        const total = target.reduce((sum, row) => sum + row.length * losses[at++]!, 0)
        expect(relativeError([total / tokens], [golden.golden.losses[batch]!])).toBeLessThan(1e-4)
      })
      await inference.close()
    }
  )

  test('ranking: several answers to one input are scored as if each were alone', async () => {
    const golden = await readCase<Seq2SeqGolden>('t5')
    const { source, target } = golden.golden.batches[0]!
    const inference = createInference(goldenModel(golden))
    const inputs = source.map((ids, row) => ({
      input: written(ids),
      choices: target.slice(0, row + 1).map(written)
    }))
    const ranked = await collect(inference.rankChoices(inputs))
    expect(ranked).toHaveLength(3)
    for (const { index, logLikelihoods, best } of ranked) {
      const losses = await asIfAlone(inference, inputs[index]!, logLikelihoods)
      expect(losses[best]).toBe(Math.min(...losses))
    }
    const none = inference.rankChoices([{ input: '5', choices: [] }])
    await expect(collect(none)).rejects.toMatchObject({ code: 'no-choices' })
    await inference.close()
  })

  // mBART's answers begin with their own last id; UMT5 has biases in every block.
  test.each(['bart', 't5', 'mbart', 'umt5'] as const)(
    '%s: answers that begin alike, are alike, hold each other, or are too many for one tree are scored as if each were alone',
    async (name) => {
      const golden = await readCase<Seq2SeqGolden>(name)
      const inference = createInference(goldenModel(golden))
      const random = new Random(23)
      const ids = (count: number) => Array.from({ length: count }, () => random.between(5, 8))
      const inputs = [3, 40].map((count) => ({
        input: written(ids(random.between(1, 20))),
        choices: Array.from({ length: count }, () => written(ids(random.between(1, 25))))
      }))
      inputs[0]!.choices.push(inputs[0]!.choices[0]!, `${inputs[0]!.choices[1]!} 9`)
      const ranked = await collect(inference.rankChoices(inputs))
      expect(ranked.map(({ index }) => index).sort()).toEqual([0, 1])
      for (const { index, logLikelihoods } of ranked) await asIfAlone(inference, inputs[index]!, logLikelihoods)
      await inference.close()
    }
  )
})

/** The losses of answers, each for itself, which their likelihoods must be. */
async function asIfAlone(
  inference: ReturnType<typeof createInference>,
  { input, choices }: { input: string; choices: string[] },
  logLikelihoods: Float32Array | readonly number[]
) {
  const losses = await inference.losses(choices.map((output) => ({ input, output })))
  expect(
    relativeError(
      logLikelihoods,
      losses.map((loss) => -loss)
    )
  ).toBeLessThan(1e-5)
  return losses
}

test.each(pairCases)('%s: pair scores are those of Transformers', async (name) => {
  const golden = await readCase<{ rows: number[][] }>(name)
  const inference = createInference(goldenModel(golden))
  const pairs = golden.golden.rows.map((row) => [written(row.slice(0, 2)), written(row.slice(2))] as const)
  const scores = await inference.scorePairs(pairs)
  expect(relativeError(scores, golden.expected('scores'))).toBeLessThan(1e-4)
  await inference.close()
})

test('batches: each row once, longest first, within the limits', () => {
  const lengths = [3, 50, 7, 7, 120, 1, 9]
  const batches = lengthSortedBatches(lengths, { tokens: 60, rows: 3 })
  expect(batches.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(batches[0]).toEqual([4])
  for (const batch of batches) {
    const longest = Math.max(...batch.map((index) => lengths[index]!))
    expect(batch.length === 1 || batch.length * longest <= 60).toBe(true)
    expect(batch.length).toBeLessThanOrEqual(3)
  }
})
