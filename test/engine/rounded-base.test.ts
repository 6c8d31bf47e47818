/** A base in 8 or 4 bits: what it stands for, products with it forward and backward, LoRA on it, and how it is read and kept. */
import type { RoundedWeights } from '../../src/main/contract/base-weights.ts'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBase, roundedFolder } from '../../src/main/engine/base-cache.ts'
import type { LoadOptions, TrainExample, TrainSettings } from '../../src/main/engine/engine.ts'
import { code, fromFourBits, toFourBits } from '../../src/main/engine/four-bits.ts'
import { loadEngine } from '../../src/main/engine/load.ts'
import { loadModel } from '../../src/main/engine/loaded-model.ts'
import { writeModelFolder } from '../../src/main/engine/model-folder.ts'
import { QuantizedBase } from '../../src/main/engine/quantized-base.ts'
import { GraphSession } from '../../src/main/engine/session.ts'
import { float32, floats } from '../../src/main/engine/tensors.ts'
import { seq2seqObjective } from '../../src/main/engine/training/seq2seq-objective.ts'
import { openDevice } from '../../src/main/engine/training/start.ts'
import { backward } from '../../src/main/gradient/index.ts'
import { GraphBuilder } from '../../src/main/graph/index.ts'
import { quantizedNames } from '../../src/main/models/context.ts'
import { createModelFolder } from '../../src/main/models/create.ts'
import { baseLayers, codeBlock } from '../../src/main/models/linear-layers.ts'
import { trainByteLevelBpe, writeTokenizer } from '../../src/main/models/tokenizers/train-bpe.ts'
import { openCheckpoint } from '../../src/main/models/weights/checkpoint.ts'
import { normalNumbers } from '../../src/main/random/labelled.ts'
import { normals } from '../gradient/random.ts'
import { relativeError } from '../oracle/golden.ts'

const home = mkdtempSync(join(tmpdir(), 'rounded-base-test-'))
const rounded: readonly RoundedWeights[] = ['8-bit', '4-bit']
const colours = ['red', 'green', 'blue', 'white', 'black', 'brown']
const examples: TrainExample[] = colours.flatMap((first) =>
  colours.map((second) => ({ input: `last of ${first} ${second}`, output: second }))
)
const settings: TrainSettings = {
  ...{ method: 'lora', lora: { rank: 4, alpha: 8 }, optimizer: 'adamw', learningRate: 1e-2, weightDecay: 0 },
  ...{ epsilon: 1e-8, epochs: 1, batchSize: 8, accumulation: 1, warmupSteps: 0, clipNorm: 1, labelSmoothing: 0 },
  ...{ dropout: 0, maxInputTokens: 32, maxOutputTokens: 8, seed: 3, shuffle: true, maxSteps: 4 }
}

// Widths that are no multiples of a block.
const common = { vocab_size: 320, bos_token_id: 0, pad_token_id: 1, eos_token_id: 2, decoder_start_token_id: 2 }
const bert = { hidden_size: 36, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 52 }
const folders: Record<string, Parameters<typeof createModelFolder>[1]> = {
  bart: {
    ...{ model_type: 'bart', ...common, d_model: 36, encoder_layers: 1, decoder_layers: 1 },
    ...{ max_position_embeddings: 40, encoder_attention_heads: 2, decoder_attention_heads: 2 },
    ...{ encoder_ffn_dim: 52, decoder_ffn_dim: 52 }
  },
  t5: {
    ...{ model_type: 't5', ...common, d_model: 36, d_ff: 52, d_kv: 10, num_heads: 2, num_layers: 2 },
    ...{ num_decoder_layers: 2, feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }
  },
  classifier: {
    ...{ model_type: 'roberta', ...common, ...bert, max_position_embeddings: 42, type_vocab_size: 1 },
    ...{ architectures: ['RobertaForSequenceClassification'], num_labels: 2 }
  }
}
const folderOf = (name: string): string => join(home, name)
const load = (folder: string, more: Partial<LoadOptions> = {}) =>
  loadEngine({ folder, provider: 'cpu', threads: 1, ...more })

