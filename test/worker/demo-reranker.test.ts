import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { demoSize, makeSuite } from '../../src/main/data/demo/suite.ts'
import { demoTargets } from '../../src/main/data/demo/targets.ts'
import { upstreamTasks } from '../../src/main/data/demo/upstream/index.ts'
import { newer } from '../../src/main/data/demo/upstream/newer.ts'
import type { Engine } from '../../src/main/engine/engine.ts'
import { loadEngine } from '../../src/main/engine/load.ts'
import { areaUnderCurve } from '../../src/main/evaluation/ranking.ts'
import { meanOrZero } from '../../src/main/sums/sums.ts'
import { Random } from '../../src/main/random/random.ts'
import { ignoresQueries, rerankerCardSchema } from '../../src/main/contract/reranking.ts'
import { rerankerSettings, validationTasks } from '../../src/main/worker/demo/reranker.ts'
import { runJob } from '../../src/main/worker/demo/run-job.ts'

const folder = join(import.meta.dirname, '../../data/demo/reranker')
const card = rerankerCardSchema.parse(JSON.parse(readFileSync(join(folder, 'reranker.json'), 'utf8')))
const { groups, upstream } = makeSuite({ ...demoSize, itemsPerTask: 60 }, [...upstreamTasks, ...newer])
const groupOf = new Map(Object.entries(groups).flatMap(([group, tasks]) => tasks.map((task) => [task, group])))

let engine: Engine
beforeAll(async () => {
  engine = await loadEngine({ folder, provider: 'cpu', threads: 1 })
})
afterAll(() => engine.close())

test('the bundled reranker was trained where the gate is open, on upstream tasks alone, and is judged by others', () => {
  expect(card.minings).toHaveLength(1)
  expect(card.minings.every(({ gateOpen }) => gateOpen)).toBe(true)
  expect(card).toMatchObject({ overridden: false, settings: { shuffledLabels: false } })
  const { train, validation } = card.tasks
  for (const task of [...train, ...validation]) expect(groupOf.has(task), task).toBe(true)
  expect(train.filter((task) => validation.includes(task))).toEqual([])
  for (const { name } of demoTargets) expect([...train, ...validation]).not.toContain(name)
  // The base model was trained on the demo's own upstream tasks: nothing can be mined there.
  for (const { name } of upstreamTasks) expect([...train, ...validation]).not.toContain(name)
  expect(card.quality.auc).toBeGreaterThan(0.7)
  expect(ignoresQueries(card.quality)).toBe(false)
  // The labels have taught it more than the vectors that it began from know.
  expect(card.quality.auc).toBeGreaterThan(card.nearness!.teacherAuc)
})

test('it was made with the settings that make-demo has now', () => {
  expect(card.settings).toEqual(rerankerSettings)
  expect(card.tasks.validation.toSorted()).toEqual(validationTasks.toSorted())
})

test('make-demo runs the jobs of the lab, in its own process', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'demo-job-test-'))
  onTestFinished(() => rmSync(scratch, { recursive: true }))
  const input = { steps: 2, milliseconds: 1, fail: 'no' } as const
  expect(await runJob('self-test', input, scratch)).toMatchObject({ steps: 2 })
  await expect(runJob('self-test', { ...input, fail: 'throw' }, scratch)).rejects.toThrow()
})

test('of tasks that it has not seen it finds what their own group has, and not with the queries of another', async () => {
  const random = new Random('demo reranker')
  const rowsOf = (fits: (task: string) => boolean, count: number): string[] =>
    random.sample(
      upstream.filter(([, , id]) => fits(id.split('|')[0]!)).map(([input]) => input),
      count
    )
  const areas: { own: number; other: number }[] = []
  for (const unseen of card.tasks.validation) {
    const group = groupOf.get(unseen)!
    const candidates = [
      ...rowsOf((task) => task !== unseen && groupOf.get(task) === group, 16),
      ...rowsOf((task) => groupOf.get(task) !== group, 16)
    ]
    const area = async (queries: readonly string[]): Promise<number> => {
      const pairs = candidates.flatMap((text) => queries.map((query) => [query, text] as const))
      const scores = await engine.scorePairs(pairs, {
        maxTokens: 128,
        score: 'logit',
        signal: new AbortController().signal
      })
      const means = candidates.map((_, at) => meanOrZero(scores.slice(at * queries.length, (at + 1) * queries.length)))
      return areaUnderCurve(
        means,
        candidates.map((_, at) => (at < 16 ? 1 : 0))
      )!
    }
    areas.push({
      own: await area(rowsOf((task) => task === unseen, 4)),
      other: await area(rowsOf((task) => groupOf.get(task) !== group, 4))
    })
  }
  const own = meanOrZero(areas.map((area) => area.own))
  expect(own).toBeGreaterThan(0.85)
  expect(meanOrZero(areas.map((area) => area.other))).toBeLessThan(0.6)
})
