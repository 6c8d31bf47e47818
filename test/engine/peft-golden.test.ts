import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { feedsOf } from '../../src/main/engine/inference/batches.ts'
import { exportAdapter } from '../../src/main/engine/export-tuned.ts'
import { loadModel } from '../../src/main/engine/loaded-model.ts'
import { patchFile, writePatch, type PatchTensor } from '../../src/main/engine/patch.ts'
import { GraphSession } from '../../src/main/engine/session.ts'
import { float32, floats, type Tensors } from '../../src/main/engine/tensors.ts'
import { adapterNames } from '../../src/main/engine/training/trainable.ts'
import { architectureOf, seq2seqOf, type Seq2SeqConfig } from '../../src/main/models/architectures/index.ts'
import { sourceBatch, targetBatch } from '../../src/main/models/batch.ts'
import { ModelContext } from '../../src/main/models/context.ts'
import { project } from '../../src/main/models/decoding-graphs.ts'
import { fingerprintModel } from '../../src/main/models/fingerprint.ts'
import { graphBuilder } from '../../src/main/models/graphs.ts'
import { sourceInputs, targetInputs } from '../../src/main/models/inputs.ts'
import type { Parameter } from '../../src/main/models/parameters.ts'
import { trainByteLevelBpe, writeTokenizer } from '../../src/main/models/tokenizers/train-bpe.ts'
import { Random } from '../../src/main/random/random.ts'
import { readCase, relativeError, type Seq2SeqGolden } from '../oracle/golden.ts'

/**
 * What PEFT computes with our exported adapters, made by `test/oracle/peft_goldens.py` from the very files that this test writes
 * when it is run with WRITE_PEFT=1: their hashes stand in the golden.
 */
const goldens = join(import.meta.dirname, '..', 'oracle', 'golden', 'peft')
interface PeftGolden {
  sha256: Record<string, string>
  /** Shape `[sequences, longest, vocabulary]` of each batch's logits, and the logits of its tokens. */
  logits: { rows: number[]; values: string }[]
}

const folder = mkdtempSync(join(tmpdir(), 'recross-peft-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Which layers have an adapter: those that tuning takes where nothing else is asked for, or every linear layer. */
const cases: [string, 'usual' | 'all'][] = [
  ['bart', 'all'],
  ['bart-scaled', 'usual'],
  ['pegasus', 'usual'],
  ['t5', 'usual'],
  ['flan-t5', 'all']
]

describe.each(cases)('an exported adapter of %s (%s layers)', (name, layers) => {
  test('is the one that PEFT was given, and computes what PEFT does', async () => {
    const { golden, folder: from } = await readCase<Seq2SeqGolden>(name)
    const base = join(folder, name)
    cpSync(from, base, { recursive: true })
    await writeTokenizer(base, trainByteLevelBpe(['a few words'], 261), 64)
    const plain = await loadModel({ folder: base, provider: 'cpu' })
    const { config } = plain
    if (config.role !== 'seq2seq') throw new Error(`${name} is no seq2seq model`)
    const adapted = plain.parameters.filter((parameter) => hasAdapter(config, parameter, layers))
    expect(adapted.length).toBeGreaterThan(3)
    const patch = join(folder, `${name}-tuned`)
    mkdirSync(patch)
    const scale = 7 / 3
    await writePatch(patch, { kind: 'adapter', base: await fingerprintModel(base), scale }, pairsOf(name, adapted))
    const to = join(folder, `${name}-peft`)
    mkdirSync(to)
    await exportAdapter({ folder: base, patch: join(patch, patchFile) }, to, `tiny/${name}`)

    const kept = join(goldens, name)
    if (process.env['WRITE_PEFT'] === '1') cpSync(to, kept, { recursive: true })
    for (const file of ['adapter_config.json', 'adapter_model.safetensors'])
      expect(readFileSync(join(to, file)).equals(readFileSync(join(kept, file)))).toBe(true)
    if (process.env['WRITE_PEFT'] === '1' && !existsSync(join(kept, 'golden.json'))) return
    const expected = JSON.parse(readFileSync(join(kept, 'golden.json'), 'utf8')) as PeftGolden
    for (const [file, hash] of Object.entries(expected.sha256))
      expect(
        createHash('sha256')
          .update(readFileSync(join(to, file)))
          .digest('hex')
      ).toBe(hash)

    const tuned = await loadModel({ folder: base, patch: join(patch, patchFile), provider: 'cpu' })
    for (const [index, { source, target }] of golden.batches.entries()) {
      const values = Buffer.from(expected.logits[index]!.values, 'base64')
      const theirs = new Float32Array(values.buffer, values.byteOffset, values.length / 4)
      const [ours, before] = [await logits(config, tuned, source, target), await logits(config, plain, source, target)]
      expect(ours.length).toBe(theirs.length)
      expect(relativeError(ours, theirs)).toBeLessThan(1e-4)
      expect(relativeError(before, theirs)).toBeGreaterThan(1e-2)
    }
  })
})

function hasAdapter(config: Seq2SeqConfig, { name, dims }: Parameter, layers: 'usual' | 'all'): boolean {
  const module = name
    .replace(/\.weight$/, '')
    .split('.')
    .at(-1)!
  if (layers === 'usual') return architectureOf(config).loraTargets.includes(module)
  return dims.length === 2 && name.endsWith('.weight') && /(layers|layer)\.\d+/.test(name) && !module.includes('bias')
}

function pairsOf(name: string, adapted: readonly Parameter[]): PatchTensor[] {
  const random = new Random(`adapter of ${name}`)
  const drawn = (size: number): Float32Array =>
    Float32Array.from({ length: size }, () => (random.uniform() - 0.5) * 0.4)
  return adapted.flatMap(({ name: weight, dims }) => {
    const [outputs, inputs] = dims as [number, number]
    const { down, up } = adapterNames(weight)
    return [
      { name: down, dims: [3, inputs], data: drawn(3 * inputs) },
      { name: up, dims: [outputs, 3], data: drawn(outputs * 3) }
    ]
  })
}

async function logits(
  config: Seq2SeqConfig,
  model: Awaited<ReturnType<typeof loadModel>>,
  source: number[][],
  target: number[][]
): Promise<Float32Array> {
  const g = graphBuilder('logits')
  const context = new ModelContext(g, model.parameters)
  const architecture = seq2seqOf(config)
  const inputs = sourceInputs(g, architecture.source(config))
  const wanted = targetInputs(g, architecture.target(config))
  const memory = architecture.encode(context, config, inputs)
  const hidden = architecture.decode(context, config, wanted, { memory, source: inputs })
  g.output('logits', project(g, hidden, architecture.head(context, config)))
  const session = await GraphSession.create(g.build(), { threads: 1 })
  const weights: Tensors = Object.fromEntries(
    model.parameters.map(({ name, dims }) => [name, float32(model.weights.data(name), dims)])
  )
  const rows = source.map((ids) => ({ ids }))
  const out = await session.run({
    ...weights,
    ...feedsOf({ ...sourceBatch(config, rows), ...targetBatch(config, target) })
  })
  await session.release()
  return floats(out['logits']!)
}
