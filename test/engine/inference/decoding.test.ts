import { describe, expect, test, vi } from 'vitest'
import { Random } from '../../../src/main/random/random.ts'
import { decodeByBeams } from '../../../src/main/engine/inference/beam.ts'
import { Decoder } from '../../../src/main/engine/inference/decoder.ts'
import { decodeGreedily } from '../../../src/main/engine/inference/greedy.ts'
import { createInference } from '../../../src/main/engine/inference/index.ts'
import { Runners, type InferenceModel } from '../../../src/main/engine/inference/model.ts'
import type { Seq2SeqConfig } from '../../../src/main/models/config.ts'
import { readGenerationConfig } from '../../../src/main/models/generation-config.ts'
import { readCase, seq2seqCases, type GoldenCase, type Seq2SeqGolden } from '../../oracle/golden.ts'
import { goldenModel } from './golden-model.ts'

async function decode(
  model: InferenceModel,
  { config }: GoldenCase,
  sources: number[][],
  beams: number,
  maxNewTokens: number
): Promise<{ ids: number[]; score: number | null }[]> {
  const runners = new Runners(model)
  const start = (config as Seq2SeqConfig).ids.decoderStart
  const settings = model.generation!
  try {
    const decoding = { model, runners, inputs: sources, settings, start, maxNewTokens }
    if (beams > 1) return await decodeByBeams(decoding, beams)
    const answers = await decodeGreedily(decoding)
    return answers.map((ids) => ({ ids, score: null }))
  } finally {
    await runners.release()
  }
}

/** Without the start, and without what `generate` fills up with behind the end token. */
function answerOf(row: readonly number[], eos: number): number[] {
  const ids = row.slice(1)
  const end = ids.indexOf(eos)
  return end < 0 ? ids : ids.slice(0, end + 1)
}

describe.each(seq2seqCases)('%s', (name) => {
  test.each([false, true])(
    'writes what Transformers writes, greedily and with beams (live weights: %s)',
    async (live) => {
      const golden = await readCase<Seq2SeqGolden>(name)
      const { eos } = (golden.config as Seq2SeqConfig).ids
      const model = goldenModel(golden, { live, generation: await readGenerationConfig(golden.folder) })
      const lengths = new Set<number>()
      for (const { batch, settings, ids, scores } of golden.golden.generated) {
        const sources = golden.golden.batches[batch]!.source
        const answers = await decode(model, golden, sources, settings.num_beams, settings.max_new_tokens)
        ids.forEach((row, index) => {
          const expected = answerOf(row, eos)
          expect(answers[index]!.ids).toEqual(expected)
          if (scores) expect(answers[index]!.score).toBeCloseTo(scores[index]!, 4)
          lengths.add(expected.length)
        })
      }
      // The goldens are of use only if answers end at different places; these two models, with random weights, have two.
      const least = name === 'pegasus' || name === 'mt5-v4' ? 2 : 4
      expect(lengths.size).toBeGreaterThanOrEqual(least)
    }
  )
})

test('an answer does not depend on the others in its batch', async () => {
  const golden = await readCase<Seq2SeqGolden>('bart')
  const generation = await readGenerationConfig(golden.folder)
  const sources = golden.golden.batches.flatMap(({ source }) => source)
  for (const beams of [1, 4]) {
    const model = goldenModel(golden, { generation })
    const together = await decode(model, golden, sources, beams, 14)
    for (const [index, source] of sources.entries()) {
      const [alone] = await decode(model, golden, [source], beams, 14)
      expect(together[index]!.ids).toEqual(alone!.ids)
    }
  }
})

/** Few seats: most inputs come while others are being answered, at other lengths, and the longest of them leave in between. */
test.each(['bart', 'umt5'] as const)(
  '%s: an input that takes a free place is answered as if it were alone',
  async (name) => {
    const golden = await readCase<Seq2SeqGolden>(name)
    // Random weights say the same again and again: with many ids that end an answer, some end at once and some never.
    const eos = Array.from({ length: 12 }, (_, index) => 4 + 9 * index)
    const generation = { ...(await readGenerationConfig(golden.folder)), eos, forcedEos: null }
    const model = goldenModel(golden, { generation })
    const random = new Random(4)
    const inputs = Array.from({ length: 14 }, () =>
      Array.from({ length: random.between(2, 30) }, () => random.between(4, golden.config.vocabularySize - 1)).join(' ')
    )
    const inference = createInference(model)
    const answered = async (texts: string[], beams: number, tokenBudget: number) => {
      const answers = new Map<number, { ids: readonly number[]; score: number | null }>()
      for await (const { index, tokenIds, score } of inference.generate(texts, {
        beams,
        tokenBudget,
        maxNewTokens: 30
      })) {
        answers.set(index, { ids: tokenIds, score })
      }
      return answers
    }
    const admitted = vi.spyOn(Decoder.prototype, 'admit')
    for (const beams of [1, 3]) {
      const lengths = new Set<number>()
      admitted.mockClear()
      const together = await answered(inputs, beams, 120 * beams)
      expect(admitted).toHaveBeenCalled()
      expect(together.size).toBe(inputs.length)
      for (const [index, input] of inputs.entries()) {
        const alone = (await answered([input], beams, 1)).get(0)!
        const { ids, score } = together.get(index)!
        expect(ids).toEqual(alone.ids)
        if (beams > 1) expect(score).toBeCloseTo(alone.score!, 4)
        lengths.add(ids.length)
      }
      expect(lengths.size).toBeGreaterThan(2)
    }
    await inference.close()
  }
)

test('stops at once when asked to', async () => {
  const golden = await readCase<Seq2SeqGolden>('bart')
  const model = goldenModel(golden, { generation: await readGenerationConfig(golden.folder) })
  const stopped = AbortSignal.abort()
  const sources = golden.golden.batches[0]!.source
  for (const beams of [1, 2]) {
    const runners = new Runners(model)
    const how = { settings: model.generation!, start: 2, maxNewTokens: 8, signal: stopped }
    const decoding = { model, runners, inputs: sources, ...how }
    const work = beams === 1 ? decodeGreedily(decoding) : decodeByBeams(decoding, beams)
    await expect(work).rejects.toThrow(/aborted/)
  }
})
