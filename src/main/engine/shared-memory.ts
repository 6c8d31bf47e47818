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

async function tryOut(): Promise<boolean> {
  const g = new GraphBuilder({ name: 'shared-memory' })
  g.output('doubled', g.mul(g.input('x', ['N']), 2))
  const session = await GraphSession.create(g.build(), { threads: 1 })
  try {
    const shared = new Float32Array(new SharedArrayBuffer(8))
    shared.set([1, 2])
    const { doubled } = await session.run({ x: float32(shared, [2]) })
    return String(doubled?.data) === '2,4'
  } catch {
    return false
  } finally {
    await session.release()
  }
}
