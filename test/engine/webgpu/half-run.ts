/** A run of an experiment as a worker does it: in fp32 on the processor, and in half precision on the device. Prints losses, log and scores. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobInput } from '../../../src/main/contract/jobs.ts'
import { LabError } from '../../../src/main/contract/error.ts'
import { runTools } from '../../../src/main/worker/run-strategy.ts'
import { runStrategy } from '../../../src/main/worker/run/run-strategy.ts'
import { makeTinyWorld, runInput } from '../../worker/tiny-world.ts'

export interface HalfRun {
  losses: Record<'exact' | 'half', number[]>
  log: string[]
  /** Who computed its answers. */
  provider: string
  /** What comes of it where the lab may choose, and the device is slower than the processor. */
  auto: string | null
}

const world = await makeTinyWorld()
const folder = mkdtempSync(join(tmpdir(), 'half-run-'))
let count = 0

async function run(change: Pick<JobInput<'run-strategy'>, 'provider'> & { precision: 'fp32' | 'half' }) {
  const { tune, evaluation } = runInput(world)
  const { provider, precision } = change
  const input = runInput(world, {
    provider,
    tune: { ...tune, precision, maxSteps: 6 },
    evaluation: { ...evaluation, testExamples: 2 }
  })
  const losses: number[] = []
  const log: string[] = []
  const output = await runStrategy(input, join(folder, String(count++)), runTools, {
    ...{ home: world.folder, threads: 1, signal: new AbortController().signal },
    report: () => undefined,
    curve: ({ loss }) => losses.push(loss!),
    log: (text) => log.push(text),
    paused: async () => undefined
  })
  return { losses, log, provider: output.provider }
}

async function report(): Promise<HalfRun> {
  const exact = await run({ provider: 'cpu', precision: 'fp32' })
  const half = await run({ provider: 'webgpu', precision: 'half' })
  const auto = await run({ provider: 'auto', precision: 'half' }).then(
    () => null,
    (thrown: unknown) => (thrown instanceof LabError ? thrown.message : String(thrown))
  )
  return { losses: { exact: exact.losses, half: half.losses }, log: half.log, provider: half.provider, auto }
}

const found = await report()
world.remove()
rmSync(folder, { recursive: true })
process.stdout.write(JSON.stringify(found), () => process.exit(0))
