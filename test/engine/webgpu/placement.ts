/** Profiles a training step on WebGPU and prints which operators ran where: `{ "WebGpuExecutionProvider": { "Gemm": 12 }, … }`. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GraphSession } from '../../../src/main/engine/session.ts'
import { float32, scalar, type Tensors } from '../../../src/main/engine/tensors.ts'
import { DropoutMasks } from '../../../src/main/engine/training/dropout.ts'
import { gradientGraph } from '../../../src/main/engine/training/graph.ts'
import { bindSymbols } from '../../../src/main/engine/session.ts'
import { batchObjective, goldenModel, readGolden } from '../training/golden-model.ts'

const [name, precision] = process.argv.slice(2) as [string, string | undefined]
const model = await goldenModel(name, 'webgpu')
const objective = batchObjective(model, readGolden(name).batches)
const trained = model.parameters
  .filter(({ trainable }) => trainable)
  .map(({ name: weight, dims }) => ({ name: weight, dims, decays: true }))
const { graph } = gradientGraph(objective.graph({ training: true, dropout: 0.1, smoothing: 0.1 }), trained, {
  ...{ accumulate: false, sparseRows: false, recompute: false, squares: true },
  half: precision === 'half' ? {} : undefined
})
const folder = mkdtempSync(join(tmpdir(), 'placement-'))
const session = await GraphSession.create(graph, { provider: 'webgpu', profile: join(folder, 'profile') })
const { feeds } = objective.batch([0], objective.labels([0]))
const masks = new DropoutMasks(1).feeds(graph, bindSymbols(graph, feeds, true), 0, 0)
const weights: Tensors = Object.fromEntries(
  model.parameters.map(({ name: weight, dims }) => [weight, float32(model.weights.data(weight), dims)])
)
const read = new Set(graph.inputs.map(({ value }) => value.name))
await session.run(
  Object.fromEntries(
    Object.entries({ ...weights, ...feeds, ...masks, loss_scale: scalar(1024) }).filter(([input]) => read.has(input))
  )
)
session.endProfile()
const events = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')) as Event[]
interface Event {
  cat: string
  name: string
  args?: { op_name?: string; provider?: string }
}
const placement: Record<string, Record<string, number>> = {}
for (const { cat, name: event, args } of events) {
  if (cat !== 'Node' || !event.endsWith('_kernel_time') || !args?.op_name || !args.provider) continue
  const counts = (placement[args.provider] ??= {})
  counts[args.op_name] = (counts[args.op_name] ?? 0) + 1
}
rmSync(folder, { recursive: true })
console.log(JSON.stringify(placement))
process.exit(0)