beforeAll(async () => {
  const tokenizer = trainByteLevelBpe(
    examples.flatMap(({ input, output }) => [input, output]),
    300
  )
  for (const [name, config] of Object.entries(folders)) {
    await createModelFolder(folderOf(name), config, normalNumbers(1, name))
    await writeTokenizer(folderOf(name), tokenizer, 40)
    for (const base of rounded) {
      // The same model with the numbers that the rounded weights stand for, in full.
      const model = await loadModel({ folder: folderOf(name), provider: 'cpu', base })
      await writeModelFolder(model, `${folderOf(name)} ${base}`, (weight) => model.weights.data(weight))
    }
  }
})
afterAll(() => rm(home, { recursive: true }))

describe('the 4-bit code', () => {
  it('takes the nearest number of the code for each weight, and stands for it again', () => {
    const weight = Float32Array.from(normals(3 * codeBlock + 7, 1))
    weight.fill(0, codeBlock, 2 * codeBlock)
    const { values, scales } = toFourBits(weight)
    expect([values.length, scales.length]).toEqual([Math.ceil(weight.length / 2), 4])
    const expected = weight.map((value, at) => {
      const start = at - (at % codeBlock)
      const largest = Math.max(...weight.subarray(start, start + codeBlock).map(Math.abs))
      const best = [...code].sort((a, b) => Math.abs(a * largest - value) - Math.abs(b * largest - value))[0]!
      return best * largest
    })
    const found = fromFourBits({ values, scales }, new Float32Array(weight.length))
    // Between two numbers the middle may go either way.
    found.forEach((value, at) => {
      const off = Math.abs(value - weight[at]!) - Math.abs(expected[at]! - weight[at]!)
      expect(off).toBeLessThan(1e-3)
    })
    expect(relativeError(found, weight)).toBeLessThan(0.3)
    expect(toFourBits(found).values).toEqual(values)
  })

  it('shows what is not a number', () => {
    const weight = Float32Array.from(normals(2 * codeBlock, 2))
    weight[5] = Infinity
    const found = fromFourBits(toFourBits(weight), new Float32Array(weight.length))
    expect(found.subarray(0, codeBlock).some(Number.isFinite)).toBe(false)
    expect(found.subarray(codeBlock).every(Number.isFinite)).toBe(true)
  })
})

describe.each(rounded)('a product with weights in %s', (bits) => {
  it.each([
    [40, 48],
    [33, 27],
    [8, 130]
  ])('[%i, %i] is that of the numbers they stand for, forward and backward', async (outputs, inputs) => {
    const rows = 5
    const base = new QuantizedBase(bits)
    base.round('layer', Float32Array.from(normals(outputs * inputs, 1)), [outputs, inputs])
    const { data } = base.weight('layer.weight')
    const x = Float32Array.from(normals(rows * inputs, 2))
    const direction = Float32Array.from(normals(rows * outputs, 3))
    const names = quantizedNames('layer')
    const results: Record<string, Float32Array>[] = []
    for (const form of ['full', 'rounded']) {
      const g = new GraphBuilder()
      const fed = g.input('x', ['N', inputs])
      const weight = g.weight('layer.weight', [outputs, inputs])
      const values = () => {
        const { dims, type } = base.get(names.values)!
        return g.weight(names.values, dims, type as 'int8' | 'uint8')
      }
      const scale = () => g.weight(names.scale, base.get(names.scale)!.dims)
      const { block } = base.how(null)
      const y =
        form === 'full'
          ? g.linear(fed, weight)
          : g.dequantizedLinear(fed, weight, { values: values(), scale: scale(), block })
      const [dx] = backward(g, g.reduceSum(g.mul(y, g.input('direction', ['N', outputs])), [0, 1]), [fed])
      g.output('y', y)
      g.output('dx', dx!.dense!)
      const session = await GraphSession.create(g.build(), { threads: 1 })
      const feeds: Record<string, ReturnType<typeof float32>> = {
        x: float32(x, [rows, inputs]),
        direction: float32(direction, [rows, outputs])
      }
      for (const { value } of session.graph.inputs)
        feeds[value.name] ??= base.get(value.name) ?? float32(data, [outputs, inputs])
      const found = await session.run(feeds)
      results.push(Object.fromEntries(Object.entries(found).map(([name, value]) => [name, floats(value)])))
      await session.release()
    }
    const [full, own] = results as [Record<string, Float32Array>, Record<string, Float32Array>]
    expect(relativeError(own['y']!, full['y']!)).toBeLessThan(1e-5)
    expect(relativeError(own['dx']!, full['dx']!)).toBeLessThan(1e-5)
  })
})

