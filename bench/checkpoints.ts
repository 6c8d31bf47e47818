/**
 * Opening and reading checkpoints, and tokenisation. The checkpoint has the shape of T5 with random numbers: large as T0-3B
 * (2.8 billion weights, 11 GB of disk in the folder for temporary files) where RECROSS_BENCH_LARGE is set, a tenth of it
 * otherwise. The Rust tokenizers run beside where RECROSS_BENCH_PYTHON names a Python that has them.
 */
import { execFile } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeSuite } from '../src/main/data/demo/suite.ts'
import { physicalCores } from '../src/main/machine/cores.ts'
import { parametersOf } from '../src/main/models/architectures/index.ts'
import { readConfig } from '../src/main/models/config.ts'
import { digestOf } from '../src/main/models/fingerprint.ts'
import { parameterSize, type Parameter } from '../src/main/models/parameters.ts'
import { loadTokenizer } from '../src/main/models/tokenizers/load.ts'
import { trainByteLevelBpe, writeTokenizer } from '../src/main/models/tokenizers/train-bpe.ts'
import { writeSafetensors } from '../src/main/models/weights/write-safetensors.ts'
import type { ChildReport } from './checkpoint-child.ts'
import { sized } from './size.ts'
import { type BenchResult, type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

type Report = (result: BenchResult) => void

const run = promisify(execFile)
const rounds = sized(3, 1)
const large = Boolean(process.env['RECROSS_BENCH_LARGE'])
const t5 = {
  model_type: 't5',
  vocab_size: sized(32_128, 512),
  d_model: sized(2048, 64),
  d_kv: sized(64, 16),
  d_ff: sized(5120, 128),
  num_heads: sized(32, 4),
  num_layers: large ? 24 : 2,
  feed_forward_proj: 'gated-gelu',
  tie_word_embeddings: false
}

export const suite: BenchSuite = {
  name: 'checkpoints',
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), 'recross-bench-'))
    try {
      await benchCheckpoint(folder, report)
      await benchTokenizer(join(folder, 'tokenizer'), report)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function benchCheckpoint(folder: string, report: Report): Promise<void> {
  writeFileSync(join(folder, 'config.json'), JSON.stringify(t5))
  const parameters = parametersOf(await readConfig(folder))
  const weights = parameters.reduce((sum, parameter) => sum + parameterSize(parameter), 0)
  const bytes = 4 * weights
  const writeStart = performance.now()
  const shards = await writeShards(folder, parameters)
  const size = `${(weights / 1e9).toFixed(2)} billion weights, ${gigabytes(bytes)} in ${shards.length} files`
  report(rate(`write ${size}`, bytes, (performance.now() - writeStart) / 1000, 'random numbers, forced to disk'))

  const children: ChildReport[] = []
  const plain: number[] = []
  const largest = 4 * Math.max(...parameters.map(parameterSize))
  for (let round = 0; round < (large ? 1 : rounds); round++) {
    plain.push(await secondsToRead(shards))
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'checkpoint-child.ts'), folder])
    children.push(JSON.parse(stdout) as ChildReport)
  }
  const openBytes = median(children.map((child) => child.openBytes))
  report({
    name: `open ${size}`,
    value: median(children.map(({ openMilliseconds }) => openMilliseconds)),
    unit: 'ms',
    aim: null,
    holds: null,
    detail: `${children[0]!.tensors} tensors; headers only`
  })
  report({
    name: 'memory to open',
    value: openBytes / 2 ** 20,
    unit: 'MB',
    aim: 'under 64 MB',
    holds: openBytes < 64 * 2 ** 20
  })
  const over = median(children.map(({ peakBytes }) => peakBytes)) - largest
  report({
    name: 'memory to read, over the largest tensor',
    value: over / 2 ** 20,
    unit: 'MB',
    aim: 'no second copy: under 128 MB',
    holds: over < 128 * 2 ** 20,
    detail: `largest tensor ${gigabytes(largest)}`
  })
  const seconds = median(children.map(({ readSeconds }) => readSeconds))
  report({
    ...rate('read all tensors', bytes, seconds),
    detail: `${(median(plain) / seconds).toFixed(2)} times plain file reading`
  })
  const hashStart = performance.now()
  await digestOf(shards[0]!)
  report(rate('fingerprint (SHA-256)', statSync(shards[0]!).size, (performance.now() - hashStart) / 1000))
}

