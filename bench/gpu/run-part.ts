/** A part of the report in a process of its own, which prints a row a line. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { BenchResult } from '../suite.ts'
import type { Driver } from './drivers.ts'

/** What is measured, in this order; `self-test` comes before them. */
export const partNames = [
  'parity',
  'parity in fp16',
  'placement',
  'step bart-base',
  'step bart-base in fp16',
  'step bart-large',
  'step bart-large in fp16',
  'step t5-base',
  'step t5-base in fp16',
  'LoRA',
  'T0-3B on 4-bit',
  'T0-3B on 8-bit',
  'half precision',
  'embedding',
  'generation',
  'PyTorch'
] as const

/** The last line of a part that came to its end. */
export const doneLine = 'done'

/** In the bundle both are one folder's files. */
const program = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'part.ts')
  : join(import.meta.dirname, 'part.js')

/** Runs it to its end and passes its rows on. Gives why it did not come to its end, or null. */
export async function runPart(
  name: string,
  driver: Pick<Driver, 'env'>,
  { small, seconds }: { small: boolean; seconds: number },
  report: (row: BenchResult) => void
): Promise<string | null> {
  const child = spawn(process.execPath, [program, name], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...driver.env, RECROSS_BENCH_SMOKE: small ? '1' : '' }
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)))
  let done = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    done ||= line === doneLine
    const row = rowOf(line)
    if (row) report(row)
  })
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, seconds * 1000)
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (...ended) => resolve(ended))
  )
  clearTimeout(timer)
  if (done) return null
  if (late) return `it was not done after ${seconds.toFixed(0)} s`
  return `its process ended with ${signal ?? code}: ${lastWords(said)}`
}

/** A row; undefined for what libraries print themselves. JSON has no NaN: a figure that is not there is null. */
function rowOf(line: string): BenchResult | undefined {
  if (!line.startsWith('{"name":')) return undefined
  const row = JSON.parse(line) as Omit<BenchResult, 'value'> & { value: number | null }
  return { ...row, value: row.value ?? NaN }
}

/** The sentence of an error, or the last line. Node.js shows the line of the source that threw it in front. */
export function lastWords(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return (lines.find((line) => /^(Uncaught )?\w*Error( \[\w+\])?: /.test(line)) ?? lines.at(-1) ?? 'it said nothing')
    .trim()
    .slice(0, 300)
}
