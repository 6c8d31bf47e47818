/**
 * Decodes and embeds a case of the oracle on WebGPU and prints what came out: the answers, how far the vectors are from the
 * golden ones, and where the operators of the decoder's step ran.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeByBeams } from '../../../src/main/engine/inference/beam.ts'
import { decodeGreedily } from '../../../src/main/engine/inference/greedy.ts'
import { createInference } from '../../../src/main/engine/inference/index.ts'
import { Runners } from '../../../src/main/engine/inference/model.ts'
import { GraphSession } from '../../../src/main/engine/session.ts'
import type { Seq2SeqConfig } from '../../../src/main/models/config.ts'
import { readGenerationConfig } from '../../../src/main/models/generation-config.ts'
import { readCase, relativeError, type Seq2SeqGolden } from '../../oracle/golden.ts'
import { goldenModel } from '../inference/golden-model.ts'

export interface DecodedOnDevice {
  greedy: number[][]
  beams: number[][]
  vectorError: number
  onCpu: string[]
}

const golden = await readCase<Seq2SeqGolden>(process.argv[2]!)
const generation = await readGenerationConfig(golden.folder)
const model = goldenModel(golden, { provider: 'webgpu', generation })
const start = (golden.config as Seq2SeqConfig).ids.decoderStart
const { source } = golden.golden.batches[0]!

const folder = mkdtempSync(join(tmpdir(), 'decode-'))
const profiled: GraphSession[] = []
const create = GraphSession.create.bind(GraphSession)
GraphSession.create = async (graph, options) => {
  const session = await create(graph, { ...options, profile: join(folder, graph.name) })
  profiled.push(session)
  return session
}

const runners = new Runners(model)
const decoding = { model, runners, inputs: source, settings: generation, start, maxNewTokens: 14 }
const greedy = await decodeGreedily(decoding)
const beams = (await decodeByBeams(decoding, 4)).map(({ ids }) => ids)
const inference = createInference(model)
let vectorError = Infinity
for await (const { indices, vectors } of inference.embed(source.map((ids) => ids.join(' ')))) {
  const { hiddenSize } = golden.config
  const mean = golden.expected('mean:0')
  const expected = indices.flatMap((index) => [...mean.subarray(index * hiddenSize, (index + 1) * hiddenSize)])
  vectorError = relativeError(vectors, expected)
}

interface Event {
  cat: string
  name: string
  args?: { op_name?: string; provider?: string }
}
for (const session of profiled) session.endProfile()
const onCpu = new Set<string>()
for (const file of readdirSync(folder)) {
  for (const { cat, name, args } of JSON.parse(readFileSync(join(folder, file), 'utf8')) as Event[]) {
    const ran = cat === 'Node' && name.endsWith('_kernel_time')
    if (ran && args?.provider === 'CPUExecutionProvider' && args.op_name) onCpu.add(args.op_name)
  }
}
rmSync(folder, { recursive: true })
const result: DecodedOnDevice = { greedy, beams, vectorError, onCpu: [...onCpu].sort() }
console.log(JSON.stringify(result))
process.exit(0)
