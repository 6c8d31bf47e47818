import type { QuestionInput } from '../contract/questions.ts'
import { openDataset } from '../data/dataset.ts'
import {
  detectableDifferences,
  expectedSpread,
  measureSpread,
  type PowerPlan,
  type Spread
} from '../evaluation/statistics/detectable.ts'
import { fewestRounds } from '../evaluation/statistics/table-tests.ts'
import { chooseTestRows } from '../evaluation/test-rows.ts'
import { readAnswersIfThere } from '../run-files/answers.ts'
import { defineJob } from './job.ts'

type Target = QuestionInput<'plan-power'>['targets'][number]

/** Reads the targets' rows and earlier answers to them, and says what an experiment on them will be able to show. */
export const job = defineJob({
  kind: 'plan-power',
  async run({ input, signal }) {
    const read: { shape: ReturnType<typeof shapeOf>; known: Spread | null }[] = []
    for (const target of input.targets) {
      signal.throwIfAborted()
      read.push({ shape: shapeOf(target.dataset, input.testExamples), known: await knownSpread(target) })
    }
    const plan: PowerPlan = {
      ...{ rounds: input.rounds, tuned: input.tuned, untuned: input.untuned, planned: input.planned },
      targets: read.map(({ shape }) => shape.itemSizes),
      spreads: read.map(({ known }) => known ?? expectedSpread)
    }
    const now = detectableDifferences(plan)
    const oneMore = detectableDifferences({ ...plan, rounds: plan.rounds + 1 })
    const moreItems = detectableDifferences({
      ...plan,
      targets: plan.targets.map((sizes) => [...sizes, ...sizes.slice(0, 10)])
    })
    const needed = roundsNeeded(plan, now)
    return {
      targets: input.targets.map(({ targetId }, at) => ({
        targetId,
        shape: read[at]!.shape,
        measured: read[at]!.known !== null,
        roundDeviation: plan.spreads[at]!.roundDeviation,
        points: finite(now[at]!),
        withOneMoreRound: finite(oneMore[at]!),
        withTenMoreItems: finite(moreItems[at]!)
      })),
      forOtherQuerySets: plan.rounds >= fewestRounds,
      wastedRounds: plan.rounds - needed
    }
  }
})

/** The fewest rounds with which every target sees nearly what it sees with all of them. */
function roundsNeeded(plan: PowerPlan, now: readonly number[]): number {
  for (let rounds = fewestRounds; rounds < plan.rounds; rounds++) {
    const fewer = detectableDifferences({ ...plan, rounds })
    if (fewer.every((points, at) => points <= 1.05 * now[at]!)) return rounds
  }
  return plan.rounds
}

/** The contract's numbers are finite; nothing larger than the whole scale can be asked for. */
function finite(points: number): number {
  return Math.min(100, points)
}

function shapeOf(folder: string, testExamples: number) {
  const dataset = openDataset(folder)
  try {
    const all: { id: number; sourceItem: number; length: number; answered: boolean }[] = []
    for (const { id, sourceItem, input, outputs } of dataset.iterate())
      all.push({ id, sourceItem, length: input.length, answered: outputs.length > 0 })
    const rows = chooseTestRows(all, testExamples)
    const sizes = new Map<number, number>()
    for (const { sourceItem } of rows) sizes.set(sourceItem, (sizes.get(sourceItem) ?? 0) + 1)
    const characters = rows.reduce((sum, row) => sum + row.length, 0)
    return {
      itemSizes: [...sizes.values()],
      rows: rows.length,
      inputLength: rows.length === 0 ? 0 : characters / rows.length,
      labelled: rows.some(({ answered }) => answered)
    }
  } finally {
    dataset.close()
  }
}

/**
 * How much tuning changed the answers on a target in the newest experiment that has them; of its strategies the one that
 * changed most. Null where nothing was tested yet, or nothing changed, or the metric has no scores row by row.
 */
async function knownSpread({ metric, earlier }: Target): Promise<Spread | null> {
  if (metric === null) return null
  for (const { untuned, tuned } of earlier) {
    const base = await readScores(untuned, metric)
    if (!base) continue
    const spreads: Spread[] = []
    for (const runs of tuned) {
      const differences: number[][] = []
      for (const run of runs) {
        const scores = await readScores(run, metric)
        if (scores?.values.length === base.values.length)
          differences.push(scores.values.map((value, row) => value - base.values[row]!))
      }
      if (differences.length > 0) spreads.push(measureSpread(differences, base.sourceItems))
    }
    const widest = spreads.sort((a, b) => b.rowDeviation - a.rowDeviation)[0]
    if (widest && widest.rowDeviation > 0) return widest
  }
  return null
}

async function readScores(file: string, metric: string) {
  const rows = await readAnswersIfThere(file)
  if (rows === null) return null
  const values = rows.flatMap((row) => row.scores[metric] ?? [])
  return values.length < rows.length ? null : { values, sourceItems: rows.map((row) => row.sourceItem) }
}
