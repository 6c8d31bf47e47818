/**
 * What a base in 8 or 4 bits costs in accuracy: perplexity and answers of a model beside those of the same in full. The demo's model
 * on its upstream and target rows; another one on rows of your own (a JSON list of [input, right answers]) where
 * RECROSS_BENCH_MODEL and RECROSS_BENCH_ROWS name them. RECROSS_BENCH_ONLY=memory leaves it to rounded-memory.ts.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { LoadOptions } from '../src/main/engine/engine.ts'
import { loadEngine } from '../src/main/engine/load.ts'
import { sized } from './size.ts'
import type { BenchSuite } from './suite.ts'

type Row = readonly [input: string, outputs: readonly string[]]

const rows = sized(600, 16)
const demo = join(import.meta.dirname, '../data/demo')
/** Of the model in full. */
const largestChange = 1
const forms: readonly (Pick<LoadOptions, 'base' | 'precision'> & { name: string })[] = [
  { name: '8 bits', base: '8-bit' },
  { name: '8 bits, fast', base: '8-bit', precision: 'fast' },
  { name: '4 bits', base: '4-bit' }
]

export const suite: BenchSuite = {
  name: 'rounded',
  async run(report) {
    if (process.env['RECROSS_BENCH_ONLY'] === 'memory') return
    const { RECROSS_BENCH_MODEL: own, RECROSS_BENCH_ROWS: file } = process.env
    const scratch = mkdtempSync(join(tmpdir(), 'recross-rounded-'))
    try {
      const folder = join(scratch, 'model')
      cpSync(own ?? join(demo, 'model'), folder, { recursive: true })
      const examples = everyNth(
        file === undefined ? demoRows() : (JSON.parse(readFileSync(file, 'utf8')) as Row[]),
        rows
      )
      const full = await measure({ folder, base: 'full' }, examples)
      for (const { name, ...how } of forms) {
        const found = await measure({ folder, ...how }, examples)
        const change = 100 * (Math.exp(found.loss - full.loss) - 1)
        const same = found.answers.filter((answer, at) => answer === full.answers[at]).length
        report({
          ...{ name: `perplexity with a base in ${name}, against full`, value: change, unit: '%' },
          ...{ aim: `at most ${largestChange}`, holds: change <= largestChange },
          detail:
            `${examples.length} rows: ${Math.exp(full.loss).toFixed(3)} → ${Math.exp(found.loss).toFixed(3)}; ` +
            `the same answers ${percent(same, examples.length)}; right ${percent(full.right, examples.length)} → ` +
            `${percent(found.right, examples.length)}; weights ${(found.bytes / full.bytes).toFixed(2)} of those in full`
        })
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  }
}

async function measure(options: LoadOptions, examples: readonly Row[]) {
  const engine = await loadEngine({ ...options, provider: 'cpu' })
  try {
    const limits = { maxInputTokens: 256, maxOutputTokens: 32 }
    const losses = await engine.losses(
      examples.map(([input, [output]]) => ({ input, output: output! })),
      limits
    )
    const answers: string[] = []
    const inputs = examples.map(([input]) => input)
    for await (const { index, text } of engine.generate(inputs, { maxInputTokens: 256, maxNewTokens: 12, beams: 1 }))
      answers[index] = text.trim()
    const right = answers.filter((answer, at) => examples[at]![1].some((one) => one.trim() === answer)).length
    return {
      loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
      ...{ answers, right, bytes: engine.info.weights.bytes }
    }
  } finally {
    await engine.close()
  }
}

function demoRows(): Row[] {
  const read = (path: string): Row[] => JSON.parse(gunzipSync(readFileSync(join(demo, path))).toString('utf8')) as Row[]
  const targets = ['backward_words', 'hotel_reviews', 'club_notices', 'fable_questions']
  return [
    ...everyNth(read('upstream.json.gz'), rows / 2),
    ...targets.flatMap((target) => everyNth(read(`targets/${target}/test.json.gz`), rows / 2 / targets.length))
  ]
}

/** So many of a list, spread over it. */
function everyNth<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, list.length / count)
  return Array.from({ length: Math.min(count, list.length) }, (_, at) => list[Math.floor(at * step)]!)
}

const percent = (part: number, of: number): string => `${((100 * part) / of).toFixed(1)} %`
