/** Trains cases by their numbers on CPU and WebGPU, there in the precision that is named or in fp32, and prints how far they are apart. */
import type { TunePrecision } from '../../../src/main/contract/precision.ts'
import type { Provider } from '../../../src/main/contract/providers.ts'
import type { TrainSettings } from '../../../src/main/engine/engine.ts'
import { relativeError } from '../../oracle/golden.ts'
import { goldenModel, readGolden, settings, trainedOn } from '../training/golden-model.ts'
import { cases, type Differences, type TrainingCase } from './cases.ts'

async function train(name: string, provider: Provider, change: Partial<TrainSettings>) {
  const model = await goldenModel(name, provider)
  const { training, steps } = await trainedOn(model, readGolden(name).batches, { ...settings, ...change })
  await training.close()
  return { model, steps }
}

async function compare({ model: name, change }: TrainingCase, precision: TunePrecision): Promise<Differences> {
  const cpu = await train(name, 'cpu', change)
  const gpu = await train(name, 'webgpu', { ...change, precision })
  const difference = (key: 'loss' | 'gradientNorm'): number =>
    relativeError(
      gpu.steps.map((step) => step[key]),
      cpu.steps.map((step) => step[key])
    )
  // The gradient of a key projection's bias is rounding noise around zero, which AdamW's division blows up.
  const compared = cpu.model.parameters.filter(({ name, trainable }) => trainable && !name.endsWith('k_proj.bias'))
  const weights = compared.map(({ name }) => relativeError(gpu.model.weights.data(name), cpu.model.weights.data(name)))
  return {
    steps: gpu.steps.length,
    loss: difference('loss'),
    gradientNorm: difference('gradientNorm'),
    weights: Math.max(...weights)
  }
}

const [numbers = '', precision = 'fp32'] = process.argv.slice(2)
const all: Differences[] = []
for (const number of numbers.split(',')) all.push(await compare(cases[Number(number)]!, precision as TunePrecision))
console.log(JSON.stringify(all))
