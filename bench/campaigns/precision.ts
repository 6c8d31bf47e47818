import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Comparison, ComparisonTest } from '../../src/main/contract/comparison.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../src/main/hosts/lab.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { equalWithin } from '../../src/main/features/experiments/fast-equality.ts'
import { demoWorld, homeWorld, type World } from './precision/worlds.ts'
import type { Campaign } from './campaign.ts'

/** What is swept: the first is what the others are tested against. */
const precisions = ['fp32', 'fast'] as const

/** LoRA learns from its own few numbers, and wants a larger rate than all weights. */
const ways = {
  lora: { title: 'LoRA', rate: 3e-3 },
  full: { title: 'all weights', rate: null },
  'last-blocks': { title: 'last blocks', rate: null }
} as const
type Way = keyof typeof ways

/**
 * Whether scores of the fast precision are those of the exact one: the same experiment is computed in both, tuning and answering, over many
 * rounds with query sets and seeds of their own, by the lab's workers, and tested by the lab's own tests. RECROSS_CAMPAIGN_HOME names a home whose
 * own data, base model and targets are taken instead of the demo's; it is copied first. RECROSS_CAMPAIGN_ROUNDS: how many rounds, default 12; RECROSS_CAMPAIGN_METHODS: which ways of tuning, default all;
 * RECROSS_CAMPAIGN_SWEEP: `tune.precision` leaves answers exact on either side, for half the tunings.
 */
export const suite: Campaign = {
  name: 'precision',
  async run(report, { short }) {
    const rounds = Number(process.env['RECROSS_CAMPAIGN_ROUNDS'] ?? (short ? 3 : 12))
    const own = process.env['RECROSS_CAMPAIGN_HOME']
    const home = await mkdtemp(join(tmpdir(), 'recross-precision-'))
    if (own !== undefined) await cp(own, home, { recursive: true })
    const lab = await Lab.open({ home, host: 'cli', workers: forkStarter(workerEntry()) })
    try {
      const world = await (own === undefined ? demoWorld(lab, { rounds, short }) : homeWorld(lab, { rounds, short }))
      const asked = process.env['RECROSS_CAMPAIGN_METHODS']?.split(/[ ,]+/) ?? Object.keys(ways)
      for (const way of asked) await compareBoth(lab, { world, way: way as Way, short, report })
    } finally {
      await lab.close()
      await rm(home, { recursive: true, force: true })
    }
  }
}

interface Both {
  world: World
  way: Way
  short: boolean
  report: Parameters<Campaign['run']>[0]
}

/** One way of tuning in both precisions, tested by the lab. */
async function compareBoth(lab: Lab, { world, way, short, report }: Both): Promise<void> {
  const { title, rate } = ways[way]
  const { tune } = world.spec
  const spec = { ...world.spec, tune: { ...tune, method: way, learningRate: rate ?? tune.learningRate } }
  const asked =
    process.env['RECROSS_CAMPAIGN_SWEEP'] ?? (short ? 'tune.precision' : 'tune.precision evaluation.precision')
  const swept = asked.split(/[ ,]+/)
  const sweep = swept.map((path) => ({ path, values: [...precisions] }))
  const { id } = await lab.client.experiments.start({ ...spec, sweep })
  await ended(lab, id)
  const runs = await lab.client.experiments.runs({ id })
  const tuned = runs.filter(({ strategy }) => strategy !== 'zero-shot').map((run) => run.id)
  const whole = await lab.client.compare.table({ experimentId: id, metric: world.metric })
  const picks = [{ experimentId: id, runIds: tuned }]
  const comparison = await lab.client.compare.table({ picks, metric: world.metric })
  const untuned = mean(whole, whole.columns[0]!.key)
  const what = `${world.name}, ${title}`
  for (const test of comparison.tests) report(resultOf(test, comparison, { untuned, what, short }))
}

function resultOf(
  { targetId, column, against, difference, interval, rounds, rows, p, detectable }: ComparisonTest,
  comparison: Comparison,
  { untuned, what, short }: { untuned: number; what: string; short: boolean }
) {
  const label = (key: string) => comparison.columns.find((one) => one.key === key)!.label
  const target = comparison.targets.find((one) => one.id === targetId)?.name
  const widest = Math.max(-interval[0], interval[1])
  // A target by itself is told, the mean is judged. Three rounds of the short form could not tell; that it comes so far is its test.
  const judged = target === undefined
  const aim = short
    ? { aim: 'computed and tested in both', holds: Number.isFinite(difference) && rounds > 1 }
    : {
        aim: judged ? `95 % interval within ±${equalWithin}` : null,
        holds: judged ? widest <= equalWithin : null
      }
  return {
    name: `${what}: ${label(column)} minus ${label(against)}, ${target ?? 'mean of the targets'}`,
    value: difference,
    unit: 'points',
    ...aim,
    detail:
      `${interval.map((end) => end.toFixed(2)).join(' to ')}; p ${p.toFixed(2)}; ${rounds} rounds, ${rows} rows; ` +
      (target === undefined
        ? `scores ${mean(comparison, column).toFixed(1)} and ${mean(comparison, against).toFixed(1)}, untuned ${untuned.toFixed(1)}; `
        : '') +
      `${detectable?.toFixed(2) ?? 'no'} points would have been found`
  }
}

function mean({ cells }: Comparison, column: string): number {
  return cells.find((cell) => cell.column === column && cell.targetId === null)?.summary?.mean ?? NaN
}

async function ended(lab: Lab, id: string): Promise<void> {
  for (;;) {
    const { status } = await lab.client.experiments.get({ id })
    if (status === 'finished') return
    if (status !== 'running') throw new Error(`the experiment is ${status}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
