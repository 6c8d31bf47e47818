import type { Contrast, GateCheck, Hurt, MinedPair, MiningReport, MiningSettings } from '../../contract/minings.ts'
import { belowZero, ranksOf, spearman } from '../../evaluation/ranking.ts'
import { meanOrZero } from '../../sums/sums.ts'
import type { LabelledSet, MinedSet } from './mined-set.ts'

/** Below this reliability the order of the candidates is mostly noise. */
const leastReliability = 0.2
const significant = 0.05
/** Share of the base's loss that a task's own rows must take away, so that there is something to learn and not only luck. */
const leastGain = 0.01

/** What a mining found, and whether it is fit to train on. */
export function reportOf(
  sets: readonly MinedSet[],
  pairs: readonly MinedPair[],
  settings: MiningSettings,
  { learningRate, hurt }: { learningRate: number; hurt: Hurt }
): MiningReport {
  const headRoom = contrast(sets, ({ ownRows }) => ownRows)!
  const grouped = contrast(sets, (mined) => sameGroupRank(mined))
  const positive = pairs.filter(({ label }) => label === 1).length
  const report = {
    sets: sets.length,
    tasks: tasksOf(sets),
    baseLoss: meanOrZero(sets.map(({ baseLoss }) => baseLoss)),
    headRoom,
    reliability: meanOrZero(sets.map((mined) => reliabilityOf(mined, settings.draws))),
    bestBeatsBase: meanOrZero(sets.map(({ best }) => (best < 0 ? 1 : 0))),
    bestAgainstWorst: contrast(sets, ({ best, worst }) => best - worst)!,
    sameGroup: grouped,
    fewestBringers: Math.min(...sets.map(bringersOf)),
    learningRate,
    hurt,
    pairs: { positive, negative: pairs.length - positive },
    cpuSeconds: sets.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    trials: sets.reduce((sum, { trials }) => sum + trials, 0)
  }
  return { ...report, gate: gateOf(report) }
}

/** What is known of pairs whose labels came with them: whether a task's own group is on the right side. */
export function importedReport(sets: readonly LabelledSet[], pairs: readonly MinedPair[]): MiningReport {
  const sameGroup = contrast(sets, (set) => sameGroupRank(set))
  const positive = pairs.filter(({ label }) => label === 1).length
  const nothing = { baseLoss: null, headRoom: null, reliability: null, bestBeatsBase: null, bestAgainstWorst: null }
  const unknown = (['head-room', 'reliability', 'best-group'] as const).map((name): GateCheck => ({
    name,
    holds: null,
    text: notInTuples[name]
  }))
  const checks = [...unknown, sameGroupCheck(sameGroup)]
  return {
    ...{
      sets: sets.length,
      ...nothing,
      sameGroup,
      fewestBringers: null,
      learningRate: null,
      hurt: null,
      cpuSeconds: 0,
      trials: 0
    },
    tasks: [...Map.groupBy(sets, ({ task }) => task)].map(([task, own]) => ({
      ...{ task, group: own[0]!.group, sets: own.length },
      ...{ baseLoss: null, ownRows: null, sameGroup: null, others: null }
    })),
    pairs: { positive, negative: pairs.length - positive },
    gate: { open: checks.every(({ holds }) => holds !== false), checks }
  }
}

const notInTuples = {
  'head-room':
    'Whether the tasks had anything to teach the base model is not in the tuples: they hold labels, and no losses.',
  reliability: 'How far the labels would come out the same again is not in the tuples either.',
  'best-group': 'Nor whether the best candidates made the base better than it was: the original’s mining does not ask.'
} as const

/** Distinct query rows that brought candidates; those that none brought count as one where they are all there is. */
function bringersOf({ candidates }: MinedSet): number {
  return Math.max(1, new Set(candidates.flatMap(({ query }) => query ?? [])).size)
}

/** A mean over tasks, of their means over sets: sets of one task are not independent. */
function contrast<S extends LabelledSet>(sets: readonly S[], valueOf: (mined: S) => number | null): Contrast | null {
  const known = sets.flatMap((mined) => {
    const value = valueOf(mined)
    return value === null ? [] : [{ task: mined.task, value }]
  })
  if (known.length === 0) return null
  const byTask = [...Map.groupBy(known, ({ task }) => task).values()].map((rows) =>
    meanOrZero(rows.map(({ value }) => value))
  )
  return { mean: meanOrZero(byTask), tasks: byTask.length, sets: known.length, p: belowZero(byTask) }
}

