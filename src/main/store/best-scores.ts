import { sql } from 'kysely'
import type { MetricName } from '../contract/data.ts'
import type { BestScore } from '../contract/experiments.ts'
import { isTuned, type StrategyName } from '../contract/strategies.ts'
import type { Database } from './database.ts'
import type { ExperimentRecord } from './schema.ts'

/** A strategy (with its values of a sweep) in one round of an experiment. */
interface RoundScore {
  experimentId: string
  strategy: string
  variant: string
  /** Ids, once for each metric that a target has a score of. */
  targetIds: string
  /** Targets that have the metric that is shown first, and the mean of their scores. */
  scored: number
  mean: number | null
}

/**
 * What the best tuned strategy of each experiment scores, without those that leave a group out: the mean of the metric that is
 * shown first over the targets, in every round that all targets have, then over the rounds, as the comparison has it.
 * Experiments without such a score are missing. Two queries, however many experiments are asked for.
 */
export function bestScores(db: Database, experiments: readonly ExperimentRecord[]): Map<string, BestScore> {
  const metrics = firstMetrics(db, experiments)
  const rounds = Map.groupBy(roundScores(db, metrics), ({ experimentId }) => experimentId)
  return new Map([...rounds].flatMap(([id, scores]) => bestOf(scores, metrics.get(id)!).map((best) => [id, best])))
}

/** The metric that each experiment shows first; none where its targets are gone. */
function firstMetrics(db: Database, experiments: readonly ExperimentRecord[]): Map<string, MetricName> {
  const targets = db.all(db.query.selectFrom('targets').select(['id', 'metrics']))
  const byTarget = new Map(targets.map(({ id, metrics }) => [id, JSON.parse(metrics) as MetricName[]]))
  return new Map(
    experiments.flatMap(({ id, spec }) => {
      const metrics = spec.targetIds.flatMap((target) => byTarget.get(target) ?? [])
      const first = metrics.find((metric) => metric === spec.evaluation.firstMetric) ?? metrics[0]
      return first === undefined ? [] : [[id, first] as const]
    })
  )
}

function roundScores(db: Database, metrics: ReadonlyMap<string, MetricName>): RoundScore[] {
  // As one value: the number of values in a statement is limited.
  const asked = JSON.stringify([...metrics])
  const isFirst = sql<boolean>`scores.metric = wanted.metric`
  return db.all(
    db.query
      .selectFrom(
        sql<{
          id: string
          metric: string
        }>`(select value ->> 0 as id, value ->> 1 as metric from json_each(${asked}))`.as('wanted')
      )
      .innerJoin('experiment_runs as link', 'link.experimentId', 'wanted.id')
      .innerJoin('runs', 'runs.id', 'link.runId')
      .innerJoin('scores', 'scores.runId', 'runs.id')
      .select([
        'link.experimentId',
        'runs.strategy',
        sql<string>`coalesce(link.variant, runs.variant)`.as('variant'),
        sql<string>`group_concat(scores."targetId")`.as('targetIds'),
        sql<number>`count(case when ${isFirst} then 1 end)`.as('scored'),
        sql<number | null>`avg(case when ${isFirst} then scores.value end)`.as('mean')
      ])
      .where('runs.status', '=', 'finished')
      .where('runs.ablatedGroup', 'is', null)
      // Of a run that several experiments share, the targets of this one.
      .where(
        sql<boolean>`(link."targetIds" is null or scores."targetId" in (select value from json_each(link."targetIds")))`
      )
      .groupBy([
        'link.experimentId',
        'runs.strategy',
        sql`coalesce(link.variant, runs.variant)`,
        sql`coalesce(link.round, runs.round)`
      ])
  )
}

function bestOf(rounds: readonly RoundScore[], metric: MetricName): BestScore[] {
  const targets = new Set(rounds.flatMap(({ targetIds }) => targetIds.split(','))).size
  const whole = rounds.filter(({ strategy, scored }) => isTuned(strategy as StrategyName) && scored === targets)
  const columns = Map.groupBy(whole, ({ strategy, variant }) => `${strategy} ${variant}`)
  const means = [...columns.values()].map((ofColumn) => ({
    strategy: ofColumn[0]!.strategy as StrategyName,
    metric,
    mean: ofColumn.reduce((sum, { mean }) => sum + mean!, 0) / ofColumn.length
  }))
  return means.sort((a, b) => b.mean - a.mean).slice(0, 1)
}
