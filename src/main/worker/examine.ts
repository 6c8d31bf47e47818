import { createRequire } from 'node:module'
import { neighbourLibrary } from '../../../native/index.ts'
import type { Check } from '../contract/settings.ts'
import { messageOf } from '../contract/error.ts'
import { trySqlite } from '../data/try-sqlite.ts'
import { canShareMemory, tryRuntime } from '../engine/shared-memory.ts'
import { defineJob } from './job.ts'

/** Looks at the native parts from inside a worker, where a broken one can do no harm. */
export const job = defineJob({
  kind: 'examine',
  async run() {
    return { checks: [addon(), sqlite(), await runtime(), await sharedMemory()] }
  }
})

function addon(): Check {
  const { name, description } = neighbourLibrary()
  if (name === 'native') return { name: 'Native search', state: 'ok', found: description, advice: null }
  return {
    name: 'Native search',
    state: 'optional',
    found: description,
    advice: null
  }
}

function sqlite(): Check {
  const name = 'SQLite in workers'
  try {
    return { name, state: 'ok', found: trySqlite(), advice: null }
  } catch (error) {
    return { name, state: 'failed', found: messageOf(error), advice: null }
  }
}

async function runtime(): Promise<Check> {
  const name = 'ONNX Runtime'
  try {
    await tryRuntime()
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
    return { name, state: 'ok', found: version, advice: null }
  } catch (error) {
    return { name, state: 'failed', found: messageOf(error), advice: null }
  }
}

/** Training needs it for its speed, not for its numbers. */
async function sharedMemory(): Promise<Check> {
  const name = 'Shared memory'
  const works = await canShareMemory().catch(() => false)
  if (works) return { name, state: 'ok', found: 'weights are updated by all threads', advice: null }
  return {
    name,
    state: 'optional',
    found: 'ONNX Runtime does not take it here: weights are updated by one thread',
    advice: null
  }
}
