import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rerankerSettingsSchema, type RerankerCard, type RerankerSettings } from '../../src/main/contract/reranking.ts'
import { miningSettingsSchema } from '../../src/main/contract/minings.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { meanOrZero } from '../../src/main/sums/sums.ts'
import { makeEncoder, makeMining } from './made-mining.ts'
import { relationRows as rows, unseenTasks as unseen } from './relation-data.ts'
import { writeDataset } from './tiny-world.ts'
import { runHere } from './toy-supervision.ts'

/**
 * What helps hangs on query and candidate together: a candidate is useful for the tasks of its own family, and harmful for all
 * others. Each candidate is as often useful as another, and so is each query: who looks at one of the two texts alone knows nothing.
 * A task of each family is kept apart. Other words of a family stand in every text, so that it takes reading both. A model of this
 * size learns that only after some 500 steps at a loss of ln 2, and from few sets it learns them by heart instead.
 */
let folder: string
let path: string
let mining: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recross-relations-'))
  path = writeDataset(join(folder, 'upstream', 'examples.db'), 'upstream', rows())
  const dataset = openDataset(path)
  const settings = miningSettingsSchema.parse({ positives: 8, draws: 2 })
  mining = await makeMining(folder, dataset, settings, {
    ...{ sets: 450, candidates: 40, rows: 6 },
    usefulness: (own, candidate) => (own.group === candidate.group ? -1 : 1)
  })
  await makeEncoder(join(folder, 'encoder'), dataset, 400)
  dataset.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('learns how query and candidate relate, and that holds for tasks that it has not seen', async () => {
  const { quality, tasks } = await train({})
  expect(tasks.validation).toEqual(unseen.toSorted())
  expect(quality.auc).toBeGreaterThan(0.85)
  // With the queries of another family, what was useful is not: so it was the relation that it has learnt.
  expect(quality.otherQueriesAuc).toBeLessThan(0.6)
})

it('with shuffled labels it comes out at chance', async () => {
  // A control prefers what its first weights happen to prefer, so that a single one is off by a tenth now and then; the mean of several
  // that began from other weights is not.
  const areas: number[] = []
  for (const seed of [1, 2, 3, 4, 5]) {
    const encoder = join(folder, `encoder-${seed}`)
    const dataset = openDataset(path)
    await makeEncoder(encoder, dataset, 400, `control ${seed}`)
    dataset.close()
    const control = { shuffledLabels: true, epochs: 1, pairsPerSet: 8, everySteps: 10_000, seed }
    const { quality } = await train(control, encoder)
    areas.push(quality.auc)
  }
  expect(Math.abs(meanOrZero(areas) - 0.5)).toBeLessThan(0.05)
})

async function train(settings: Partial<RerankerSettings>, encoder = join(folder, 'encoder')): Promise<RerankerCard> {
  const into = mkdtempSync(join(folder, 'reranker-'))
  const { reranker } = await runHere(
    'train-reranker',
    {
      ...{ modelId: 'reranker-1', name: 'Relations', data: { id: 'toy', name: 'Toy', path }, previous: null },
      minings: [
        {
          ...{ id: 'mining-1', name: 'Made', folder: mining, model: 'Tiny', usefulness: 'influence', sets: 450 },
          gateOpen: true
        }
      ],
      base: { id: 'encoder', name: 'Tiny encoder', folder: encoder, fingerprint: 'f' },
      ...{ iteration: 0, overridden: false, override: false, provider: 'cpu' },
      settings: rerankerSettingsSchema.parse({
        ...{ batchSize: 32, maxTokens: 60, validationTasks: unseen, everySteps: 100, patience: 1, ...settings }
      })
    },
    into
  )
  return reranker!
}
