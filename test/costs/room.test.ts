import { describe, expect, onTestFinished, test } from 'vitest'
import { WorkerPool } from '../../src/main/jobs/pool.ts'
import { roomFor, roomOf } from '../../src/main/costs/room.ts'
import type { WorkerProcess } from '../../src/main/jobs/worker-process.ts'
import type { Model } from '../../src/main/contract/models.ts'

const shapes = {
  demo: { parameters: 1.3e6, hiddenSize: 96 },
  'bart-base': { parameters: 139e6, hiddenSize: 768 },
  'all-MiniLM-L6': { parameters: 22.7e6, hiddenSize: 384 },
  'bart-large': { parameters: 406e6, hiddenSize: 1024 },
  'mt5-small': { parameters: 300e6, hiddenSize: 512 },
  'xlm-roberta-base': { parameters: 278e6, hiddenSize: 768 },
  'T0-3B': { parameters: 2.85e9, hiddenSize: 2048 }
} as const

describe('room of a model', () => {
  test.each([
    ['demo', 4, 'usual'],
    ['bart-base', 4, 'usual'],
    ['all-MiniLM-L6', 32, 'usual'],
    // 32 rows of scores over 50,000 words need over a gigabyte by the bound that is known here.
    ['bart-base', 32, 'large'],
    ['bart-large', 4, 'large'],
    ['mt5-small', 1, 'large'],
    ['xlm-roberta-base', 1, 'large'],
    ['T0-3B', 1, 'large']
  ] as const)('%s in batches of %d is %s', (name, batchSize, room) => {
    expect(roomFor([shapes[name]], batchSize)).toBe(room)
  })

  test('is that of the largest model that is used', () => {
    const models = [
      { id: 'model-a', ...shapes.demo },
      { id: 'model-b', ...shapes['T0-3B'] }
    ] as unknown as Model[]
    expect(roomOf({ models: ['model-a'], batchSize: 4 }, models)).toBe('usual')
    expect(roomOf({ models: ['model-a', 'model-b'] }, models)).toBe('large')
    expect(roomOf({ models: [] }, models)).toBe('usual')
  })
})

describe('a pool with workers for much memory', () => {
  function starter() {
    const started: number[] = []
    const start = (): WorkerProcess => {
      started.push(started.length)
      const exits: ((exit: { code: number; signal: null }) => void)[] = []
      return {
        pid: 1,
        send: () => undefined,
        kill: () => exits.forEach((exit) => exit({ code: 0, signal: null })),
        onMessage: () => undefined,
        onOutput: () => undefined,
        onExit: (listener) => void exits.push(listener)
      }
    }
    return { started, start }
  }

  test('starts them for it alone, and never gives one kind for the other', () => {
    const [usual, large] = [starter(), starter()]
    const pool = new WorkerPool(usual, { large })
    onTestFinished(() => pool.close())
    const first = pool.take('self-test', 'large')
    pool.release(first)
    const second = pool.take('self-test')
    pool.release(second)
    expect([usual.started.length, large.started.length]).toEqual([1, 1])
    expect(pool.take('self-test', 'large')).toBe(first)
    expect(pool.take('self-test')).toBe(second)
  })

  test('without such workers all are the same', () => {
    const usual = starter()
    const pool = new WorkerPool(usual)
    onTestFinished(() => pool.close())
    expect(pool.hasLarge).toBe(false)
    const first = pool.take('self-test', 'large')
    pool.release(first)
    expect(pool.take('self-test')).toBe(first)
  })
})
