import { fork } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tellsHurt, type MinedPair } from '../../src/main/contract/minings.ts'
import type { FromWorker } from '../../src/main/contract/worker-messages.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { makeToySupervision, runHere, teachAnswers, toyMining, type ToySupervision } from './toy-supervision.ts'

let toy: ToySupervision
beforeAll(async () => {
  toy = await makeToySupervision()
})
afterAll(() => toy.remove())

const freshFolder = (): string => mkdtempSync(join(toy.folder, 'mining-'))
const pairsIn = (folder: string): MinedPair[] =>
  readFileSync(join(folder, 'pairs.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as MinedPair)

/** Share of useful candidates that are of the same group as the set's task. */
function shareOfOwnGroup(pairs: readonly MinedPair[]): number {
  const dataset = openDataset(toy.dataset)
  const groupOf = (task: string): string => task.split('_')[0]!
  const own = pairs.filter(({ task, candidateId }) => dataset.get(candidateId).group === groupOf(task))
  dataset.close()
  return own.length / pairs.length
}

describe.each(['influence', 'group-loss'] as const)('mining by %s', (usefulness) => {
  it('finds what helps, where it is known, and opens the gate', async () => {
    const folder = freshFolder()
    const { report } = await runHere('mine-pairs', toyMining(toy, { usefulness, draws: 4, groupSize: 3 }), folder)
    const pairs = pairsIn(folder)
    const useful = pairs.filter(({ label }) => label === 1)
    expect(useful.length).toBeGreaterThan(12)
    expect(shareOfOwnGroup(useful)).toBeGreaterThanOrEqual(0.8)
    expect(shareOfOwnGroup(pairs.filter(({ label }) => label === 0))).toBeLessThan(0.3)
    expect(report!.gate.checks.filter(({ holds }) => holds === false)).toEqual([])
    expect(report!.gate.open).toBe(true)
    expect(report!.headRoom!.mean).toBeLessThan(0)
    expect(report!.pairs.positive).toBe(useful.length)
    // Everything helps a base that knows nothing: there is nothing to tell apart.
    expect(report!.hurt).toMatchObject({ cases: 24, helped: 1, unknown: 'one-sided', judged: null })
  })
})

describe('mining', () => {
  it('tells from the inputs what hurts, each task by the others, better than tuning always', async () => {
    // Of a base that knows all answers but not which: rows of the other group hurt.
    const taught = await teachAnswers(toy)
    const settings = { draws: 2, labelledRows: 12, keep: 16 }
    const { report } = await runHere('mine-pairs', toyMining(taught, settings), freshFolder())
    const { judged, tasks, helped } = report!.hurt!
    expect(tasks).toBeGreaterThanOrEqual(4)
    expect(helped).toBeGreaterThan(0.3)
    expect(helped).toBeLessThan(0.7)
    expect(judged!.brier).toBeLessThan(0.1)
    expect(judged!.brier).toBeLessThan(judged!.always - 0.2)
    expect(judged!.brier).toBeLessThan(judged!.baseRate - 0.1)
    expect(tellsHurt(judged!)).toBe(true)
  })

  it('takes candidates from every row of a query set in turn, and none of the task itself', async () => {
    const folder = freshFolder()
    const input = toyMining(toy, { sets: 4, kept: 'first', draws: 2 }, { source: 'lexical' })
    const { report } = await runHere('mine-pairs', input, folder)
    expect(report!.fewestBringers).toBeGreaterThanOrEqual(6)
    const dataset = openDataset(toy.dataset)
    for (const { task, candidateId } of pairsIn(folder)) expect(dataset.get(candidateId).task).not.toBe(task)
    dataset.close()
  })

  it('killed at any moment and resumed, in one process or in parts, gives the same pairs', async () => {
    const input = toyMining(toy, { sets: 8, draws: 2 })
    const whole = freshFolder()
    await runHere('mine-pairs', input, whole)

    const killed = freshFolder()
    await mineAndKill(input, killed, 3)
    const before = readdirSync(join(killed, 'sets')).length
    expect(before).toBeGreaterThanOrEqual(3)
    expect(existsSync(join(killed, 'pairs.jsonl'))).toBe(false)
    await runHere('mine-pairs', input, killed)

    const parts = freshFolder()
    for (const number of [1, 0]) await runHere('mine-pairs', { ...input, part: { number, of: 2 } }, parts)
    await runHere('mine-pairs', input, parts)

    const text = readFileSync(join(whole, 'pairs.jsonl'), 'utf8')
    expect(text.length).toBeGreaterThan(100)
    expect(readFileSync(join(killed, 'pairs.jsonl'), 'utf8')).toBe(text)
    expect(readFileSync(join(parts, 'pairs.jsonl'), 'utf8')).toBe(text)
  })

  it('does not go on with files of another mining, and mines a damaged set again when it is deleted', async () => {
    const folder = freshFolder()
    const input = toyMining(toy, { sets: 2, draws: 2 })
    await runHere('mine-pairs', input, folder)
    await expect(runHere('mine-pairs', toyMining(toy, { sets: 2, draws: 2, seed: 1 }), folder)).rejects.toMatchObject({
      code: 'mining-of-other-settings'
    })
    writeFileSync(join(folder, 'sets', '000001.json'), '{"set":1')
    await expect(runHere('mine-pairs', input, folder)).rejects.toMatchObject({ code: 'mining-damaged' })
  })

  it('names tasks that are not there, and says when no task has rows enough', async () => {
    const unknown = runHere('mine-pairs', toyMining(toy, { tasks: ['stones_9'] }), freshFolder())
    await expect(unknown).rejects.toMatchObject({ code: 'unknown-task' })
    const greedy = runHere('mine-pairs', toyMining(toy, { groupSize: 100 }), freshFolder())
    await expect(greedy).rejects.toMatchObject({ code: 'too-few-rows' })
  })

  it('closes the gate on a base that has learnt the tasks already, and says why', async () => {
    const folder = freshFolder()
    // A learning rate at which nothing is learnt stands for a base with nothing left to learn.
    const { report } = await runHere(
      'mine-pairs',
      toyMining(toy, { sets: 6, learningRate: 1e-12, usefulness: 'group-loss' }),
      folder
    )
    expect(report!.gate.open).toBe(false)
    const closed = report!.gate.checks.filter(({ holds }) => holds === false)
    expect(closed.map(({ name }) => name)).toContain('head-room')
  })
})

/** Mines in a worker process that is killed once some sets are there. */
async function mineAndKill(input: ReturnType<typeof toyMining>, folder: string, sets: number): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const child = fork(join(import.meta.dirname, '../../src/main/worker/index.ts'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  child.on('message', (message: FromWorker) => {
    if (message.type === 'ready')
      child.send({ type: 'start', id: 'mine', kind: 'mine-pairs', input, folder, home: dirname(folder), threads: 1 })
    // Nobody would wait for sets that do not come.
    if (message.type === 'error') child.kill('SIGKILL')
  })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const there = (): number => (existsSync(join(folder, 'sets')) ? readdirSync(join(folder, 'sets')).length : 0)
  while (there() < sets && child.exitCode === null) await sleep(2)
  child.kill('SIGKILL')
  await ended
}
