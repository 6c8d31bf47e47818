/** The engine's surface from folder to trained folder, with small models made on the spot. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine, TrainExample, Training, TrainSettings, TrainStep } from '../../src/main/engine/engine.ts'
import { loadEngine } from '../../src/main/engine/load.ts'
import { normalNumbers } from '../../src/main/random/labelled.ts'
import { createModelFolder } from '../../src/main/models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../../src/main/models/tokenizers/train-bpe.ts'

const home = mkdtempSync(join(tmpdir(), 'engine-test-'))
const bart = join(home, 'bart')
const roberta = join(home, 'roberta')
const encoder = join(home, 'encoder')
const colours = ['red', 'green', 'blue', 'white', 'black', 'brown', 'pink', 'grey']
const examples: TrainExample[] = colours.flatMap((first) =>
  colours.map((second) => ({ input: `last of ${first} ${second}`, output: second }))
)

const settings: TrainSettings = {
  ...{ method: 'full', optimizer: 'adamw', learningRate: 3e-3, weightDecay: 0, epsilon: 1e-8 },
  ...{ epochs: 6, batchSize: 16, accumulation: 1, warmupSteps: 2, clipNorm: 1, labelSmoothing: 0, dropout: 0 },
  ...{ maxInputTokens: 32, maxOutputTokens: 8, seed: 3, shuffle: true }
}

beforeAll(async () => {
  const tokenizer = trainByteLevelBpe(
    examples.flatMap(({ input, output }) => [input, output]),
    300
  )
  const common = { vocab_size: 320, bos_token_id: 0, pad_token_id: 1, eos_token_id: 2 }
  const bert = { ...common, hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 64 }
  await createModelFolder(
    bart,
    {
      ...{
        model_type: 'bart',
        ...common,
        d_model: 32,
        encoder_layers: 1,
        decoder_layers: 1,
        max_position_embeddings: 40
      },
      ...{
        encoder_attention_heads: 2,
        decoder_attention_heads: 2,
        encoder_ffn_dim: 64,
        decoder_ffn_dim: 64,
        decoder_start_token_id: 2
      }
    },
    normalNumbers(1, 'bart')
  )
  const pairFields = {
    architectures: ['RobertaForSequenceClassification'],
    num_labels: 2,
    max_position_embeddings: 42,
    type_vocab_size: 1
  }
  await createModelFolder(roberta, { model_type: 'roberta', ...bert, ...pairFields }, normalNumbers(1, 'roberta'))
  await createModelFolder(
    encoder,
    { model_type: 'roberta', ...bert, max_position_embeddings: 42, type_vocab_size: 1 },
    normalNumbers(1, 'encoder')
  )
  for (const folder of [bart, roberta, encoder]) await writeTokenizer(folder, tokenizer, 40)
})
afterAll(() => rm(home, { recursive: true }))

const load = (folder: string, patch?: string): Promise<Engine> =>
  loadEngine({ folder, provider: 'cpu', threads: 1, ...(patch === undefined ? {} : { patch }) })

async function run(training: Training): Promise<TrainStep[]> {
  const steps: TrainStep[] = []
  for await (const step of training) steps.push(step)
  return steps
}

describe('an encoder-decoder', () => {
  it('trains, and its patch and its full export are the trained model', async () => {
    const engine = await load(bart)
    const before = await engine.losses(examples)
    const training = await engine.train(examples, settings)
    const steps = await run(training)
    expect(steps.at(-1)).toMatchObject({ step: 24, totalSteps: 24, epoch: 5, last: true })
    expect(steps.at(-1)!.loss).toBeLessThan(steps[0]!.loss * 0.8)
    const [patch, full] = [join(home, 'patch'), join(home, 'full')]
    await training.export(patch, 'patch')
    await training.export(full, 'full')
    const own = await engine.losses(examples)
    expect(own[0]).toBeLessThan(before[0]!)
    await training.close()
    await engine.close()
    for (const loaded of [await load(bart, patch), await load(full)]) {
      expect(await loaded.losses(examples)).toEqual(own)
      expect(loaded.info.fingerprint).not.toBe(engine.info.fingerprint)
      await loaded.close()
    }
  })

  it('goes on from a checkpoint as if it had never stopped', async () => {
    const place = join(home, 'checkpoint')
    const whole = await load(bart)
    const wholeSteps = await run(await whole.train(examples, settings))
    const first = await load(bart)
    const training = await first.train(examples, settings, place)
    for await (const { step } of training) if (step === 10) break
    await training.saveCheckpoint(place)
    await first.close()
    const second = await load(bart)
    const rest = await run(await second.train(examples, settings, place))
    expect(rest).toEqual(wholeSteps.slice(10))
    expect(await second.losses(examples)).toEqual(await whole.losses(examples))
    await whole.close()
    await second.close()
  })

  it('trains LoRA with dropout of its own, checked on held-out examples', async () => {
    const engine = await load(bart)
    const lora = { rank: 2, alpha: 4, targets: ['q_proj', 'v_proj'], dropout: 0.1 }
    const early = { heldOut: 8, everySteps: 2, patience: 50 }
    const training = await engine.train(examples, {
      ...settings,
      epochs: 1,
      method: 'lora',
      lora,
      earlyStopping: early
    })
    const steps = await run(training)
    expect(steps.filter(({ heldOutLoss }) => heldOutLoss !== undefined).length).toBeGreaterThan(1)
    await training.export(join(home, 'adapter'), 'patch')
    await engine.close()
    const patched = await load(bart, join(home, 'adapter'))
    expect(await patched.losses(examples.slice(0, 1))).toHaveLength(1)
    const again = patched.train(examples, { ...settings, epochs: 1, method: 'lora', lora })
    await expect((await again).export(join(home, 'twice'), 'patch')).rejects.toMatchObject({ code: 'patch-on-patch' })
    await patched.close()
  })

  it('says what is wrong', async () => {
    const engine = await load(bart)
    await expect(engine.train([], settings)).rejects.toMatchObject({ code: 'empty-batch' })
    await expect(engine.trainPairs([], settings)).rejects.toMatchObject({ code: 'wrong-role' })
    const training = await engine.train(examples, { ...settings, epochs: 1 })
    await expect(engine.train(examples, settings)).rejects.toMatchObject({ code: 'training-running' })
    await training.close()
    await expect(engine.train(examples, settings)).rejects.toMatchObject({ code: 'already-trained' })
    await engine.close()
    await expect(load(bart, join(home, 'missing'))).rejects.toMatchObject({ code: 'patch-missing' })
    await expect(load(encoder, join(home, 'adapter'))).rejects.toMatchObject({ code: 'patch-mismatch' })
    await expect(load(bart, join(bart, 'model.safetensors'))).rejects.toMatchObject({ code: 'patch-mismatch' })
  })
})

describe('encoders', () => {
  it('learn which pairs belong together', async () => {
    const engine = await load(roberta)
    const pairs = examples.map(({ input, output }, index) => ({
      first: input,
      second: index % 2 === 0 ? output : `${output} not`,
      label: index % 2 === 0 ? 1 : 0
    }))
    const training = await engine.trainPairs(pairs, { ...settings, epochs: 8 })
    await run(training)
    const scores = await engine.scorePairs(pairs.map(({ first, second }) => [first, second] as const))
    const right = scores.filter((score, index) => score > 0.5 === (pairs[index]!.label === 1))
    expect(right.length / pairs.length).toBeGreaterThan(0.95)
    await engine.close()
  })

  it('learn to bring texts together, as their embeddings show', async () => {
    const engine = await load(encoder)
    const pairs = colours.map((colour) => ({ anchor: `something ${colour}`, positive: `last of ${colour}` }))
    const found = async (): Promise<number> => {
      const vectors = new Map<number, Float32Array>()
      const texts = [...pairs.map(({ anchor }) => anchor), ...pairs.map(({ positive }) => positive)]
      for await (const batch of engine.embed(texts, { normalize: true, pooling: 'mean' })) {
        const width = batch.vectors.length / batch.indices.length
        batch.indices.forEach((index, row) => vectors.set(index, batch.vectors.slice(row * width, (row + 1) * width)))
      }
      const similarity = (a: number, b: number) =>
        vectors.get(a)!.reduce((sum, value, at) => sum + value * vectors.get(b)![at]!, 0)
      return pairs.filter((_, anchor) => {
        const scores = pairs.map((_pair, positive) => similarity(anchor, pairs.length + positive))
        return scores.indexOf(Math.max(...scores)) === anchor
      }).length
    }
    const training = await engine.trainContrastive(pairs, { ...settings, epochs: 40, batchSize: 8 })
    const steps = await run(training)
    expect(steps.at(-1)!.loss).toBeLessThan(steps[0]!.loss / 4)
    expect(await found()).toBe(pairs.length)
    await engine.close()
  })
})
