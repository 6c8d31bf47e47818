import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/main/engine/engine.ts'
import { loadEngine } from '../../src/main/engine/load.ts'
import { embedAll, encoderOf } from '../../src/main/retrieval/encoder.ts'
import { answersToEmbed } from '../../src/main/retrieval/answers.ts'
import { relativeError } from '../oracle/golden.ts'

/** Made by `test/oracle/both_goldens.py`. */
interface Golden {
  rows: [string, string][]
  bart: { folder: string; prefix: string; maxTokens: number; inputs: number[][]; answers: number[][] }[]
  sentences: { folder: string; vectors: number[][] }
}

const oracle = join(import.meta.dirname, '../oracle')
const golden = JSON.parse(readFileSync(join(oracle, 'golden/both.json'), 'utf8')) as Golden
const texts = golden.rows.map(([input]) => input)
const answers = golden.rows.map(([, answer]) => answer)

const opened: Engine[] = []
afterAll(async () => {
  for (const engine of opened) await engine.close()
})
async function engineOf(folder: string, precision: 'fp32' | 'fast' = 'fp32'): Promise<Engine> {
  const engine = await loadEngine({ folder: join(oracle, folder), provider: 'cpu', threads: 1, precision })
  opened.push(engine)
  return engine
}
const both = (prefix: string, maxTokens: number) =>
  ({ representation: 'dense', prefix, maxTokens, over: 'both' }) as const

describe('dense vectors over inputs and answers', () => {
  test.each(golden.bart)(
    '$folder, prefix "$prefix", cut at $maxTokens: encoder mean and decoder state of PyTorch',
    async (one) => {
      const encoder = encoderOf(await engineOf(`folders/${one.folder}`), both(one.prefix, one.maxTokens))
      expect(encoder).toMatchObject({ dimension: 32, normalized: false })
      const vectors = await embedAll(encoder, texts, undefined, { answers })
      const expected = one.inputs.flatMap((mean, row) => [...mean, ...one.answers[row]!])
      expect(relativeError(vectors, expected)).toBeLessThan(1e-5)
      // Alone, each is what it is among others.
      for (const [row, text] of texts.entries()) {
        const alone = await embedAll(encoder, [text], undefined, { answers: [answers[row]!] })
        expect(relativeError(alone, expected.slice(32 * row, 32 * (row + 1)))).toBeLessThan(1e-5)
      }
    }
  )

  test('the first half is the vector of the input alone; of a BART no word of the answer is seen, as in the paper’s code', async () => {
    const engine = await engineOf('folders/bart')
    const settings = { representation: 'dense', prefix: '<s> ', maxTokens: 48 } as const
    const alone = await embedAll(encoderOf(engine, settings), texts)
    const encoder = encoderOf(engine, both('<s> ', 48))
    const vectors = await embedAll(encoder, texts, undefined, { answers })
    texts.forEach((_, row) =>
      expect(relativeError(vectors.slice(32 * row, 32 * row + 16), alone.slice(16 * row, 16 * row + 16))).toBeLessThan(
        1e-6
      )
    )
    expect(await embedAll(encoder, texts, undefined, { answers: texts.map(() => 'another answer') })).toEqual(vectors)
  })

  test('in the fast precision they are compared with the exact ones before they are used', async () => {
    const exact = await embedAll(encoderOf(await engineOf('folders/bart'), both('', 48)), texts, undefined, { answers })
    const fast = encoderOf(await engineOf('folders/bart', 'fast'), both('', 48))
    const vectors = await embedAll(fast, texts, undefined, { answers }).catch((error: unknown) => error)
    if (vectors instanceof Float32Array) expect(relativeError(vectors, exact)).toBeLessThan(0.2)
    else expect(vectors).toMatchObject({ code: 'fast-inaccurate' })
  })

  test('a T5 is refused by name: nobody has said what its vector would be', async () => {
    const encoder = encoderOf(await engineOf('folders/t5'), both('', 48))
    await expect(embedAll(encoder, texts, undefined, { answers })).rejects.toMatchObject({
      code: 'no-answers-read',
      details: { architecture: 't5' }
    })
  })
})

test('a sentence encoder reads "<input> Answer: <answer>." as one text', async () => {
  const settings = { representation: 'semantic', prefix: '', maxTokens: 512, over: 'both' } as const
  const encoder = encoderOf(await engineOf(`folders/${golden.sentences.folder}`), settings)
  const vectors = await embedAll(encoder, texts, undefined, { answers })
  expect(relativeError(vectors, golden.sentences.vectors.flat())).toBeLessThan(1e-5)
})

test('what has no answer is named', () => {
  expect(() => answersToEmbed(['a', null], (at) => `Example ${at + 1}`)).toThrow(/^Example 2 has no answer/)
})
