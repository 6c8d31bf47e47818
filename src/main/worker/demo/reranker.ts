import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gateClosed } from '../../contract/gate.ts'
import { candidateSourceSchema, miningSettingsSchema } from '../../contract/minings.ts'
import { rerankerSettingsSchema, type RerankerCard } from '../../contract/reranking.ts'
import { candidates } from '../../contract/strategies.ts'
import { newer } from '../../data/demo/upstream/newer.ts'
import { fingerprintModel } from '../../models/fingerprint.ts'
import { rerankerCards } from '../reranking/card.ts'
import { runJob } from './run-job.ts'

/** On the tasks that the base model has learnt nothing is left to learn, so it is mined on those that it has not seen. */
const miningSettings = miningSettingsSchema.parse({
  ...{ sets: 300, candidates: 480, keep: 40, labelledRows: 30, positives: 8, groupSize: 10 },
  ...{ maxInputTokens: 128, maxOutputTokens: 48, tasks: newer.map(({ name }) => name), seed: 2206 }
})

/** Candidates that the queries bring without an index. */
const source = candidateSourceSchema.options.find(
  (name) => candidates[name].usesQueries && candidates[name].index === null
)!

/** One task of each family only judges. */
export const validationTasks = [...Map.groupBy(newer, ({ group }) => group).values()].map((tasks) => tasks.at(-1)!.name)

/** Two layers learn from a few hundred sets how texts relate only if they have learnt to compare texts before. */
export const rerankerSettings = rerankerSettingsSchema.parse({
  ...{ maxTokens: 128, nearnessPairs: 64_000, validationTasks, seed: 2207 }
})

interface DemoFolders {
  /** Where to work; the reranker comes to lie in `reranker` in it. */
  work: string
  /** The files that its upstream data are imported from. */
  upstream: string
  groups: string
  /** The demo's base model and sentence encoder. */
  model: string
  encoder: string
}

/**
 * Imports upstream data, mines with the base model, looks at the gate, and trains a reranker: jobs of the lab, one after another. What
 * is finished is not done again.
 * @throws LabError `gate-closed`: what a user would be refused is not trained on here either
 */
export async function trainReranker(
  { work, upstream, groups, model, encoder }: DemoFolders,
  name: string
): Promise<RerankerCard> {
  const [folder, mining, reranker] = ['dataset', 'mining', 'reranker'].map((part) => join(work, part)) as [
    string,
    string,
    string
  ]
  for (const made of [folder, mining, reranker]) await mkdir(made, { recursive: true })
  const dataset = join(folder, 'examples.db')
  if (!existsSync(dataset)) {
    await runJob(
      'import-dataset',
      {
        ...{ datasetId: 'demo', name, kind: 'upstream', files: [upstream], root: null, format: 'line-array' },
        ...{ reading: {}, mapping: null, labels: {}, groupsFile: groups, querySetsFile: null, sampleQueries: null },
        ...{ skipLimit: 0, licence: 'MIT', source: upstream }
      },
      folder
    )
  }
  const base = { id: 'model', name: 'Demo base model', folder: model, prefix: '' }
  const { report } = await runJob(
    'mine-pairs',
    {
      ...{ miningId: 'mining', name: 'Demo mining', datasetId: 'demo', dataset, source, indices: [] },
      model: { ...base, fingerprint: await fingerprintModel(model) },
      ...{ reranker: null, iteration: 0, tuples: null, part: null, provider: 'cpu', settings: miningSettings }
    },
    mining
  )
  if (!report!.gate.open) throw gateClosed('Demo mining', report!.gate.checks)
  await runJob(
    'train-reranker',
    {
      ...{ modelId: 'reranker', name: 'Demo reranker', data: { id: 'demo', name, path: dataset }, previous: null },
      minings: [
        {
          ...{ id: 'mining', name: 'Demo mining', folder: mining, model: base.name },
          ...{ usefulness: miningSettings.usefulness, sets: report!.sets, gateOpen: true }
        }
      ],
      base: {
        ...{ id: 'encoder', name: 'Demo sentence encoder', folder: encoder },
        fingerprint: await fingerprintModel(encoder)
      },
      ...{ iteration: 0, overridden: false, override: false, provider: 'cpu', settings: rerankerSettings }
    },
    reranker
  )
  return (await rerankerCards.read(reranker))!
}
