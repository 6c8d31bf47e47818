/**
 * Whether a device can train in half precision, and what it gains: some offer no 16-bit numbers, and products of others could be wrong or
 * slower than in fp32.
 */
import { LabError, messageOf } from '../contract/error.ts'
import type { Provider, ProviderChoice } from '../contract/providers.ts'
import { GraphBuilder, inHalf, type Graph } from '../graph/index.ts'
import { keepsTensors } from './devices.ts'
import { chooseProvider, deviceTrouble, leastGain, selfTest, type ProviderDecision } from './providers.ts'
import { bestRun } from './best-run.ts'
import { float32, type Tensors } from './tensors.ts'

export interface HalfTest {
  /** Length of the difference from the products in fp32, relative to theirs. */
  error: number
  /** Seconds of the products in fp32 for each second in half precision. */
  gain: number
}

/** With rounding alone it is off by 0.2 to 0.4 %. */
const largestError = 0.02
const size = 512
const products = 4

const measured = new Map<Provider, Promise<HalfTest>>()

/** Measured once in a process. Throws where the device has no 16-bit numbers. */
export function testHalf(provider: Provider): Promise<HalfTest> {
  let test = measured.get(provider)
  if (!test) {
    test = measure(provider)
    measured.set(provider, test)
    test.catch(() => measured.delete(provider))
  }
  return test
}

/**
 * The provider for training in half precision: one that keeps tensors on a device, which has 16-bit numbers.
 * @throws LabError `half-unavailable` where there is none here, or another was chosen by name
 */
export async function chooseForHalf(choice: ProviderChoice): Promise<ProviderDecision> {
  if (choice !== 'auto' && !keepsTensors(choice))
    throw unavailable(
      `it is for devices through WebGPU, and the provider "${choice}" was chosen`,
      { provider: choice },
      'the provider "webgpu" or "auto"'
    )
  const provider: Provider = 'webgpu'
  try {
    const { error, gain } = await testHalf(provider)
    if (!(error <= largestError)) throw new Error(`its products are off by ${(100 * error).toFixed(1)} %`)
    await chooseProvider(provider)
    if (choice === 'auto') await worthIt(provider)
    return {
      provider,
      reason: `webgpu, for half precision: products are ${gain.toFixed(1)} times as fast as in fp32 here, and off by ${(100 * error).toFixed(2)} %.`
    }
  } catch (cause) {
    if (cause instanceof LabError && cause.code === 'half-unavailable') throw cause
    throw unavailable(reasonOf(cause), { provider: choice, cause })
  }
}

/** Nobody who left the choice to the lab is to wait for a driver in software. */
async function worthIt(provider: Provider): Promise<void> {
  const [cpu, device] = [await selfTest('cpu'), await selfTest(provider)]
  const gain = cpu.milliseconds / device.milliseconds
  if (gain < leastGain)
    throw unavailable(
      `WebGPU is not faster than the processor here (${gain.toFixed(2)} times its speed in fp32)`,
      { provider: 'auto' },
      'the provider "webgpu" by name'
    )
}

function unavailable(
  why: string,
  { provider, cause }: { provider: ProviderChoice; cause?: unknown },
  instead?: string
): LabError {
  return new LabError(
    'half-unavailable',
    `Training in half precision is not possible: ${why}. Choose the precision "fp32"${instead === undefined ? '' : `, or ${instead}`}.`,
    { cause, details: { provider } }
  )
}

/** A session that fails says at length which operator of which graph did. */
function reasonOf(cause: unknown): string {
  const text = messageOf(cause)
  const missing = /requires f16[^.\n]*/.exec(text)?.[0]
  if (missing) return `the device here has no 16-bit numbers (${missing})`
  return `WebGPU does not serve for it here: ${deviceTrouble(cause)}`
}

async function measure(provider: Provider): Promise<HalfTest> {
  const graph = testGraph()
  // First, as it may not be there at all.
  const half = await bestRun(inHalf(graph), provider, testFeeds())
  const exact = await bestRun(graph, provider, testFeeds())
  let [difference, length] = [0, 0]
  exact.values.forEach((value, at) => {
    difference += (value - half.values[at]!) ** 2
    length += value ** 2
  })
  return { error: Math.sqrt(difference / length), gain: exact.milliseconds / half.milliseconds }
}

/** A layer's products, forward and as they are for the gradients of its weights. */
function testGraph(): Graph {
  const g = new GraphBuilder({ name: 'half-test' })
  const w = g.weight('w', [size, size])
  const x = g.input('x', ['N', size])
  let y = x
  for (let layer = 0; layer < products; layer++) y = g.gelu(g.linear(y, w))
  g.output('y', g.gemm(y, x, undefined, { transA: true }))
  return g.build()
}

function testFeeds(): Tensors {
  const wave = (step: number, scale: number) =>
    float32(
      Float32Array.from({ length: size * size }, (_, index) => Math.sin(index * step) * scale),
      [size, size]
    )
  return { x: wave(0.37, 1), w: wave(0.91, 2 / Math.sqrt(size)) }
}
