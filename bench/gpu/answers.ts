/** Vectors and answers on the device and on the processor: the same, and how long they take. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Provider } from '../../src/main/contract/providers.ts'
import { decodeGreedily } from '../../src/main/engine/inference/greedy.ts'
import { createInference } from '../../src/main/engine/inference/index.ts'
import { Runners, type InferenceModel } from '../../src/main/engine/inference/model.ts'
import { meanCosine } from '../../src/main/engine/inference/check-fast.ts'
import type { ConfigFields } from '../../src/main/models/create.ts'
import { Random } from '../../src/main/random/random.ts'
import { bartBase, benchTexts, makeFolder, miniLm, openModel, writeVocabulary } from '../inference-model.ts'
import { sized } from '../size.ts'
import { plain, type BenchResult } from '../suite.ts'
import { atLeast } from './rows.ts'

type Report = (row: BenchResult) => void

export async function benchEmbedding(report: Report): Promise<void> {
  const count = sized(256, 8)
  const [cpu, gpu] = [await vectorsOf('cpu', count), await vectorsOf('webgpu', count)]
  const texts = (seconds: number): number => count / seconds
  report(plain('embedding, MiniLM shape, processor', texts(cpu.seconds), 'texts/s'))
  report(plain('embedding, MiniLM shape, WebGPU', texts(gpu.seconds), 'texts/s'))
  report(atLeast('embedding, WebGPU / processor', cpu.seconds / gpu.seconds, 10))
  const cosine = meanCosine(gpu.vectors, cpu.vectors, miniLm['hidden_size'] as number)
  report({ ...atLeast('embedding, mean cosine to the processor’s', cosine, 0.9999), unit: '' })
}

export async function benchGeneration(report: Report): Promise<void> {
  const size = { rows: sized(16, 2), tokens: sized(64, 3) }
  const [cpu, gpu] = [await answersOf('cpu', size), await answersOf('webgpu', size)]
  const rate = (seconds: number): number => (size.rows * size.tokens) / seconds
  const detail = `greedy, ${size.rows} inputs of 128 tokens, ${size.tokens} new ones`
  report(plain('generation, bart-base shape, processor', rate(cpu.seconds), 'tokens/s', detail))
  report(plain('generation, bart-base shape, WebGPU', rate(gpu.seconds), 'tokens/s'))
  report(atLeast('generation, WebGPU / processor', cpu.seconds / gpu.seconds, 2))
  const same = cpu.ids.filter((ids, row) => ids.join() === gpu.ids[row]!.join()).length
  const all = { aim: `all ${size.rows}`, holds: same === size.rows }
  report({ ...plain('generation, answers with the same ids', same, `of ${size.rows}`), ...all })
}

export async function vectorsOf(
  provider: Provider,
  count: number
): Promise<{ vectors: Float32Array; seconds: number }> {
  const texts = benchTexts(count)
  return withModel(miniLm, texts, provider, async (model) => {
    const inference = createInference(model)
    const width = miniLm['hidden_size'] as number
    const run = async (): Promise<Float32Array> => {
      const all = new Float32Array(texts.length * width)
      for await (const { indices, vectors } of inference.embed(texts))
        indices.forEach((index, row) => all.set(vectors.subarray(row * width, (row + 1) * width), index * width))
      return all
    }
    const vectors = await run()
    return { vectors, seconds: await secondsOf(run) }
  })
}

export async function answersOf(
  provider: Provider,
  { rows, tokens }: { rows: number; tokens: number }
): Promise<{ ids: number[][]; seconds: number }> {
  return withModel(bartBase, null, provider, async (model) => {
    // Random weights: every answer is to have the full length.
    const settings = { ...model.generation!, eos: [], forcedEos: null }
    const random = new Random(5)
    const ids = () => random.between(5, model.config.vocabularySize - 1)
    const sources = Array.from({ length: rows }, () => Array.from({ length: sized(128, 16) }, ids))
    const runners = new Runners(model)
    const run = () => decodeGreedily({ model, runners, inputs: sources, settings, start: 2, maxNewTokens: tokens })
    const first = await run()
    return { ids: first, seconds: await secondsOf(run) }
  })
}

async function withModel<T>(
  fields: ConfigFields,
  vocabularyOf: readonly string[] | null,
  provider: Provider,
  work: (model: InferenceModel) => Promise<T>
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'recross-gpu-'))
  try {
    await makeFolder(folder, fields)
    if (vocabularyOf) writeVocabulary(folder, vocabularyOf, fields['vocab_size'] as number)
    return await work(await openModel(folder, provider))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
