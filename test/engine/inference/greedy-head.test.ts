import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { precisions } from '../../../src/main/contract/precision.ts'
import { GreedyHead } from '../../../src/main/engine/inference/greedy-head.ts'
import { createInference, type InferenceModel } from '../../../src/main/engine/inference/index.ts'
import { Screen } from '../../../src/main/engine/inference/screen.ts'
import { readGenerationConfig, type GenerationConfig } from '../../../src/main/models/generation-config.ts'
import { Random } from '../../../src/main/random/random.ts'
import { readCase, seq2seqCases, type Seq2SeqGolden } from '../../oracle/golden.ts'
import { goldenModel } from './golden-model.ts'

/** The oracle's heads are too small to be screened otherwise. */
beforeEach(() => void vi.spyOn(GreedyHead, 'pays').mockReturnValue(true))
afterEach(() => vi.restoreAllMocks())

async function answers(inference: ReturnType<typeof createInference>, inputs: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  const few = { beams: 1, maxNewTokens: 20, tokenBudget: 60 }
  for await (const { index, tokenIds } of inference.generate(inputs, few)) ids[index] = tokenIds.join(' ')
  return ids
}

async function answered(model: InferenceModel, inputs: readonly string[]): Promise<string[]> {
  const inference = createInference(model)
  const ids = await answers(inference, inputs)
  await inference.close()
  return ids
}

async function byHead(model: InferenceModel, inputs: readonly string[]): Promise<string[]> {
  vi.spyOn(GreedyHead, 'pays').mockReturnValue(false)
  const ids = await answered(model, inputs)
  vi.spyOn(GreedyHead, 'pays').mockReturnValue(true)
  return ids
}

function inputsFor(vocabulary: number): string[] {
  const random = new Random(6)
  const word = (): number => random.between(4, vocabulary - 1)
  return Array.from({ length: 9 }, () => Array.from({ length: random.between(2, 24) }, word).join(' '))
}

/** How many words the screen told, and how many it left to the head. */
async function counted(work: () => Promise<void>): Promise<{ told: number; left: number }> {
  const choose = vi.spyOn(Screen.prototype, 'choose')
  await work()
  const chosen = choose.mock.settledResults.flatMap((result) => (result.type === 'fulfilled' ? result.value : []))
  choose.mockRestore()
  const left = chosen.filter((id) => id === null).length
  return { told: chosen.length - left, left }
}

describe.each(seq2seqCases)('%s', (name) => {
  test.each(precisions)('answers in %s have the ids of the head, whatever must not come', async (precision) => {
    const golden = await readCase<Seq2SeqGolden>(name)
    const own = { ...(await readGenerationConfig(golden.folder)), forcedEos: null }
    const settings: GenerationConfig[] = [
      own,
      { ...own, eos: [5, 17, 29], minLength: 6, noRepeatNgramSize: 2, forcedBos: 4, forcedEos: 5 },
      { ...own, repetitionPenalty: 1.4, suppressed: [7, 8, 9] }
    ]
    const inputs = inputsFor(golden.config.vocabularySize)
    for (const generation of settings) {
      const model = goldenModel(golden, { generation, precision })
      const expected = await byHead(model, inputs)
      const { told } = await counted(async () => expect(await answered(model, inputs)).toEqual(expected))
      if (generation.repetitionPenalty === 1) expect(told).toBeGreaterThan(20)
      else expect(told).toBe(0)
    }
  })
})

test('what the screen does not tell is told by the head, each answer its own', async () => {
  const golden = await readCase<Seq2SeqGolden>('bart')
  const own = await readGenerationConfig(golden.folder)
  const model = goldenModel(golden, { generation: { ...own, eos: [5, 17], noRepeatNgramSize: 2, forcedEos: null } })
  const inputs = inputsFor(golden.config.vocabularySize)
  const expected = await byHead(model, inputs)
  const choose = Reflect.get(Screen.prototype, 'choose')
  let calls = 0
  vi.spyOn(Screen.prototype, 'choose').mockImplementation(async function (this: Screen, ...how) {
    const chosen = await choose.apply(this, how)
    calls++
    return chosen.map((id, at) => ((at + calls) % 3 === 0 ? id : null))
  })
  expect(await answered(model, inputs)).toEqual(expected)
  expect(calls).toBeGreaterThan(20)
})

test('weights that have changed are rounded anew', async () => {
  const golden = await readCase<Seq2SeqGolden>('bart')
  const generation = { ...(await readGenerationConfig(golden.folder)), forcedEos: null }
  const inputs = inputsFor(golden.config.vocabularySize)
  const before = goldenModel(golden, { generation })
  const random = new Random(2)
  const changed = new Map(
    [...golden.weights].map(([name, data]) => [name, data.map((value) => value + 0.1 * random.normal())])
  )
  const after = { ...before, weight: (name: string) => changed.get(name)! }
  let tuned = false
  const inference = createInference({ ...before, weight: (name) => (tuned ? after : before).weight(name) })
  const first = await answers(inference, inputs)
  expect(first).toEqual(await byHead(before, inputs))
  // As before a training.
  await inference.close()
  tuned = true
  const { told } = await counted(async () => {
    const second = await answers(inference, inputs)
    expect(second).toEqual(await byHead(after, inputs))
    expect(second).not.toEqual(first)
  })
  expect(told).toBeGreaterThan(20)
  await inference.close()
})

test('weights that are being trained are not screened', async () => {
  const golden = await readCase<Seq2SeqGolden>('t5')
  const model = goldenModel(golden, { generation: await readGenerationConfig(golden.folder), live: true })
  const { told, left } = await counted(
    async () => void (await answered(model, inputsFor(golden.config.vocabularySize)))
  )
  expect([told, left]).toEqual([0, 0])
})

test.each(['bart', 't5'] as const)('%s: a table of words with values that are no numbers is refused', async (name) => {
  const golden = await readCase<Seq2SeqGolden>(name)
  const model = goldenModel(golden, { generation: await readGenerationConfig(golden.folder) })
  const table =
    name === 'bart' ? 'model.shared.weight' : golden.weights.has('lm_head.weight') ? 'lm_head.weight' : 'shared.weight'
  const weight = (name: string): Float32Array =>
    name === table
      ? model.weight(name).map((value, at, { length }) => (at === length - 3 ? NaN : value))
      : model.weight(name)
  await expect(answered({ ...model, weight }, ['4 5 6'])).rejects.toMatchObject({ code: 'model-not-finite' })
})
