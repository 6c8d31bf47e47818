import { statfs } from 'node:fs/promises'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { messageOf } from '../../contract/error.ts'
import type { QuestionInput } from '../../contract/questions.ts'
import type { Check, DoctorReport } from '../../contract/settings.ts'
import { isAtLeast, oldestNode } from '../../machine/node-version.ts'
import type { Services } from '../services.ts'

const gigabyte = 1e9
/** A driver that does not answer must not keep the others waiting for ever. */
const patience = 60_000
type Provider = QuestionInput<'provider-test'>['provider']

/** Providers that ONNX Runtime has at all on a platform; the others are not looked for. */
const providersOf: Partial<Record<NodeJS.Platform, readonly Provider[]>> = {
  linux: ['cpu', 'webgpu', 'cuda'],
  win32: ['cpu', 'webgpu', 'dml'],
  darwin: ['cpu', 'webgpu', 'coreml']
}

/** What is there, what is missing, and what to do about it. Providers are tried with a real run each. */
export async function examine(services: Services): Promise<DoctorReport> {
  const { jobs } = services
  // One after another: they would take each other's time.
  const tried: Check[] = []
  for (const provider of providersOf[process.platform] ?? ['cpu']) tried.push(await tryProvider(services, provider))
  const checks: Check[] = [
    node(),
    cores(),
    memory(),
    await disk(services),
    sqlite(services),
    ...(await jobs.ask('examine', {}).then(({ checks }) => checks, failedWorker)),
    ...tried,
    ...(await services.hostChecks())
  ]
  // What the end of the lab has cut off is no finding.
  services.underway.closing.throwIfAborted()
  for (const check of checks) {
    if (check.state !== 'ok' && check.advice === null) check.advice = repair(check.name, services)
  }
  return { checks, healthy: checks.every(({ state }) => state !== 'failed') }
}

function node(): Check {
  const { node: version, electron } = process.versions
  const found = `${version}${electron === undefined ? '' : ` in Electron ${electron}`}`
  if (isAtLeast(version, oldestNode)) return { name: 'Node', state: 'ok', found, advice: null }
  return {
    name: 'Node',
    state: 'failed',
    found,
    advice: `The lab needs Node ${oldestNode} or newer. Start it with npm, which uses the Node that comes with its packages.`
  }
}

function cores(): Check {
  return { name: 'Processor', state: 'ok', found: `${availableParallelism()} cores`, advice: null }
}

function memory(): Check {
  const found = `${gigabytes(totalmem())} GB, ${gigabytes(freemem())} GB free`
  if (totalmem() >= 7.5 * gigabyte) return { name: 'Memory', state: 'ok', found, advice: null }
  return {
    name: 'Memory',
    state: 'optional',
    found,
    advice: 'Enough for the demo; 8 GB or more for bart-base with full tuning.'
  }
}

async function disk({ home }: Services): Promise<Check> {
  const { bavail, bsize } = await statfs(home.path)
  const free = bavail * bsize
  const found = `${gigabytes(free)} GB free at ${home.path}`
  if (free >= 5 * gigabyte) return { name: 'Disk', state: 'ok', found, advice: null }
  return { name: 'Disk', state: 'optional', found, advice: 'Free some space, or choose another home with --home.' }
}

function sqlite({ store }: Services): Check {
  return { name: 'SQLite', state: 'ok', found: store.database.version, advice: null }
}

async function tryProvider(services: Services, provider: Provider): Promise<Check> {
  const name = `Provider ${provider}`
  const { jobs } = services
  try {
    const { works, reason, gflops, milliseconds } = await jobs.ask(
      'provider-test',
      { provider },
      AbortSignal.timeout(patience)
    )
    const speed = gflops === null ? `${Math.round(milliseconds)} ms` : `${gflops.toFixed(1)} GFLOP/s`
    if (works) return { name, state: 'ok', found: `works, ${speed}`, advice: null }
    const state = provider === 'cpu' ? 'failed' : 'missing'
    return { name, state, found: reason ?? 'it does not work', advice: repair(provider, services) }
  } catch (error) {
    return {
      name,
      state: provider === 'cpu' ? 'failed' : 'missing',
      found: messageOf(error),
      advice: repair(provider, services)
    }
  }
}

/** What to do about a part, for a checkout and for an installed app: what helps in one cannot be done in the other. */
const repairs: Record<string, { checkout: string; installed: string }> = {
  cpu: again('Run npm ci again in the folder of the lab.'),
  webgpu: same('Needs a graphics driver with Vulkan, Metal or Direct3D 12. The processor does the work without it.'),
  cuda: {
    checkout:
      'For an NVIDIA card: ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js',
    installed: 'The installed lab does not bring CUDA along. An NVIDIA card also works through WebGPU.'
  },
  dml: same('Needs a graphics card with Direct3D 12. The processor does the work without it.'),
  coreml: same('Needs macOS 10.15 or newer. The processor does the work without it.'),
  'ONNX Runtime': again('Run npm ci again in the folder of the lab.'),
  'Native search': {
    checkout: 'Search works without it, only slower. With a C++ compiler installed, run: node native/build.mjs',
    installed: 'Search works without it, only slower. This system is older than the one that the lab was built for.'
  },
  Workers: again('Run npm run build, then try again.')
}

function same(advice: string) {
  return { checkout: advice, installed: advice }
}

function again(checkout: string) {
  return { checkout, installed: 'The installation is damaged. Install the lab again.' }
}

function repair(name: string, { installation }: Services): string | null {
  return repairs[name]?.[installation.installed ? 'installed' : 'checkout'] ?? null
}

function failedWorker(error: unknown): Check[] {
  return [{ name: 'Workers', state: 'failed', found: messageOf(error), advice: null }]
}

function gigabytes(bytes: number): string {
  return (bytes / gigabyte).toFixed(1)
}
