import { createReadStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Random } from '../src/main/random/random.ts'
import { DatasetWriter } from '../src/main/data/dataset-writer.ts'
import { openDataset } from '../src/main/data/dataset.ts'
import { physicalCores } from '../src/main/machine/cores.ts'
import { loadEngine } from '../src/main/engine/load.ts'
import { createModelFolder } from '../src/main/models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../src/main/models/tokenizers/train-bpe.ts'
import { buildIndex } from '../src/main/retrieval/build.ts'
import { encoderOf, type Encoder } from '../src/main/retrieval/encoder.ts'
import { sized } from './size.ts'
import type { BenchResult } from './suite.ts'

const dimension = 384
const maxTokens = 128

/**
 * Texts to saved index with an encoder of MiniLM's size (6 layers of 384, random weights: numbers do not change the time).
 * `RECROSS_BENCH_TEXTS` names a file with one text a line to take instead of made-up ones; `RECROSS_BENCH_EXAMPLES` is how many.
 */
export async function embeddingShare(folder: string, report: (result: BenchResult) => void): Promise<void> {
  const texts = await readTexts(Number(process.env['RECROSS_BENCH_EXAMPLES'] ?? sized(1024, 64)))
  const model = join(folder, 'encoder')
  await mkdir(model, { recursive: true })
  await makeEncoder(model, texts)
  const writer = new DatasetWriter(join(folder, 'examples.db'), { name: 'bench', kind: 'upstream' })
  for (const input of texts) writer.add({ input, outputs: ['yes'], task: 'bench' })
  writer.seal()
  const dataset = openDataset(join(folder, 'examples.db'))
  const engine = await loadEngine({ folder: model, provider: 'cpu' })
  const settings = { representation: 'semantic' as const, prefix: '', maxTokens }
  const clock = { inside: 0 }
  const encoder = timedEncoder(encoderOf(engine, settings), clock)
  // Graph optimisation and first allocations are not part of the rate.
  for await (const _ of encoder.embed(texts.slice(0, 64))) continue
  clock.inside = 0

  const started = performance.now()
  await buildIndex({
    ...settings,
    dataset,
    encoder: async () => encoder,
    encoderFingerprint: engine.info.fingerprint,
    modelId: 'bench',
    modelPrecision: 'fp32',
    vectorPrecision: 'fp32',
    dimension,
    similarity: 'cosine',
    search: 'exact',
    folder: join(folder, 'index'),
    threads: physicalCores(),
    madeOn: ['bench']
  })
  const total = (performance.now() - started) / 1000
  const tokenizing = performance.now()
  engine.countTokens(texts)
  const tokens = (performance.now() - tokenizing) / 1000
  await engine.close()
  dataset.close()
  const outside = total - clock.inside / 1000 + tokens
  report({
    name: `embedding ${texts.length.toLocaleString('en')} texts end to end, encoder of 6 × ${dimension}, cut at ${maxTokens}`,
    value: texts.length / total,
    unit: 'texts/s',
    aim: null,
    holds: null,
    detail: `${total.toFixed(1)} s from texts to saved index`
  })
  report({
    name: 'embedding: share of time outside the model',
    value: (outside / total) * 100,
    unit: '%',
    aim: 'under 5 %',
    holds: outside / total < 0.05,
    detail: `reading, writing, checksums ${(((outside - tokens) / total) * 100).toFixed(2)} %, tokenising ${((tokens / total) * 100).toFixed(2)} %`
  })
}

function timedEncoder(encoder: Encoder, clock: { inside: number }): Encoder {
  return {
    ...encoder,
    async *embed(texts, signal) {
      let from = performance.now()
      for await (const batch of encoder.embed(texts, signal)) {
        clock.inside += performance.now() - from
        yield batch
        from = performance.now()
      }
      clock.inside += performance.now() - from
    }
  }
}

async function readTexts(count: number): Promise<string[]> {
  const path = process.env['RECROSS_BENCH_TEXTS']
  if (path === undefined) return madeUp(count)
  const texts: string[] = []
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line.trim() !== '') texts.push(line)
    if (texts.length === count) break
  }
  return texts
}

/** Lengths as in real prompts: from a few words to more than fit. */
function madeUp(count: number): string[] {
  const random = new Random('bench texts')
  const words = Array.from({ length: 3000 }, () =>
    Array.from({ length: random.between(2, 9) }, () => String.fromCharCode(97 + random.below(26))).join('')
  )
  return Array.from({ length: count }, () =>
    Array.from({ length: Math.ceil(8 + 60 * random.uniform() ** 2) }, () => random.pick(words)).join(' ')
  )
}

async function makeEncoder(folder: string, texts: readonly string[]): Promise<void> {
  const vocabulary = 4000
  await writeTokenizer(folder, trainByteLevelBpe(texts.slice(0, 500), vocabulary), 512)
  const random = new Random('bench encoder')
  await createModelFolder(
    folder,
    {
      model_type: 'roberta',
      hidden_size: dimension,
      num_hidden_layers: 6,
      num_attention_heads: 12,
      intermediate_size: 1536,
      vocab_size: vocabulary,
      max_position_embeddings: 514,
      type_vocab_size: 1,
      hidden_act: 'gelu',
      layer_norm_eps: 1e-5,
      pad_token_id: 1,
      bos_token_id: 0,
      eos_token_id: 2
    },
    () => random.normal()
  )
}
