import { Random } from '../../random/random.ts'
import type { MiningSettings } from '../../contract/minings.ts'
import type { Reference, TrainExample, Trials } from '../../engine/engine.ts'
import { dot, meanOrZero } from '../../sums/sums.ts'

/** What trials say about the candidates of one query set. Losses are means per output token, changes negative where it helps. */
export interface Judged {
  baseLoss: number
  ownRows: number
  best: number
  worst: number
  /** By candidate: usefulness in every draw. */
  draws: number[][]
  trials: number
}

interface JudgeOptions {
  candidates: readonly TrainExample[]
  labelled: readonly TrainExample[]
  own: readonly TrainExample[]
  settings: MiningSettings
  learningRate: number
  /** Of the set. */
  random: Random
}

/**
 * Judges candidates by the labelled rows of the task. The rows are divided into as many parts as there are draws. The last part
 * never chooses: on it the candidates that the others call best and worst are tried by a real tuning.
 */
export async function judge(trials: Trials, options: JudgeOptions): Promise<Judged> {
  const { candidates, labelled, own, settings, learningRate } = options
  const parts = partsOf(labelled, settings.draws).map((part) => trials.reference(part))
  const weights = partsOf(labelled, settings.draws).map((part) => part.length / labelled.length)
  const base: number[] = []
  for (const part of parts) base.push(await trials.loss(part))
  const measured =
    settings.usefulness === 'influence'
      ? await byInfluence(trials, candidates, parts)
      : await byGroups(trials, { parts, weights, base }, options)
  const order = candidates
    .map((_, index) => index)
    .sort((a, b) => measured.choosing[a]! - measured.choosing[b]! || a - b)
  const size = Math.min(settings.groupSize, Math.floor(candidates.length / 2))
  const apart = parts.at(-1)!
  const tried = async (chosen: readonly number[]): Promise<number> => {
    const losses = await trials.lossesAfter(
      chosen.map((index) => candidates[index]!),
      [apart],
      { learningRate, seed: settings.seed }
    )
    return losses[0]! - base.at(-1)!
  }
  const best = await tried(order.slice(0, size))
  const worst = await tried(order.slice(-size))
  const after = await trials.lossesAfter(own, parts, { learningRate, seed: settings.seed })
  return {
    baseLoss: dot(base, weights),
    ownRows: dot(after, weights) - dot(base, weights),
    best,
    worst,
    draws: measured.draws,
    trials: measured.trials + 3
  }
}

interface Measured {
  draws: number[][]
  /** Usefulness without the last part of the labelled rows. */
  choosing: number[]
  trials: number
}

/** The first-order change of every part's loss by every candidate. */
async function byInfluence(
  trials: Trials,
  candidates: readonly TrainExample[],
  parts: readonly Reference[]
): Promise<Measured> {
  const changes = await trials.influence(candidates, parts)
  const draws = candidates.map((_, index) => changes.map((part) => part[index]!))
  return {
    draws,
    choosing: draws.map((values) => meanOrZero(values.slice(0, -1))),
    trials: candidates.length + parts.length
  }
}

/** The paper's: candidates are shuffled and cut into groups, and all of a group get the loss after tuning on it. */
async function byGroups(
  trials: Trials,
  { parts, weights, base }: { parts: readonly Reference[]; weights: readonly number[]; base: readonly number[] },
  { candidates, settings, learningRate, random }: JudgeOptions
): Promise<Measured> {
  const draws: number[][] = candidates.map(() => [])
  const choosing: number[][] = candidates.map(() => [])
  let count = 0
  for (let draw = 0; draw < settings.draws; draw++) {
    const order = random.shuffle(candidates.map((_, index) => index))
    for (let start = 0; start < order.length; start += settings.groupSize) {
      const group = order.slice(start, start + settings.groupSize)
      const losses = await trials.lossesAfter(
        group.map((index) => candidates[index]!),
        parts,
        { learningRate, seed: settings.seed + draw }
      )
      count++
      const changes = losses.map((loss, part) => loss - base[part]!)
      for (const index of group) {
        draws[index]!.push(dot(changes, weights))
        choosing[index]!.push(meanOrZero(changes.slice(0, -1)))
      }
    }
  }
  return { draws, choosing: choosing.map(meanOrZero), trials: count }
}

/** The learning rates that are tried, and the one at which a task's own rows lower its loss most. */
const learningRates = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3] as const

export async function bestLearningRate(
  trials: Trials,
  tasks: readonly { own: readonly TrainExample[]; labelled: readonly TrainExample[] }[],
  seed: number
): Promise<number> {
  const changes: number[] = learningRates.map(() => 0)
  for (const { own, labelled } of tasks) {
    const reference = trials.reference(labelled)
    const base = await trials.loss(reference)
    for (const [at, learningRate] of learningRates.entries())
      changes[at]! += (await trials.lossesAfter(own, [reference], { learningRate, seed }))[0]! - base
  }
  return learningRates[changes.indexOf(Math.min(...changes))]!
}

function partsOf<T>(rows: readonly T[], parts: number): T[][] {
  return Array.from({ length: parts }, (_, part) => rows.filter((_, index) => index % parts === part))
}
