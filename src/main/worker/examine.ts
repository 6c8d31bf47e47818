import { createRequire } from 'node:module'
import { neighbourLibrary } from '../../../native/index.ts'
import type { Check } from '../contract/settings.ts'
import { messageOf } from '../contract/error.ts'
import { defineJob } from './job.ts'

/** Looks at the native parts from inside a worker, where a broken one can do no harm. */
export const job = defineJob({
  kind: 'examine',
  async run() {
    return { checks: [addon(), await runtime()] }
  }
})

function addon(): Check {
  const { name, description } = neighbourLibrary()
  if (name === 'native') return { name: 'Native search', state: 'ok', found: description, advice: '' }
  return {
    name: 'Native search',
    state: 'optional',
    found: description,
    advice: ''
  }
}

async function runtime(): Promise<Check> {
  const name = 'ONNX Runtime'
  try {
    await import('onnxruntime-node')
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
    return { name, state: 'ok', found: version, advice: '' }
  } catch (error) {
    return { name, state: 'failed', found: messageOf(error), advice: '' }
  }
}
