import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, describe, expect, test } from 'vitest'
import { constraintsOf } from '../../src/main/engine/inference/constraints.ts'
import { writeGraphs } from '../../src/main/engine/export-onnx.ts'
import type { Seq2SeqConfig } from '../../src/main/models/architectures/index.ts'
import { readGenerationConfig, type GenerationConfig } from '../../src/main/models/generation-config.ts'
import { savedName } from '../../src/main/models/locate.ts'
import { writeSafetensors } from '../../src/main/models/weights/write-safetensors.ts'
import { readCase, seq2seqCases, type Seq2SeqGolden } from '../oracle/golden.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-onnx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Nothing but ONNX Runtime: what it is given stands in the files. */
describe.each(seq2seqCases)('the graphs of %s for other programs', (name) => {
  test('answer as Transformers does, whatever the lengths in a batch', async () => {
    const read = await readCase<Seq2SeqGolden>(name)
    const { config, folder: from, parameters, weights, golden } = read
    if (config.role !== 'seq2seq') throw new Error(`${name} is no seq2seq model`)
    const to = mkdtempSync(join(folder, `${name}-`))
    const tensors = parameters.map(({ name: own, dims }) => ({
      name: savedName(config, own),
      dtype: 'F32' as const,
      shape: dims,
      data: weights.get(own)!
    }))
    await writeSafetensors(join(to, 'model.safetensors'), tensors)
    await writeGraphs(to, config)
    const sessions = await Promise.all(
      ['encoder_model', 'decoder_model', 'decoder_with_past_model'].map((file) =>
        InferenceSession.create(join(to, `${file}.onnx`))
      )
    )
    const greedy = golden.generated.filter(({ settings }) => settings.num_beams === 1)
    expect(greedy.length).toBeGreaterThan(0)
    for (const { batch, settings, ids } of greedy) {
      const { source } = golden.batches[batch]!
      const longest = settings.max_new_tokens
      const answered = await answers(sessions, config, source, longest, await readGenerationConfig(from))
      expect(answered.ids).toEqual(ids.map((row) => cut(row.slice(1), config)))
      const hidden = read.expected(`hidden:${batch}`)
      const width = Math.max(...source.map((row) => row.length))
      source.forEach((row, index) => {
        for (let at = 0; at < row.length * config.hiddenSize; at++) {
          const place = index * width * config.hiddenSize + at
          expect(Math.abs(answered.hidden[place]! - hidden[place]!)).toBeLessThan(2e-5)
        }
      })
    }
    await Promise.all(sessions.map((session) => session.release()))
  })
})

async function answers(
  [encoder, first, next]: InferenceSession[],
  config: Seq2SeqConfig,
  source: readonly (readonly number[])[],
  longest: number,
  settings: GenerationConfig
): Promise<{ ids: number[][]; hidden: Float32Array }> {
  const width = Math.max(...source.map((row) => row.length))
  const rectangle = (value: (row: readonly number[], at: number) => number): Tensor =>
    new Tensor(
      'int64',
      BigInt64Array.from(
        source.flatMap((row) => Array.from({ length: width }, (_, at) => value(row, at))),
        BigInt
      ),
      [source.length, width]
    )
  const column = (ids: readonly number[]): Tensor =>
    new Tensor('int64', BigInt64Array.from(ids, BigInt), [ids.length, 1])
  const mask = rectangle((row, at) => (at < row.length ? 1 : 0))
  const read = await encoder!.run({
    input_ids: rectangle((row, at) => row[at] ?? config.ids.pad),
    attention_mask: mask
  })
  const start = settings.decoderStart ?? config.ids.decoderStart
  const rules = constraintsOf(settings, longest, config.vocabularySize)
  const ids: number[][] = source.map(() => [])
  let past: Record<string, Tensor> = {}
  let out = await first!.run({
    input_ids: column(source.map(() => start)),
    encoder_attention_mask: mask,
    encoder_hidden_states: read['last_hidden_state']!
  })
  for (let count = 0; ;) {
    const scores = out['logits']!.data as Float32Array
    const { banned } = rules.feeds(ids.map((row, index) => ({ sequence: [start, ...row], source: source[index]! })))
    for (const place of (banned?.data ?? []) as BigInt64Array) scores[Number(place)] = -Infinity
    ids.forEach((row, index) => {
      const own = scores.subarray(index * config.vocabularySize, (index + 1) * config.vocabularySize)
      row.push(rules.forced(row.length) ?? own.indexOf(Math.max(...own)))
    })
    if (++count === longest) break
    for (const [name, value] of Object.entries(out))
      if (name !== 'logits') past = { ...past, [name.replace('present', 'past_key_values')]: value }
    out = await next!.run({ input_ids: column(ids.map((row) => row.at(-1)!)), encoder_attention_mask: mask, ...past })
  }
  return { ids: ids.map((row) => cut(row, config)), hidden: read['last_hidden_state']!.data as Float32Array }
}

/** Up to the end; what stands behind it is padding. */
function cut(ids: readonly number[], config: Seq2SeqConfig): number[] {
  const end = ids.indexOf(config.ids.eos)
  return end < 0 ? [...ids] : ids.slice(0, end + 1)
}
