import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import type { Run } from '../../../src/main/contract/runs.ts'
import { evaluationSettingsSchema, rerankSettingsSchema } from '../../../src/main/contract/run-settings.ts'
import { isTuned, strategyNames, type StrategyName } from '../../../src/main/contract/strategies.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { openLab } from '../../hosts/fixture.ts'
import { makeTinyWorld, type TinyWorld } from '../../worker/tiny-world.ts'
import { installEncoder, installReranker, installRetriever, installTinyWorld, tinySpec, untilOver } from './tiny-lab.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

async function newLab(): Promise<Lab> {
  const lab = await openLab({ host: 'server', workers: forkStarter(workerEntry()) })
  await installTinyWorld(lab, world)
  await installReranker(lab, world)
  await installEncoder(lab, world)
  await installRetriever(lab)
  for (const { id } of world.targets) leaks(lab, id, [])
  return lab
}

/** Which upstream rows are a target's own data. */
function leaks(lab: Lab, targetId: string, exampleIds: readonly number[]): void {
  const found = exampleIds.map((exampleId) => ({
    exampleId,
    targetExampleId: 1,
    kind: 'exact' as const,
    similarity: 1
  }))
  lab.services.store.leaks.save(targetId, 'upstream', 0, found)
}

function spec(changes: Partial<ExperimentSpec> = {}): ExperimentSpec {
  const tiny = tinySpec(world)
  return {
    ...tiny,
    models: { base: 'tiny', encoder: 'encoder', reranker: 'judge', retriever: 'near' },
    strategies: [...strategyNames],
    rounds: 1,
    targetIds: ['naming'],
    retrieval: { ...tiny.retrieval, rerank: rerankSettingsSchema.parse({ maxTokens: 60, oversampling: 2 }) },
    ...changes
  }
}

async function runToEnd(lab: Lab, asked: ExperimentSpec): Promise<string> {
  const { id } = await lab.client.experiments.start(asked)
  expect(await untilOver(lab, id)).toMatchObject({ status: 'finished' })
  return id
}

interface Work {
  strategy: StrategyName
  round: number
  targetIds: string[]
  tuned: boolean
}

/** What an experiment computed itself, and not before it was asked: every tuning and every answering. */
async function workOf(lab: Lab, id: string): Promise<Work[]> {
  const runs = (await lab.client.experiments.runs({ id })).filter((run) => run.experimentId === id)
  return runs.map(({ id: runId, strategy, round, targetIds }) => ({
    ...{ strategy, round, targetIds },
    tuned: isTuned(strategy) && !existsSync(join(lab.home.run(runId), 'taken-over.json'))
  }))
}

/** Every answer by what it is the answer to. */
async function answersOf(lab: Lab, id: string): Promise<Map<string, string>> {
  const answers = new Map<string, string>()
  for (const run of await lab.client.experiments.runs({ id }))
    for (const target of run.targetIds) {
      const place = JSON.stringify([run.strategy, run.round, run.variant, target])
      expect(answers.has(place), place).toBe(false)
      answers.set(place, readFileSync(lab.home.answers(run.id, target), 'utf8'))
    }
  return answers
}

const tuned = strategyNames.filter(isTuned)
const work = (strategy: StrategyName, round: number, target: string, tuned = isTuned(strategy)): Work => ({
  ...{ strategy, round, targetIds: [target], tuned }
})

/** What is added to the experiment of all strategies on one target in one round, and what must be computed for that. */
const additions: [string, Partial<ExperimentSpec>, (base: ExperimentSpec) => Work[]][] = [
  [
    'a target: each strategy that looks at it is tuned for it; random is tested on it as it is',
    { targetIds: ['naming', 'colouring'] },
    () => strategyNames.map((one) => work(one, 0, 'colouring', isTuned(one) && one !== 'random'))
  ],
  ['a round: all that is tuned', { rounds: 2 }, () => tuned.map((one) => work(one, 1, 'naming'))],
  [
    'another number of beams: answers only',
    { evaluation: evaluationSettingsSchema.parse({ maxInputTokens: 32, maxOutputTokens: 6, beams: 2 }) },
    () => strategyNames.map((one) => work(one, 0, 'naming', false))
  ]
]

describe('adding to a finished experiment', { timeout: 600_000 }, () => {
  test('a strategy, a target, a round, a value: what is new is computed, and the numbers are those from scratch', async () => {
    const lab = await newLab()
    for (const [at, strategy] of strategyNames.entries()) {
      const id = await runToEnd(lab, spec({ strategies: strategyNames.slice(0, at + 1) }))
      expect(await workOf(lab, id)).toEqual([work(strategy, 0, 'naming')])
    }
    for (const [what, change, expected] of additions) {
      const asked = spec({ ...change, name: 'More' })
      const plan = await lab.client.experiments.plan(asked)
      const wanted = expected(asked).sort(byPlace)
      const planned = plan.runs
        .filter((run) => run.reusesRunId === null)
        .map((run) => work(run.strategy, run.round, run.targetIds.join(), isTuned(run.strategy) && !run.tunedByRunId))
      expect(planned.sort(byPlace), what).toEqual(wanted)
      const id = await runToEnd(lab, asked)
      expect((await workOf(lab, id)).sort(byPlace), what).toEqual(wanted)

      const fresh = await newLab()
      const scratch = await runToEnd(fresh, asked)
      expect(await answersOf(lab, id), what).toEqual(await answersOf(fresh, scratch))
      expect(await scoresOf(lab, id), what).toEqual(await scoresOf(fresh, scratch))
    }
  })
})

