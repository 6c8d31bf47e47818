import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { rerankerSettingsSchema } from '../../src/main/contract/reranking.ts'
import type { JobInput } from '../../src/main/contract/jobs.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { openLab, newHome, untilJob } from '../hosts/fixture.ts'
import { makeEncoder } from '../worker/made-mining.ts'
import { makeToySupervision, runHere, toyMining } from '../worker/toy-supervision.ts'

test('mining in parts and training go to a place one after the other, and come out as here, byte for byte', async () => {
  const toy = await makeToySupervision({ rows: 24 })
  onTestFinished(() => toy.remove())
  const encoder = join(toy.folder, 'encoder')
  const dataset = openDataset(toy.dataset)
  await makeEncoder(encoder, dataset)
  dataset.close()
  const settings = rerankerSettingsSchema.parse({
    ...{ epochs: 1, maxTokens: 48, batchSize: 16, everySteps: 6, patience: 9 },
    validationTasks: ['stones_2', 'winds_2']
  })
  const mining = toyMining(toy, { sets: 8, draws: 2 })
  const trainingOn = (folder: string, gateOpen: boolean | null): JobInput<'train-reranker'> => ({
    ...{
      modelId: 'made',
      name: 'Made',
      settings,
      overridden: false,
      override: true,
      iteration: 0,
      previous: null,
      provider: 'cpu'
    },
    data: { id: 'toy', name: 'Toy', path: toy.dataset },
    minings: [
      { id: 'm', name: 'Toy', folder, usefulness: mining.settings.usefulness, sets: 8, model: 'Tiny', gateOpen }
    ],
    base: { id: 'encoder', name: 'Encoder', folder: encoder, fingerprint: 'e' }
  })

  const here = mkdtempSync(join(toy.folder, 'here-'))
  await runHere('mine-pairs', mining, here)
  const trainedHere = mkdtempSync(join(toy.folder, 'trained-'))
  await runHere('train-reranker', trainingOn(here, true), trainedHere)

  // The toy's folder is the home of a lab, as what goes to a place is what lies in a home.
  const lab = await openLab({
    home: toy.folder,
    places: { pollMilliseconds: 100, retryMilliseconds: 200, gatherMilliseconds: 20 }
  })
  const { id: place } = await lab.client.places.add({ name: 'beside', kind: 'process', folder: newHome(), atOnce: 2 })
  const { jobs } = lab.services
  const folder = join(toy.folder, 'minings', 'there')
  const modelFolder = join(toy.folder, 'models', 'made')
  mkdirSync(join(toy.folder, 'minings'), { recursive: true })
  const parts = [0, 1].map((number) =>
    jobs.add('mine-pairs', { ...mining, part: { number, of: 2 } }, { title: `Part ${number}`, folder, place })
  )
  const dependsOn = parts.map(({ id }) => id)
  const report = jobs.add('mine-pairs', mining, { title: 'Report', folder, place, dependsOn })
  const options = { title: 'Train', folder: modelFolder, place, dependsOn: [report.id] }
  const training = jobs.add('train-reranker', trainingOn(folder, null), options)
  const ended = await untilJob(lab, training.id, 'finished', 'failed', 'crashed')
  expect([...dependsOn, report.id].map((id) => jobs.get(id)).map(({ error }) => error)).toEqual([null, null, null])
  expect(ended).toMatchObject({ status: 'finished', place, error: null })
  const bytes = (...path: string[]) => readFileSync(join(...path))
  expect(bytes(folder, 'pairs.jsonl').length).toBeGreaterThan(100)
  expect(bytes(folder, 'pairs.jsonl').equals(bytes(here, 'pairs.jsonl'))).toBe(true)
  const weights = 'model.safetensors'
  expect(bytes(modelFolder, weights).equals(bytes(trainedHere, weights))).toBe(true)
})