/** Mean rank, 0 the most and 1 the least useful, of candidates of the task's group minus that of the others. */
function sameGroupRank({ candidates, group }: LabelledSet): number | null {
  const ranks = ranksOf(candidates.map(({ delta }) => delta)).map(
    (rank) => (rank - 1) / Math.max(1, candidates.length - 1)
  )
  const same = ranks.filter((_, index) => candidates[index]!.group === group)
  const others = ranks.filter((_, index) => candidates[index]!.group !== group)
  return same.length === 0 || others.length === 0 ? null : meanOrZero(same) - meanOrZero(others)
}

/** Mean correlation of two draws, and what follows for the mean of all of them (Spearman and Brown). */
function reliabilityOf({ candidates }: MinedSet, draws: number): number {
  const correlations: number[] = []
  for (let a = 0; a < draws; a++)
    for (let b = a + 1; b < draws; b++)
      correlations.push(
        spearman(
          candidates.map((candidate) => candidate.draws[a]!),
          candidates.map((candidate) => candidate.draws[b]!)
        ) ?? 0
      )
  const one = meanOrZero(correlations)
  return one <= 0 ? one : (draws * one) / (1 + (draws - 1) * one)
}

function tasksOf(sets: readonly MinedSet[]): MiningReport['tasks'] {
  return [...Map.groupBy(sets, ({ task }) => task)].map(([task, own]) => {
    const group = own[0]!.group
    const deltas = (same: boolean): number | null => {
      const found = own.flatMap(({ candidates }) => candidates.filter((one) => (one.group === group) === same))
      return found.length === 0 ? null : meanOrZero(found.map(({ delta }) => delta))
    }
    return {
      task,
      group,
      sets: own.length,
      baseLoss: meanOrZero(own.map(({ baseLoss }) => baseLoss)),
      ownRows: meanOrZero(own.map(({ ownRows }) => ownRows)),
      sameGroup: deltas(true),
      others: deltas(false)
    }
  })
}

function below({ mean: value, p }: Contrast): boolean {
  return value < 0 && p !== null && p < significant
}

function chance({ p, tasks }: Contrast): string {
  return p === null
    ? 'from one task, which is too few to tell'
    : `${p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`} over ${tasks} tasks`
}

function sameGroupCheck(sameGroup: Contrast | null): GateCheck {
  return {
    name: 'same-group',
    holds: sameGroup === null ? null : below(sameGroup),
    text:
      sameGroup === null
        ? 'The data have no groups, or candidates of one side only, so that groups say nothing here.'
        : below(sameGroup)
          ? `Candidates of the task's own group are more useful than others (${chance(sameGroup)}).`
          : `Candidates of the task's own group are not more useful than others (${chance(sameGroup)}): what would be learnt is not what a task needs.`
  }
}

/** What a mining measured. */
interface Measured {
  headRoom: Contrast
  baseLoss: number
  reliability: number
  bestBeatsBase: number
  bestAgainstWorst: Contrast
  sameGroup: Contrast | null
}

function gateOf(found: Measured): MiningReport['gate'] {
  const { headRoom, baseLoss, reliability, bestBeatsBase, bestAgainstWorst, sameGroup } = found
  const learns = below(headRoom) && -headRoom.mean >= leastGain * baseLoss
  const nats = (value: number): string => `${value > 0 ? '+' : '−'}${Math.abs(value).toFixed(4)}`
  const checks: GateCheck[] = [
    {
      name: 'head-room',
      holds: learns,
      text: learns
        ? `Tuning on a task's own rows changes its loss by ${nats(headRoom.mean)} (${chance(headRoom)}): there is something to learn.`
        : `Tuning on a task's own rows changes its loss of ${baseLoss.toFixed(3)} by ${nats(headRoom.mean)} (${chance(headRoom)}): rows of its own teach the base model nothing there. ` +
          'It knows these tasks already (mine with a model that has not seen them, with an earlier checkpoint, or on other tasks), or it is too small for them or the tuning too short (mine with a better model, or more rows in groupSize).'
    },
    {
      name: 'reliability',
      holds: reliability >= leastReliability,
      text:
        reliability >= leastReliability
          ? `The measurement agrees with itself: ${reliability.toFixed(2)} (at least ${leastReliability}).`
          : `The measurement hardly agrees with itself: ${reliability.toFixed(2)}, at least ${leastReliability} is needed. ` +
            'Use more labelled rows, more draws, or influence instead of group losses.'
    },
    {
      name: 'best-group',
      holds: bestBeatsBase >= 0.5 && below(bestAgainstWorst),
      text:
        `Tuned on the best candidates the base gets better in ${Math.round(100 * bestBeatsBase)} % of the sets (at least 50 % are needed), and its loss is ` +
        `${nats(bestAgainstWorst.mean)} against the worst candidates (${chance(bestAgainstWorst)}).`
    },
    sameGroupCheck(sameGroup)
  ]
  return { open: checks.every(({ holds }) => holds !== false), checks }
}
