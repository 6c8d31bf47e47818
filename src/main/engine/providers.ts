/** Choosing an execution provider: each candidate computes a small graph and is compared with the CPU, in result and in time. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { LabError, messageOf } from '../contract/error.ts'
import { GraphBuilder, type Graph } from '../graph/index.ts'
import type { Provider, ProviderChoice } from '../contract/providers.ts'
import { bestRun } from './best-run.ts'
import { float32, type Tensors } from './tensors.ts'

export interface ProviderDecision {
  provider: Provider
  /** Why, in a sentence for the log. */
  reason: string
}

/** What ONNX Runtime can be built with on each platform, likely best first. */
const candidates: Partial<Record<NodeJS.Platform, readonly Provider[]>> = {
  linux: arch() === 'x64' ? ['cuda', 'webgpu'] : ['webgpu'],
  win32: ['dml', 'webgpu'],
  darwin: ['webgpu', 'coreml']
}

/** Results may differ by rounding: a relative error beyond this is a fault. */
export const tolerance = 1e-3
/** A device must be clearly faster than the processor to be worth its copies. */
export const leastGain = 1.5

const decisions = new Map<ProviderChoice, Promise<ProviderDecision>>()

/**
 * The provider to use. A named one is taken as it is, after a self-test; `auto` takes the first that passes the test and is
 * clearly faster than the CPU, and otherwise the CPU. Decided once in a process.
 * @throws LabError `provider-unavailable` where a named provider does not work here
 */
export function chooseProvider(choice: ProviderChoice): Promise<ProviderDecision> {
  let decision = decisions.get(choice)
  if (!decision) {
    decision = choice === 'auto' ? chooseBest() : useNamed(choice)
    decisions.set(choice, decision)
    decision.catch(() => decisions.delete(choice))
  }
  return decision
}

async function useNamed(provider: Provider): Promise<ProviderDecision> {
  if (provider === 'cpu') return { provider, reason: 'cpu, as chosen.' }
  try {
    const { error } = await selfTest(provider)
    if (error > tolerance) throw new Error(`its results differ from the CPU's by ${error.toExponential(1)}`)
    return {
      provider,
      reason: `${provider}, as chosen; its self-test agrees with the CPU to ${error.toExponential(1)}.`
    }
  } catch (cause) {
    throw new LabError(
      'provider-unavailable',
      `The provider "${provider}" does not work on this machine: ${deviceTrouble(cause)}. Choose "auto" or "cpu".`,
      {
        cause,
        details: { provider }
      }
    )
  }
}

async function chooseBest(): Promise<ProviderDecision> {
  const cpu = await selfTest('cpu')
  const findings: string[] = []
  for (const provider of candidates[platform()] ?? []) {
    try {
      if (!isInstalled(provider)) throw new Error('its libraries are not installed')
      const { error, milliseconds } = await selfTest(provider)
      const gain = cpu.milliseconds / milliseconds
      if (error > tolerance) findings.push(`${provider} gives wrong results (off by ${error.toExponential(1)})`)
      else if (gain < leastGain)
        findings.push(`${provider} is not faster here (${gain.toFixed(2)} times the CPU's speed)`)
      else
        return {
          provider,
          reason: `${provider}: ${gain.toFixed(1)} times as fast as the CPU in its self-test, and agrees with it to ${error.toExponential(1)}.`
        }
    } catch (thrown) {
      findings.push(`${provider} is not available (${deviceTrouble(thrown)})`)
    }
  }
  return {
    provider: 'cpu',
    reason: `cpu: ${findings.length > 0 ? findings.join('; ') : 'nothing else is supported on this platform'}.`
  }
}

/** CUDA's libraries are a download of their own, and ONNX Runtime prints an error of several lines where they are not there. */
function isInstalled(provider: Provider): boolean {
  if (provider !== 'cuda' || platform() !== 'linux') return true
  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  return existsSync(join(runtime, 'bin/napi-v6/linux', arch(), 'libonnxruntime_providers_cuda.so'))
}

export interface TestResult {
  /** Largest difference from what the CPU gives, relative to the largest value. */
  error: number
  milliseconds: number
}

const size = 512
/** Arithmetic of the self-test's five matrix products. */
export const selfTestFlops = 5 * 2 * size ** 3

/** Runs a small graph on a provider and compares it with the CPU. Throws where the provider cannot be loaded. */
export async function selfTest(provider: Provider): Promise<TestResult> {
  const feeds = testFeeds()
  const expected = provider === 'cpu' ? null : await bestRun(testGraph(), 'cpu', feeds)
  const own = await bestRun(testGraph(), provider, feeds)
  if (!expected) return { error: 0, milliseconds: own.milliseconds }
  let error = 0
  let largest = 0
  for (const [index, value] of expected.values.entries()) {
    const difference = Math.abs(value - own.values[index]!)
    // Not `Math.max`: a NaN must count as the largest error.
    if (!(difference <= error)) error = difference
    largest = Math.max(largest, Math.abs(value))
  }
  return { error: error / largest, milliseconds: own.milliseconds }
}

/** A transformer block's kinds of work: products, normalisation, activation, softmax. */
function testGraph(): Graph {
  const g = new GraphBuilder({ name: 'self-test' })
  const w = g.weight('w', [size, size])
  let x = g.input('x', ['N', size])
  for (let layer = 0; layer < 4; layer++) {
    x = g.layerNorm(g.gelu(g.linear(x, w)), g.weight('scale', [size]), g.weight('bias', [size]), 1e-5)
  }
  g.output('y', g.softmax(g.gemm(x, w)))
  return g.build()
}

function testFeeds(): Tensors {
  const wave = (count: number, step: number) =>
    Float32Array.from({ length: count }, (_, index) => Math.sin(index * step) / 8)
  return {
    x: float32(wave(size * size, 0.37), [size, size]),
    w: float32(wave(size * size, 0.91), [size, size]),
    scale: float32(new Float32Array(size).fill(1), [size]),
    bias: float32(wave(size, 0.11), [size])
  }
}

/** Why a device does not serve, in words where the runtime says it in its own, and otherwise the first of what it says. */
export function deviceTrouble(thrown: unknown): string {
  const text = messageOf(thrown)
  if (/No supported adapters|Failed to get a WebGPU adapter/.test(text))
    return 'no graphics card with a driver was found that it can use'
  return text.split('\n')[0]!.slice(0, 200).replace(/\.$/, '')
}
