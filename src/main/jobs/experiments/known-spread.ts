import { existsSync, readFileSync } from 'node:fs'
import type { Target } from '../../contract/data.ts'
import type { Prediction, Run } from '../../contract/experiments.ts'
import { isTuned } from '../../contract/strategies.ts'
import { measureSpread, type Spread } from '../../evaluation/statistics/detectable.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'

/** More query sets hardly change what is measured, and each is a file to read. */
const mostRounds = 5

/**
 * How much tuning changes the answers on a target, from the newest experiment that tested it; of its strategies the one
 * that changed most. Null where nothing was tested yet, or nothing changed, or the metric has no scores row by row.
 */
export function knownSpread(target: Target, store: Store, home: HomeFolder): Spread | null {
  const [metric] = target.metrics
  if (metric === undefined) return null
  for (const { id } of [...store.experiments.list()].reverse()) {
    const runs = store.runs
      .ofExperiment(id)
      .filter((run) => run.status === 'finished' && run.targetIds.includes(target.id))
    const untuned = runs.find((run) => !isTuned(run.strategy))
    const base = untuned && readScores(untuned, target, metric, home)
    if (!base) continue
    const tuned = runs.filter((run) => isTuned(run.strategy) && run.ablatedGroup === null)
    const spreads = [...Map.groupBy(tuned, ({ strategy }) => strategy).values()].flatMap((own) => {
      const differences = own.slice(0, mostRounds).flatMap((run) => {
        const scores = readScores(run, target, metric, home)
        return scores?.values.length === base.values.length
          ? [scores.values.map((value, row) => value - base.values[row]!)]
          : []
      })
      return differences.length === 0 ? [] : [measureSpread(differences, base.sourceItems)]
    })
    const widest = spreads.sort((a, b) => b.rowDeviation - a.rowDeviation)[0]
    if (widest && widest.rowDeviation > 0) return widest
  }
  return null
}

function readScores(
  run: Run,
  target: Target,
  metric: Target['metrics'][number],
  home: HomeFolder
): { values: number[]; sourceItems: number[] } | null {
  const path = home.predictions(run.id, target.id)
  if (!existsSync(path)) return null
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Prediction)
  const values = rows.flatMap((row) => row.scores[metric] ?? [])
  return values.length < rows.length ? null : { values, sourceItems: rows.map((row) => row.sourceItem) }
}
