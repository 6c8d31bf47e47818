/** A Python process that trains the same shapes with Transformers and PyTorch, for a comparison in one run. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RowLengths, Shape } from './training-model.ts'

interface PeerStep {
  batch?: number
  precision?: 'fp32' | 'bf16' | 'fp16'
}

export interface StepTime {
  /** By the clock. */
  seconds: number
  /** Of the processor. */
  processor: number
}

export interface TrainingPeer {
  /** Whether it could: with `lora` it needs PEFT. */
  prepare(shape: Shape, lora?: { rank: number; alpha: number; targets: readonly string[] }): Promise<boolean>
  /** The batches of later steps, padded as Transformers' collator pads them; their row lengths. */
  batches(rows: readonly (readonly RowLengths[])[]): Promise<void>
  /** The card that it computes on, null where it has none; with `cuda` only. */
  device(): Promise<{ device: string | null }>
  /** One step, of one of the batches where its number is given. */
  step(options?: PeerStep): Promise<StepTime>
  close(): Promise<void>
}

/** Starts the Python named by RECROSS_BENCH_PYTHON (with torch and transformers); null without it. */
export function startTrainingPeer(threads: number, device: 'cpu' | 'cuda' = 'cpu'): TrainingPeer | null {
  const python = process.env['RECROSS_BENCH_PYTHON']
  if (!python) return null
  const child = spawn(python, [join(import.meta.dirname, 'peers', 'training.py'), String(threads), device], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, HF_HUB_OFFLINE: '1' }
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async <T>(request: object): Promise<T> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('The Python peer ended. Run bench/peers/training.py by hand to see why.')
    return JSON.parse(value) as T
  }
  return {
    async prepare({ type, fields, batch, source, target }, lora) {
      const config = { model_type: type, ...fields }
      const { missing } = await ask<{ missing?: true }>({ config, batch, source, target, ...(lora && { lora }) })
      return missing !== true
    },
    batches: async (rows) => {
      await ask({ batches: rows.map((batch) => batch.map(({ source, target }) => [source, target])) })
    },
    device: () => ask({ device: true }),
    step: ({ batch = 0, precision = 'fp32' } = {}) => ask<StepTime>({ step: true, number: batch, precision }),
    close: async () => {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    }
  }
}
