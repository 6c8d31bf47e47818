import { afterAll, describe, expect, test } from 'vitest'
import { neighbourLibrary } from '../../native/index.ts'
import { needs } from '../needs.ts'
import { allocatorLikeElectrons, runUnder } from './allocator.ts'

const allocator = allocatorLikeElectrons()
afterAll(() => allocator?.dispose())

const native = neighbourLibrary().name === 'native'
const there = needs(allocator !== null && native, 'no C compiler on Linux for the simulator of Electron’s allocator')

describe('under an allocator that ends the process at one piece of 2 GiB', there, () => {
  const run = (code: string) => runUnder(allocator!.library, code)

  test('one such piece does end it', () => {
    expect(run('new ArrayBuffer(2 ** 31)')).toMatchObject({ signal: 'SIGTRAP' })
    expect(run('new ArrayBuffer(2 ** 30)')).toMatchObject({ status: 0 })
  })

  test.each([
    [1_000_000, 768],
    [1_500_000, 384],
    [3_000_000, 768]
  ])('a graph of %d rows of %d dimensions has room', (rows, dimension) => {
    const { status, signal, stdout } = run(`
      import { neighbourLibrary } from './native/index.ts'
      const settings = { m: 16, efConstruction: 100, seed: 1 }
      const hnsw = await neighbourLibrary().createHnsw(${dimension}, ${rows}, settings)
      process.stdout.write(String(hnsw.size))
      hnsw.close()`)
    expect({ status, signal, stdout }).toEqual({ status: 0, signal: null, stdout: '0' })
  })

  test('weights of a model with a large vocabulary have room for training', () => {
    const floats = 250_112 * 2048
    const { status, signal } = run(`
      import { ParameterMemory } from './src/main/engine/optimizer/memory.ts'
      new ParameterMemory([{ lengths: [${floats}] }, { lengths: [${floats}] }])`)
    expect({ status, signal }).toEqual({ status: 0, signal: null })
  })
})
