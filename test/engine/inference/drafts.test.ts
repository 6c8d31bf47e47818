import { describe, expect, test, vi } from 'vitest'
import { Drafts } from '../../../src/main/engine/inference/drafts.ts'
import { createInference } from '../../../src/main/engine/inference/index.ts'
import { readGenerationConfig } from '../../../src/main/models/generation-config.ts'
import { Random } from '../../../src/main/random/random.ts'
import { readCase, type Seq2SeqGolden } from '../../oracle/golden.ts'
import { goldenModel } from './golden-model.ts'

/** Ids that random weights like to repeat come from the model's own answers: inputs made of them have drafts that are right. */
describe.each(['bart', 't5', 'umt5', 'mbart'] as const)('%s', (name) => {
  test('drafts from the input change no answer, whatever constraints there are', async () => {
    const golden = await readCase<Seq2SeqGolden>(name)
    const own = await readGenerationConfig(golden.folder)
    const random = new Random(11)
    const word = (): number => random.between(4, golden.config.vocabularySize - 1)
    const settings = [
      { ...own, eos: [5, 17], forcedEos: null },
      { ...own, eos: [5, 17, 29], minLength: 6, noRepeatNgramSize: 3, forcedEos: 5 },
      { ...own, repetitionPenalty: 1.4, suppressed: [word(), word()] }
    ]
    const told = vi.spyOn(Drafts.prototype, 'learn')
    for (const generation of settings) {
      const inference = createInference(goldenModel(golden, { generation }))
      const answer = async (texts: string[], tokenBudget: number): Promise<string[]> => {
        const answers: string[] = []
        for await (const { index, tokenIds } of inference.generate(texts, { beams: 1, maxNewTokens: 24, tokenBudget }))
          answers[index] = tokenIds.join(' ')
        return answers
      }
      const plainly = async (texts: string[]): Promise<string[]> => {
        const off = vi.spyOn(Drafts, 'pay').mockReturnValue(false)
        const answers = await answer(texts, 4096)
        off.mockRestore()
        return answers
      }
      const first = Array.from({ length: 6 }, () => Array.from({ length: random.between(2, 12) }, word).join(' '))
      const said = await plainly(first)
      const inputs = [...first, ...said.map((ids, at) => `${first[at]!} ${ids} ${said[(at + 1) % 6]!}`)]
      const expected = await plainly(inputs)
      // Four at a time, one at a time, and all together with drafts at the end alone.
      for (const tokenBudget of [4 * Math.max(...inputs.map((input) => input.split(' ').length)), 1, 4096])
        expect(await answer(inputs, tokenBudget)).toEqual(expected)
      await inference.close()
    }
    const outcomes = told.mock.calls.filter(([drafted]) => drafted > 0)
    told.mockRestore()
    expect(outcomes.some(([, right]) => right > 0)).toBe(true)
    expect(outcomes.some(([drafted, right]) => right > 0 && right < drafted)).toBe(true)
    expect(outcomes.some(([, right]) => right === 0)).toBe(true)
  })
})

test('what follows the last ids in the input is proposed, the longest match first; wrong drafts become short and rare', () => {
  const drafts = new Drafts([7, 8, 1, 9, 7, 8, 2, 3, 4, 5, 6])
  expect(drafts.propose([9, 7, 8], 3)).toEqual([2, 3, 4])
  expect(drafts.propose([7, 8], 2)).toEqual([1, 9])
  expect(drafts.propose([6], 4)).toEqual([])
  expect(drafts.propose([], 4)).toEqual([])
  expect(drafts.propose([9], 0)).toEqual([])
  for (let wrong = 0; wrong < 3; wrong++) drafts.learn(4, 0)
  expect(drafts.propose([9], 4)).toEqual([])
  expect(drafts.propose([7, 8], 4)).toEqual([1])
  drafts.learn(1, 1)
  expect(drafts.propose([9], 4)).toEqual([7, 8])
})