async function gradients(options: LoadOptions): Promise<Map<string, Float32Array>> {
  const model = await loadModel({ provider: 'cpu', threads: 1, ...options })
  if (model.config.role !== 'seq2seq') throw new Error('an encoder-decoder was expected')
  const objective = seq2seqObjective({ ...model, config: model.config }, examples, settings)
  const { device, trained } = await openDevice(model, objective, { ...settings, recompute: true })
  try {
    let seed = 0
    await device.restore(async (weight, target) => {
      if (weight.endsWith('lora_B.weight')) target.set(normals(target.length, ++seed).map((value) => value * 0.05))
    })
    await device.accumulate({ feeds: objective.batch([0, 1, 2], objective.labels([0, 1, 2])).feeds, step: 0, part: 0 })
    const all = await device.gradients()
    return new Map(trained.map(({ name }, at) => [name, Float32Array.from(all[at]!)]))
  } finally {
    await device.close()
  }
}

describe.each(['bart', 't5'])('%s', (name) => {
  const folder = folderOf(name)
  describe.each(rounded)('with a base in %s', (base) => {
    const full = `${folder} ${base}`

    it('has the gradients of the model with the same numbers in full', async () => {
      const expected = await gradients({ folder: full })
      const found = await gradients({ folder, base })
      const unrounded = await gradients({ folder })
      expect([...found.keys()]).toEqual([...expected.keys()])
      for (const [weight, gradient] of expected) {
        expect([weight, relativeError(found.get(weight)!, gradient) < 1e-4]).toEqual([weight, true])
        expect([weight, relativeError(unrounded.get(weight)!, gradient) < 1e-4]).toEqual([weight, false])
      }
    })

    it('answers, scores and embeds as that model does, before and after LoRA', async () => {
      const steps: number[][] = []
      for (const options of [{ folder: full }, { folder, base }]) {
        const engine = await load(options.folder, options)
        const training = await engine.train(examples, settings)
        const losses: number[] = []
        for await (const { loss } of training) losses.push(loss)
        await training.export(join(home, 'patch', `${name} ${options.base ?? 'full'}`), 'patch')
        await training.close()
        await engine.close()
        steps.push(losses)
      }
      steps[0]!.forEach((loss, at) => expect(steps[1]![at]!).toBeCloseTo(loss, 4))
      expect(steps[0]!.at(-1)!).toBeLessThan(steps[0]![0]!)
      for (const tuned of [false, true]) {
        const engines = [
          await load(full, tuned ? { patch: join(home, 'patch', `${name} full`) } : {}),
          await load(folder, { base, ...(tuned ? { patch: join(home, 'patch', `${name} ${base}`) } : {}) })
        ]
        const found = await Promise.all(
          engines.map(async (engine) => {
            const answers: (readonly number[])[] = []
            for await (const { index, tokenIds } of engine.generate(
              examples.slice(0, 6).map(({ input }) => input),
              { maxNewTokens: 5 }
            ))
              answers[index] = tokenIds
            const vectors: number[] = []
            for await (const batch of engine.embed(examples.slice(0, 4).map(({ input }) => input)))
              vectors.push(...batch.vectors)
            const result = { answers, vectors, losses: await engine.losses(examples.slice(0, 6)) }
            await engine.close()
            return result
          })
        )
        const [expected, own] = found as [(typeof found)[0], (typeof found)[0]]
        expect(own.answers).toEqual(expected.answers)
        expect(relativeError(own.losses, expected.losses)).toBeLessThan(1e-4)
        expect(relativeError(own.vectors, expected.vectors)).toBeLessThan(1e-4)
      }
    })
  })
})

it.each(rounded)('a pair classifier in %s scores as the one with the same numbers in full', async (base) => {
  const folder = folderOf('classifier')
  const pairs = [['red green', 'green'] as const, ['blue', 'white black'] as const]
  const scores: number[][] = []
  for (const options of [{ folder: `${folder} ${base}` }, { folder, base }]) {
    const engine = await load(options.folder, options)
    scores.push(await engine.scorePairs(pairs))
    await engine.close()
  }
  expect(relativeError(scores[1]!, scores[0]!)).toBeLessThan(1e-5)
})

