/**
 * Weights in shared memory are updated by several threads and read by sessions without copying. The binding of ONNX Runtime takes
 * such arrays only where Node-API knows them (Node 24.9 and newer, Electrons built on it), so that is tried before it is relied
 * upon; without it training runs in memory of its own, on one thread for the update of weights.
 */
import { GraphBuilder } from '../graph/index.ts'
import { GraphSession } from './session.ts'
import { float32 } from './tensors.ts'

let answer: Promise<boolean> | null = null

/** Whether a session reads arrays that lie in shared memory. Tried once in a process. */
export function canShareMemory(): Promise<boolean> {
  answer ??= tryOut()
  return answer
}

/** Runs the smallest graph on memory of its own. Throws where ONNX Runtime does not load, run or calculate. */
export async function tryRuntime(): Promise<void> {
  const found = await doubled(new ArrayBuffer(8))
  if (found !== '2,4') throw new Error(`ONNX Runtime says that 1 and 2 doubled are ${found}.`)
}

async function tryOut(): Promise<boolean> {
  try {
    return (await doubled(new SharedArrayBuffer(8))) === '2,4'
  } catch {
    return false
  }
}

async function doubled(memory: ArrayBuffer | SharedArrayBuffer): Promise<string> {
  const g = new GraphBuilder({ name: 'doubled' })
  g.output('doubled', g.mul(g.input('x', ['N']), 2))
  const session = await GraphSession.create(g.build(), { threads: 1 })
  try {
    const numbers = new Float32Array(memory)
    numbers.set([1, 2])
    const { doubled } = await session.run({ x: float32(numbers, [2]) })
    return String(doubled?.data)
  } finally {
    await session.release()
  }
}
