import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobInput, JobKind, JobOutput } from '../../src/main/contract/jobs.ts'
import { Random } from '../../src/main/random/random.ts'
import { miningSettingsSchema, type MiningSettings } from '../../src/main/contract/minings.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import type { NewExample } from '../../src/main/data/dataset-writer.ts'
import { loadEngine } from '../../src/main/engine/load.ts'
import { fingerprintModel } from '../../src/main/models/fingerprint.ts'
import type { JobContext } from '../../src/main/worker/job.ts'
import { loadJob } from '../../src/main/worker/registry.ts'
import { makeTinyModel, writeDataset } from './tiny-world.ts'

/**
 * Upstream data in which it is known what helps: tasks of one group answer with the same two words, and the two groups with
 * different ones. Learning the answers of one's own group lowers the loss, those of the other group raise it. The base is a tiny
 * BART with random weights, which has everything to learn.
 */
export interface ToySupervision {
  folder: string
  dataset: string
  model: string
  fingerprint: string
  remove(): void
}

const groups = { stones: ['ruby', 'opal'], winds: ['north', 'south'] } as const
const words = ['cat', 'dog', 'owl', 'fox', 'hen', 'bee', 'ant', 'cow', 'pig', 'elk', 'yak', 'eel']

export async function makeToySupervision({ tasks = 3, rows = 60 } = {}): Promise<ToySupervision> {
  const folder = mkdtempSync(join(tmpdir(), 'recross-toy-'))
  const random = new Random('toy supervision')
  const all = Object.entries(groups).flatMap(([group, answers]) =>
    Array.from({ length: tasks }, (_, task) =>
      Array.from({ length: rows }, (_, row): NewExample => {
        const text = `${random.sample(words, 4).join(' ')}, ${group === 'stones' ? 'which stone' : 'which wind'} ${'abc'[task]}?`
        const name = `${group}_${task}`
        const source = { task: name, group, template: 'v0', sourceId: `${name}|train|v0|#${row}`, choices: null }
        return { ...source, input: text, outputs: [random.pick(answers)] }
      })
    ).flat()
  )
  const dataset = writeDataset(join(folder, 'upstream', 'examples.db'), 'upstream', all)
  const model = join(folder, 'model')
  await makeTinyModel(model, all)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  return { folder, dataset, model, fingerprint: await fingerprintModel(model), remove }
}

/**
 * A base that has learnt how the toy's answers look and not which belongs to what: all four are equally likely. Rows of a task's own
 * group then help, and those of the other group hurt, since what one pair of answers wins the other loses.
 */
export async function teachAnswers(toy: ToySupervision): Promise<ToySupervision> {
  const model = join(toy.folder, 'knows answers')
  cpSync(toy.model, model, { recursive: true })
  const dataset = openDataset(toy.dataset)
  const answers = Object.values(groups).flat()
  const examples = [...dataset.iterate()].map(({ input }, at) => ({ input, output: answers[at % answers.length]! }))
  dataset.close()
  const engine = await loadEngine({ folder: toy.model, provider: 'cpu', threads: 1 })
  try {
    const training = await engine.train(examples, {
      ...{ method: 'full', optimizer: 'adamw', learningRate: 6e-3, weightDecay: 0.01, epsilon: 1e-8, epochs: 3 },
      ...{ batchSize: 16, accumulation: 1, warmupSteps: 4, clipNorm: 1, labelSmoothing: 0, dropout: 0 },
      ...{ maxInputTokens: 48, maxOutputTokens: 8, prefix: '', seed: 1, shuffle: true }
    })
    for await (const _ of training);
    await training.export(model, 'full')
    await training.close()
  } finally {
    await engine.close()
  }
  return { ...toy, model, fingerprint: await fingerprintModel(model) }
}

/** Small, and with everything to see: change what a test is about. */
export function toyMining(
  toy: ToySupervision,
  settings: Partial<MiningSettings> = {},
  changes: Partial<JobInput<'mine-pairs'>> = {}
): JobInput<'mine-pairs'> {
  return {
    miningId: 'mining-1',
    name: 'Toy',
    datasetId: 'toy',
    dataset: toy.dataset,
    model: { id: 'tiny', name: 'Tiny', folder: toy.model, prefix: '', fingerprint: toy.fingerprint },
    source: 'random',
    indices: [],
    reranker: null,
    iteration: 0,
    tuples: null,
    part: null,
    provider: 'cpu',
    settings: miningSettingsSchema.parse({
      ...{ sets: 12, rows: 8, candidates: 48, keep: 24, groupSize: 6, labelledRows: 24, positives: 6 },
      ...{ learningRate: 3e-3, maxInputTokens: 48, maxOutputTokens: 8, ...settings }
    }),
    ...changes
  }
}

/** Runs a job in this process, on one thread. */
export async function runHere<K extends JobKind>(
  kind: K,
  input: JobInput<K>,
  folder: string,
  { signal = new AbortController().signal, paused = async (): Promise<void> => undefined, logs = [] as string[] } = {}
): Promise<JobOutput<K>> {
  const job = await loadJob(kind)
  const nothing = () => undefined
  const own = folder as JobContext<K>['folder']
  const context = { input, folder: own, home: folder, signal, paused, threads: 1, report: nothing, curve: nothing }
  return job.run({ ...context, log: (text: string) => void logs.push(text) })
}
