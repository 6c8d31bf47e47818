import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import { rerankSettingsSchema } from '../../../src/main/contract/run-settings.ts'
import { openDataset } from '../../../src/main/data/dataset.ts'
import { loadEngine } from '../../../src/main/engine/load.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { readRetrieved } from '../../../src/main/run-files/retrieved.ts'
import { openLab } from '../../hosts/fixture.ts'
import { makeTinyWorld, type TinyWorld } from '../../worker/tiny-world.ts'
import { installReranker, installTinyWorld, tinySpec, untilOver } from './tiny-lab.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

async function labWithReranker(): Promise<Lab> {
  const lab = await openLab({ host: 'server', workers: forkStarter(workerEntry()) })
  await installTinyWorld(lab, world)
  await installReranker(lab, world)
  return lab
}

function spec(rerank: object, changes: Partial<ExperimentSpec> = {}): ExperimentSpec {
  const tiny = tinySpec(world)
  return {
    ...tiny,
    models: { base: 'tiny', encoder: null, reranker: 'judge', retriever: null },
    strategies: ['recross'],
    rounds: 1,
    targetIds: ['naming'],
    retrieval: { ...tiny.retrieval, rerank: rerankSettingsSchema.parse({ maxTokens: 60, ...rerank }) },
    ...changes
  }
}

describe('ReCross: dense candidates, four times as many, scored anew by a pair classifier', () => {
  test('is planned with its cost, runs in workers, and retrieves what brute force over all pairs retrieves', async () => {
    const lab = await labWithReranker()
    const asked = spec({}, { strategies: ['dense', 'recross'] })
    const plan = await lab.client.experiments.plan(asked)
    // 12 examples, 4 times as many candidates, 2 queries; it searches the index of dense.
    expect(plan.reranking).toMatchObject({ pairsPerRun: 96 })
    expect(plan.reranking!.secondsPerRun).toBeGreaterThan(0)
    expect(plan.indices.map(({ representation }) => representation)).toEqual(['dense'])
    expect(plan.shared.join(' ')).toContain('One dense index serves every dense and recross run.')
    const { id } = await lab.client.experiments.start(asked)
    expect(await untilOver(lab, id)).toMatchObject({ status: 'finished' })

    const runs = await lab.client.experiments.runs({ id })
    const run = runs.find(({ strategy }) => strategy === 'recross')!
    const file = (await readRetrieved(lab.home.run(run.id)))!
    const engine = await loadEngine({ folder: lab.home.model('judge'), provider: 'cpu', threads: 1 })
    const dataset = openDataset(world.upstream)
    const pool = await lab.client.indices.retrieve({
      ...{ datasetId: 'upstream', indexId: null, strategy: 'dense', querySetId: 'queries-naming-0', seed: run.seed },
      settings: { ...asked.retrieval, budget: 48 }
    })
    const expected: { exampleId: number; score: number }[] = []
    for (const { exampleId } of pool.retrieved) {
      const pairs = file.queries.map((query) => [query, dataset.get(exampleId).input] as const)
      const logits = await engine.scorePairs(pairs, { maxTokens: 60, score: 'logit' })
      expected.push({ exampleId, score: (logits[0]! + logits[1]!) / 2 })
    }
    await engine.close()
    dataset.close()
    expected.sort((a, b) => b.score - a.score)
    expect(file.retrieved).toHaveLength(12)
    file.retrieved.forEach(({ exampleId, score, trail }, at) => {
      expect(score).toBeCloseTo(expected[at]!.score, 3)
      expect(trail!.map(({ stage }) => stage)).toEqual(['dense', 'reranker'])
      expect(pool.retrieved[trail![0]!.rank - 1]!.exampleId).toBe(exampleId)
    })

    // What the run was made from, and where its answers come from, say it too.
    const input = JSON.parse(readFileSync(join(lab.home.run(run.id), 'run.json'), 'utf8')) as {
      identities: { kind: string; id: string }[]
    }
    expect(input.identities).toContainEqual(expect.objectContaining({ kind: 'reranker', id: 'judge' }))
    const { prediction } = await lab.client.compare
      .examples({
        experimentId: id,
        targetId: 'naming',
        round: 0,
        column: 'recross',
        against: 'zero-shot',
        filter: 'all'
      })
      .then(({ rows }) => ({ prediction: rows[0]! }))
    const lineage = await lab.client.compare.lineage({
      runId: run.id,
      targetId: 'naming',
      exampleId: prediction.exampleId
    })
    expect(lineage.retrieved[0]!.trail).toHaveLength(2)
    const map = await lab.client.compare.heatMap({ experimentId: id, column: 'recross' })
    expect(map.share.reduce((sum, [share]) => sum + share!, 0)).toBeCloseTo(1, 10)
    const report = await lab.client.compare.export({ experimentId: id, format: 'html' })
    expect(report.text).toContain('recross')

    // A second experiment with the same settings computes nothing; another pairing is another run.
    const again = await lab.client.experiments.plan({ ...asked, name: 'again' })
    expect(again.runs.every(({ reusesRunId }) => reusesRunId !== null)).toBe(true)
    const other = await lab.client.experiments.plan(spec({ pairing: 'own' }, { strategies: ['dense', 'recross'] }))
    expect(other.runs.filter(({ reusesRunId }) => reusesRunId === null).map(({ strategy }) => strategy)).toEqual([
      'recross'
    ])
    expect(other.reranking).toMatchObject({ pairsPerRun: 48 })
  })

  test('may follow any candidates; what does not fit is refused before anything runs', async () => {
    const lab = await labWithReranker()
    for (const candidates of ['random', 'lexical'] as const) {
      const asked = spec({ candidates, oversampling: 2 })
      expect((await lab.client.experiments.plan(asked)).indices).toEqual([])
      const { id } = await lab.client.experiments.start(asked)
      expect(await untilOver(lab, id)).toMatchObject({ status: 'finished' })
      const run = (await lab.client.experiments.runs({ id })).find(({ strategy }) => strategy === 'recross')!
      const file = (await readRetrieved(lab.home.run(run.id)))!
      expect(file.retrieved).toHaveLength(12)
      expect(file.retrieved[0]!.trail![0]).toMatchObject({ stage: candidates })
    }
    // A classifier of three classes, such as an NLI model: none of them is the useful one.
    const config = join(lab.home.model('judge'), 'config.json')
    const two = JSON.parse(readFileSync(config, 'utf8')) as object
    writeFileSync(config, JSON.stringify({ ...two, num_labels: 3, id2label: { 0: 'no', 1: 'maybe', 2: 'yes' } }))
    await expect(lab.client.experiments.plan(spec({ maxTokens: 59 }))).rejects.toMatchObject({
      data: { code: 'wrong-labels' }
    })
    writeFileSync(config, JSON.stringify(two))
    const models = { base: 'tiny', encoder: null, reranker: null, retriever: null }
    const refused: [ExperimentSpec, string][] = [
      [spec({}, { models }), 'no-model'],
      [spec({}, { models: { ...models, reranker: 'tiny' } }), 'wrong-model'],
      [spec({ candidates: 'random', pairing: 'own' }), 'bad-spec']
    ]
    for (const [asked, code] of refused)
      await expect(lab.client.experiments.plan(asked)).rejects.toMatchObject({ data: { code } })
  })
})
