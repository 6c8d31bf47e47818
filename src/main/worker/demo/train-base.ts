import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { LabError } from '../../contract/error.ts'
import type { LineRow } from '../../data/demo/suite.ts'
import { removeInside } from '../../files/remove.ts'
import { baseModelSize, baseTraining, trainBaseModel } from './base-model.ts'

/**
 * `npm run train-base -- --data upstream.json.gz --out folder`: trains a small multi-task base model from nothing on an
 * upstream file in the original's format (an array of `[input, [outputs…], id]`, plain or gzip). For computers that
 * cannot hold or fetch BART0. Interrupted, it goes on from its last checkpoint when it is started again. `--from folder`
 * trains a model on that it has made before.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    from: { type: 'string' },
    width: { type: 'string', default: '256' },
    layers: { type: 'string', default: '3' },
    vocabulary: { type: 'string', default: '8000' },
    tokens: { type: 'string', default: '256' },
    epochs: { type: 'string', default: '1' },
    batch: { type: 'string', default: '16' },
    rate: { type: 'string', default: '5e-4' }
  }
})
if (values.data === undefined || values.out === undefined)
  throw new LabError('usage', 'Say which data and where to: npm run train-base -- --data upstream.json.gz --out folder')

const out = resolve(values.out)
const from = values.from === undefined ? undefined : resolve(values.from)
const rows = await readRows(resolve(values.data))
const width = Number(values.width)
const size = {
  ...baseModelSize,
  width,
  layers: Number(values.layers),
  heads: Math.max(1, width / 32),
  vocabulary: Number(values.vocabulary),
  maxTokens: Number(values.tokens)
}
const settings = {
  ...baseTraining,
  epochs: Number(values.epochs),
  batchSize: Number(values.batch),
  learningRate: Number(values.rate),
  warmupSteps: 500,
  shuffle: 'by-length' as const,
  maxInputTokens: size.maxTokens,
  maxOutputTokens: 64
}
console.log(
  `${rows.length} examples; ${from ?? `a BART of width ${width} with ${size.layers} + ${size.layers} layers`}; ${settings.epochs} epochs in batches of ${settings.batchSize}`
)

const started = Date.now()
let first = 0
let loss = 0
for await (const step of trainBaseModel(out, { rows, size, settings, from })) {
  first ||= step.step
  loss = loss === 0 ? step.loss : 0.98 * loss + 0.02 * step.loss
  if (step.step % 50 !== 0 && !step.last) continue
  const perStep = (Date.now() - started) / 1000 / (step.step - first + 1)
  const minutesLeft = Math.round((perStep * (step.totalSteps - step.step)) / 60)
  console.log(
    `step ${step.step} of ${step.totalSteps}, loss ${loss.toFixed(3)}, ${perStep.toFixed(2)} s a step, ${minutesLeft} min left`
  )
}
await removeInside(out, join(out, 'start'))
console.log(`The model is in ${out}. Add it with: npm run lab -- models install ${out}`)

async function readRows(path: string): Promise<LineRow[]> {
  const bytes = await readFile(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const rows: unknown = JSON.parse(text)
  const fits = (row: unknown): row is LineRow =>
    Array.isArray(row) &&
    typeof row[0] === 'string' &&
    Array.isArray(row[1]) &&
    typeof row[1][0] === 'string' &&
    typeof row[2] === 'string'
  if (!Array.isArray(rows) || !rows.every(fits))
    throw new LabError('wrong-format', `${path} is not an array of [input, [outputs…], id].`, { details: { path } })
  return rows
}