async function scoresOf(lab: Lab, experimentId: string): Promise<object[]> {
  const { cells } = await lab.client.compare.table({ experimentId })
  return cells.map(({ column, targetId, summary }) => ({ column, targetId, mean: summary?.mean }))
}

describe('what is taken over', { timeout: 600_000 }, () => {
  test('weights that were not kept are tuned again, and the plan says so', async () => {
    const lab = await newLab()
    const first = await runToEnd(lab, spec({ strategies: ['random'] }))
    const run = (await lab.client.experiments.runs({ id: first })).find((one) => one.strategy === 'random')!
    rmSync(join(lab.home.run(run.id), 'tuned'), { recursive: true })
    const asked = spec({ strategies: ['random'], targetIds: ['naming', 'colouring'] })
    const plan = await lab.client.experiments.plan(asked)
    expect(plan.warnings.join(' ')).toMatch(/One tuning \(random\) .*weights were not kept: it is done again/)
    const id = await runToEnd(lab, asked)
    expect((await workOf(lab, id)).filter((one) => one.tuned)).toEqual([work('random', 0, 'colouring')])
  })

  test('what was taken over outlives the run that it came from', async () => {
    const lab = await newLab()
    const first = await runToEnd(lab, spec({ strategies: ['random'] }))
    const second = await runToEnd(lab, spec({ strategies: ['random'], targetIds: ['colouring'] }))
    await lab.client.things.remove({ what: 'experiment', id: first, forGood: true })
    const third = spec({ strategies: ['random'], targetIds: ['colouring', 'naming'] })
    const runs = (await lab.client.experiments.runs({ id: second })).map(({ id }) => id).sort()
    expect(readdirSync(join(lab.home.path, 'runs')).sort()).toEqual(runs)
    const plan = await lab.client.experiments.plan(third)
    expect(plan.runs.filter((run) => isTuned(run.strategy) && !run.reusesRunId && !run.tunedByRunId)).toEqual([])
  })
})

describe('a random sample and a target with rows of its own in the data', { timeout: 600_000 }, () => {
  test('stays where it holds none of them; else it is drawn and tuned anew. Both as from scratch.', async () => {
    const lab = await newLab()
    const first = await runToEnd(lab, spec({ strategies: ['random'] }))
    const run = (await lab.client.experiments.runs({ id: first })).find((one) => one.strategy === 'random')!
    const { retrieved } = JSON.parse(readFileSync(join(lab.home.run(run.id), 'retrieved.json'), 'utf8')) as {
      retrieved: { exampleId: number }[]
    }
    const drawn = retrieved.map(({ exampleId }) => exampleId)
    const others = Array.from({ length: 240 }, (_, at) => at + 1).filter((id) => !drawn.includes(id))
    const asked = spec({ strategies: ['random'], targetIds: ['naming', 'colouring'], name: 'More' })
    for (const [own, tunings] of [
      [others, 0],
      [[drawn[3]!], 1]
    ] as const) {
      leaks(lab, 'colouring', own)
      const fresh = await newLab()
      leaks(fresh, 'colouring', own)
      const plan = await lab.client.experiments.plan(asked)
      expect(
        plan.runs.filter((one) => one.strategy === 'random' && !one.reusesRunId && !one.tunedByRunId)
      ).toHaveLength(tunings)
      const id = await runToEnd(lab, asked)
      expect((await workOf(lab, id)).filter((one) => one.tuned)).toHaveLength(tunings)
      expect(await answersOf(lab, id)).toEqual(await answersOf(fresh, await runToEnd(fresh, asked)))
    }
  })
})

describe('tuned for one target, tested on another', { timeout: 600_000 }, () => {
  test('what was tuned before is only tested; the rest of the comparison is as always', async () => {
    const lab = await newLab()
    const strategies: StrategyName[] = ['random', 'lexical', 'recross']
    const first = await runToEnd(lab, spec({ strategies }))
    const asked = spec({ strategies, targetIds: ['naming', 'colouring'], tuneFor: 'naming', name: 'Moved' })
    const id = await runToEnd(lab, asked)
    expect((await workOf(lab, id)).filter((one) => one.tuned)).toEqual([])
    const kept = (runs: Run[]) => runs.filter((run) => run.targetIds.includes('naming')).map((run) => run.id)
    expect(kept(await lab.client.experiments.runs({ id }))).toEqual(
      kept(await lab.client.experiments.runs({ id: first }))
    )
    const fresh = await newLab()
    expect(await answersOf(lab, id)).toEqual(await answersOf(fresh, await runToEnd(fresh, asked)))
  })
})

function byPlace(a: Work, b: Work): number {
  return strategyNames.indexOf(a.strategy) - strategyNames.indexOf(b.strategy) || a.round - b.round
}
