import { expect, test } from 'vitest'
import type { WorkerStarter } from '../../src/main/jobs/worker-process.ts'
import { openLab } from '../hosts/fixture.ts'
import { datasets, minings, models } from '../renderer/fake/records.ts'

/** Trainings on what was mined, before anything is trained. The records are the screens' fake ones; the workers live, and do nothing. */
const idle: WorkerStarter = {
  start() {
    let end: Parameters<ReturnType<WorkerStarter['start']>['onExit']>[0] = () => undefined
    return {
      pid: undefined,
      send: () => undefined,
      kill: () => end({ code: null, signal: 'SIGKILL' }),
      onMessage: () => undefined,
      onOutput: () => undefined,
      onExit: (listener) => void (end = listener)
    }
  }
}

async function labWithMinings() {
  const lab = await openLab({ workers: idle })
  const { store } = lab.services
  for (const one of datasets) store.datasets.insert(one)
  for (const one of models) store.models.insert(one)
  for (const one of minings) store.minings.insert(one)
  return lab
}
const request = { name: 'New', baseId: 'm-distil' }

test('what is not fit to train on is not trained on, and it is said why; knowingly it may be', async () => {
  const { client, services } = await labWithMinings()
  const closed = client.reranking.train({ ...request, miningIds: ['mining-closed'] })
  await expect(closed).rejects.toMatchObject({
    data: { code: 'gate-closed' },
    message: expect.stringMatching(
      /is not fit to train on, so nothing is trained\. .+ train all the same knowingly/
    ) as string
  })
  expect(services.store.jobs.withStatus('queued', 'running', 'failed')).toEqual([])
  await client.reranking.train({ ...request, miningIds: ['mining-closed'], override: true })
  const begun = services.store.jobs.withStatus('queued', 'running')
  expect(begun).toMatchObject([{ kind: 'train-reranker', input: { override: true } }])
})

test('what is being trained on is not deleted; what nobody trains on is', async () => {
  const { client } = await labWithMinings()
  await client.reranking.train({ ...request, miningIds: ['mining-open'] })
  await expect(client.things.remove({ what: 'mining', id: 'mining-open' })).rejects.toMatchObject({
    data: { code: 'in-use' },
    message: expect.stringContaining('Wait until it is over, or cancel it') as string
  })
  await client.things.remove({ what: 'mining', id: 'mining-closed' })
  expect((await client.reranking.minings({})).map(({ id }) => id)).toEqual(['mining-open'])
})
