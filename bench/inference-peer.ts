/** A Python process that runs the same models with Sentence-Transformers and Transformers, for a comparison in one run. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { StepTime } from './training-peer.ts'

export interface InferencePeer {
  embed(folder: string, texts: readonly string[]): Promise<StepTime & { first: number[] }>
  generate(
    folder: string,
    rows: readonly (readonly number[])[],
    tokens: number,
    beams: number
  ): Promise<StepTime & { ids: number[][] }>
  close(): Promise<void>
}

/** Starts the Python named by RECROSS_BENCH_PYTHON (with torch, transformers, sentence-transformers); null without it. */
export function startInferencePeer(threads: number): InferencePeer | null {
  const python = process.env['RECROSS_BENCH_PYTHON']
  if (!python) return null
  const child = spawn(python, [join(import.meta.dirname, 'peers', 'inference.py'), String(threads)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'true' }
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async <T>(request: object): Promise<T> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('The Python peer ended. Run bench/peers/inference.py by hand to see why.')
    return JSON.parse(value) as T
  }
  return {
    embed: (folder, texts) => ask({ embed: { folder, texts } }),
    generate: (folder, rows, tokens, beams) => ask({ generate: { folder, rows, tokens, beams } }),
    close: async () => {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    }
  }
}