/** Writes two shards and their index; one block of random numbers serves all tensors. */
async function writeShards(folder: string, parameters: readonly Parameter[]): Promise<string[]> {
  const block = new Float32Array(Math.max(...parameters.map(parameterSize)))
  const bits = new Uint32Array(block.buffer)
  for (let at = 0; at < bits.length; at += 1 << 20) randomFillSync(bits, at, Math.min(1 << 20, bits.length - at))
  // Numbers between -2 and 2: sign and fraction stay random.
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i]! & 0x807fffff) | 0x3f800000
  const half = Math.ceil(parameters.length / 2)
  const placed: Record<string, string> = {}
  const files: string[] = []
  for (const [number, part] of [parameters.slice(0, half), parameters.slice(half)].entries()) {
    const file = `model-0000${number + 1}-of-00002.safetensors`
    const tensors = part.map((parameter) => {
      placed[parameter.name] = file
      const data = (): Float32Array => block.subarray(0, parameterSize(parameter))
      return { name: parameter.name, dtype: 'F32' as const, shape: parameter.dims, data }
    })
    await writeSafetensors(join(folder, file), tensors)
    files.push(join(folder, file))
  }
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: placed }))
  return files
}

/** The machine's own rate: the same files in blocks of 4 MB. */
async function secondsToRead(files: readonly string[]): Promise<number> {
  const buffer = new Uint8Array(1 << 22)
  const start = performance.now()
  for (const file of files) {
    const handle = await open(file)
    while ((await handle.read(buffer, 0, buffer.length)).bytesRead > 0);
    await handle.close()
  }
  return (performance.now() - start) / 1000
}

async function benchTokenizer(folder: string, report: Report): Promise<void> {
  const { texts, size } = tokenizerTexts()
  const trainStart = performance.now()
  await writeTokenizer(folder, trainByteLevelBpe(texts, size), 1024)
  report({
    name: `learn a BPE vocabulary of ${size}`,
    value: (performance.now() - trainStart) / 1000,
    unit: 's',
    aim: null,
    holds: null,
    detail: `${texts.length} texts`
  })
  const file = join(folder, 'texts.json')
  writeFileSync(file, JSON.stringify(texts))
  const own: number[] = []
  const rust: { single: number; batch: number; tokens: number }[] = []
  let tokens = 0
  for (let round = 0; round < rounds; round++) {
    const tokenizer = await loadTokenizer(folder)
    const start = performance.now()
    tokens = tokenizer.encodeBatch(texts).reduce((sum, ids) => sum + ids.length, 0)
    own.push((performance.now() - start) / 1000)
    const python = process.env['RECROSS_BENCH_PYTHON']
    if (!python) continue
    const script = join(import.meta.dirname, 'peers', 'tokenizer_speed.py')
    const { stdout } = await run(python, [script, folder, file, String(physicalCores())])
    rust.push(JSON.parse(stdout) as (typeof rust)[number])
  }
  const seconds = median(own)
  const compared = rust.length > 0
  const single = compared ? median(rust.map((one) => one.single)) : 0
  const batch = compared ? median(rust.map((one) => one.batch)) : 0
  if (compared && rust[0]!.tokens !== tokens) throw new Error(`${tokens} tokens, but ${rust[0]!.tokens} in Rust`)
  report({
    name: 'tokenise (byte-level BPE, one thread, first time)',
    value: tokens / seconds / 1000,
    unit: 'k tokens/s',
    aim: compared ? 'at least as fast as the Rust tokenizers one by one' : null,
    holds: compared ? seconds <= single : null,
    ...(compared
      ? {
          detail: `${(single / seconds).toFixed(2)}x Rust one by one, ${(batch / seconds).toFixed(2)}x Rust as one batch on ${physicalCores()} cores`
        }
      : {})
  })
}

/** Texts of the demo suite. */
function tokenizerTexts(): { texts: string[]; size: number } {
  const upstream = makeSuite().upstream.slice(0, sized(Infinity, 200))
  return { texts: upstream.map(([input, outputs]) => `${input} ${outputs[0] ?? ''}`), size: sized(2000, 400) }
}

function rate(name: string, bytes: number, seconds: number, detail?: string): BenchResult {
  const value = bytes / 2 ** 30 / seconds
  return { name, value, unit: 'GB/s', aim: null, holds: null, ...(detail === undefined ? {} : { detail }) }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GB`
}