it('a base in 8 bits takes fast products too', async () => {
  const engine = await load(folderOf('t5'), { base: '8-bit', precision: 'fast' })
  const exact = await load(folderOf('t5'), { base: '8-bit' })
  const [fast, expected] = [await engine.losses(examples), await exact.losses(examples)]
  expect(fast).not.toEqual(expected)
  expect(relativeError(fast, expected)).toBeLessThan(0.05)
  const training = await engine.train(examples, { ...settings, precision: 'fast' })
  const losses: number[] = []
  for await (const { loss } of training) losses.push(loss)
  expect(losses.at(-1)!).toBeLessThan(losses[0]!)
  await training.close()
  await engine.close()
  await exact.close()
})

describe('is refused by name', () => {
  it.each([
    ['full', { method: 'full' }, '4-bit'],
    ['last-blocks', { method: 'last-blocks', lastBlocks: 1 }, '8-bit'],
    ['fast', { precision: 'fast' }, '4-bit'],
    ['half precision', { precision: 'half' }, '8-bit']
  ] as const)('%s', async (word, change, base) => {
    const engine = await load(folderOf('bart'), { base })
    await expect(engine.train(examples, { ...settings, ...change })).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining(word) as string
    })
    await engine.close()
  })

  it('whole weights that were tuned in full', async () => {
    const engine = await load(folderOf('bart'))
    const training = await engine.train(examples, { ...settings, method: 'full', maxSteps: 1 })
    for await (const _ of training);
    await training.export(join(home, 'whole'), 'patch')
    await training.close()
    await engine.close()
    await expect(load(folderOf('bart'), { base: '4-bit', patch: join(home, 'whole') })).rejects.toMatchObject({
      code: 'patch-mismatch'
    })
  })
})

describe.each(rounded)('what is rounded to %s', (bits) => {
  async function read(folder: string, fingerprint: string, keep = true) {
    const model = await loadModel({ folder: folderOf('t5'), provider: 'cpu' })
    const layers = baseLayers(model.config, model.parameters)
    const parameters = model.parameters.filter(({ name }) => layers.has(name.replace(/\.weight$/, '')))
    const checkpoint = await openCheckpoint(folderOf('t5'))
    const reads: { name: string; into: ArrayBufferLike | undefined }[] = []
    const counting = {
      read: (name: string, target?: Float32Array) => {
        reads.push({ name, into: target?.buffer })
        return checkpoint.read(name, target)
      }
    }
    const base = await readBase({ folder, fingerprint, checkpoint: counting, parameters, keep }, bits)
    await checkpoint.close()
    return { base, reads, parameters }
  }

  it('is read a tensor at a time into one array, kept, and used again for the same weights alone', async () => {
    const folder = join(home, `kept ${bits}`)
    await read(folder, 'a', false)
    expect(existsSync(folder)).toBe(false)
    const first = await read(folder, 'a')
    expect(first.reads.map(({ name }) => name)).toEqual(first.parameters.map(({ source }) => source))
    expect(new Set(first.reads.map(({ into }) => into)).size).toBe(1)
    expect(first.reads[0]!.into!.byteLength).toBe(4 * 36 * 52)
    const again = await read(folder, 'a')
    expect(again.reads).toEqual([])
    for (const { name } of first.parameters) expect(again.base.weight(name)).toEqual(first.base.weight(name))
    expect((await read(folder, 'b')).reads).toHaveLength(first.reads.length)
    writeFileSync(join(folder, roundedFolder, `${bits}.safetensors`), 'damaged')
    expect((await read(folder, 'b')).reads).toHaveLength(first.reads.length)
    expect((await read(folder, 'b')).reads).toEqual([])
  })

  it('serves where its folder cannot be written', async () => {
    const folder = join(home, `file ${bits}`)
    writeFileSync(folder, '')
    expect((await read(folder, 'a')).reads.length).toBeGreaterThan(0)
    expect(existsSync(join(folder, roundedFolder))).toBe(false)
  })

  it('changes what the model is known by, and nothing of what its folder is', async () => {
    const copy = join(home, `copy ${bits}`)
    await cp(folderOf('bart'), copy, { recursive: true })
    const [full, own] = [await load(copy), await load(copy, { base: bits })]
    const again = await load(copy)
    expect(own.info.fingerprint).not.toBe(full.info.fingerprint)
    expect(again.info.fingerprint).toBe(full.info.fingerprint)
    for (const engine of [full, own, again]) await engine.close()
  })
})
