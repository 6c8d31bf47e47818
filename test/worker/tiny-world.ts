import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobInput } from '../../src/main/contract/jobs.ts'
import {
  evaluationSettingsSchema,
  retrievalSettingsSchema,
  tuneSettingsSchema
} from '../../src/main/contract/run-settings.ts'
import { Random } from '../../src/main/random/random.ts'
import { DatasetWriter, type NewExample } from '../../src/main/data/dataset-writer.ts'
import { createModelFolder } from '../../src/main/models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../../src/main/models/tokenizers/train-bpe.ts'

export const animals = ['cat', 'dog', 'owl', 'fox', 'hen', 'bee', 'ant', 'cow', 'pig', 'elk', 'yak', 'eel']
const colours = ['red', 'blue', 'green', 'grey', 'pink', 'black']

/** Upstream data of two tasks, two targets with three prompt variants per item, and a tiny BART with random weights. */
export interface TinyWorld {
  folder: string
  upstream: string
  targets: { id: string; path: string; metrics: ('em' | 'soft-em' | 'macro-f1')[] }[]
  model: string
  remove(): void
}

export async function makeTinyWorld(): Promise<TinyWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'recross-tiny-'))
  const upstreamRows = [...naming(0, 40), ...colouring(0, 40)]
  const upstream = writeDataset(join(folder, 'upstream', 'examples.db'), 'upstream', upstreamRows)
  const targets = [
    { id: 'naming', path: writeDataset(join(folder, 'naming', 'examples.db'), 'target', naming(7, 8)) },
    { id: 'colouring', path: writeDataset(join(folder, 'colouring', 'examples.db'), 'target', colouring(3, 6)) }
  ].map((target) => ({ ...target, metrics: ['em' as const, 'soft-em' as const, 'macro-f1' as const] }))
  const model = join(folder, 'model')
  await makeTinyModel(model, upstreamRows)
  return { folder, upstream, targets, model, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Input of a run with small settings; change what a test is about. */
export function runInput(world: TinyWorld, changes: Partial<JobInput<'run-strategy'>> = {}): JobInput<'run-strategy'> {
  return {
    runId: 'run-1',
    fingerprint: 'f1',
    strategy: 'lexical',
    round: 0,
    seed: 42,
    model: { id: 'tiny', folder: world.model, prefix: '' },
    dataset: world.upstream,
    indices: [],
    reranker: null,
    targets: world.targets.slice(0, 1).map(({ id, path, metrics }) => ({
      targetId: id,
      dataset: path,
      metrics,
      answerBy: 'generation',
      queries: [
        { input: 'Which animal is this: owl?', outputs: ['owl'], sourceId: 'q1' },
        { input: 'Name the animal. It is a fox.', outputs: ['fox'], sourceId: 'q2' }
      ],
      excludedIds: []
    })),
    tuning: null,
    retrieval: retrievalSettingsSchema.parse({ budget: 16 }),
    tune: tuneSettingsSchema.parse({ learningRate: 1e-3, maxInputTokens: 32, maxOutputTokens: 8 }),
    evaluation: evaluationSettingsSchema.parse({ beams: 1, maxInputTokens: 32, maxOutputTokens: 6 }),
    provider: 'cpu',
    identities: [],
    ...changes
  }
}

export function writeDataset(path: string, kind: 'upstream' | 'target', rows: readonly NewExample[]): string {
  const writer = new DatasetWriter(path, { name: kind, kind })
  for (const row of rows) writer.add(row)
  writer.seal()
  return path
}

function naming(seed: number, items: number): NewExample[] {
  const random = new Random(seed)
  return Array.from({ length: items }, (_, item) => {
    const animal = random.pick(animals)
    const colour = random.pick(colours)
    const prompts = [
      `Which animal is this: ${animal}?`,
      `Name the animal. It is a ${colour} ${animal}.`,
      `${animal}, a what?`
    ]
    return prompts.map((input, variant) => example('naming', 'words', input, animal, variant, item))
  }).flat()
}

function colouring(seed: number, items: number): NewExample[] {
  const random = new Random(seed)
  return Array.from({ length: items }, (_, item) => {
    const animal = random.pick(animals)
    const colour = random.pick(colours)
    const prompts = [
      `What colour has the ${colour} ${animal}?`,
      `A ${colour} ${animal} runs. Its colour:`,
      `Colour of ${colour} ${animal}`
    ]
    return prompts.map((input, variant) => example('colouring', 'colours', input, colour, variant, item))
  }).flat()
}

function example(
  task: string,
  group: string,
  input: string,
  output: string,
  variant: number,
  item: number
): NewExample {
  return {
    input,
    outputs: [output],
    task,
    group,
    template: `v${variant}`,
    sourceId: `${task}|all|v${variant}|#${item}`,
    choices: task === 'naming' ? animals : null
  }
}

export async function makeTinyModel(folder: string, rows: readonly NewExample[]): Promise<void> {
  const texts = rows.flatMap((row) => [row.input, ...row.outputs])
  const vocabulary = 340
  await writeTokenizer(folder, trainByteLevelBpe(texts, vocabulary), 64)
  const random = new Random('tiny model')
  const shape = {
    d_model: 32,
    encoder_layers: 1,
    decoder_layers: 1,
    encoder_attention_heads: 2,
    decoder_attention_heads: 2
  }
  await createModelFolder(
    folder,
    {
      model_type: 'bart',
      ...shape,
      encoder_ffn_dim: 64,
      decoder_ffn_dim: 64,
      vocab_size: vocabulary,
      max_position_embeddings: 64,
      activation_function: 'gelu',
      scale_embedding: false,
      pad_token_id: 1,
      bos_token_id: 0,
      eos_token_id: 2,
      decoder_start_token_id: 2,
      forced_eos_token_id: 2,
      init_std: 0.02,
      dropout: 0.1
    },
    () => random.normal()
  )
}
