import { existsSync } from 'node:fs'
import type { Asked } from '../../contract/client.ts'
import type { Contract } from '../../contract/routes.ts'
import { compareSettings } from '../../evaluation/settings.ts'
import type { Services } from '../services.ts'
import type { AnswerFiles } from '../../results/answer-files.ts'
import { exampleRows } from '../../results/example-rows.ts'
import { namesOf } from './report.ts'
import type { RetrievedSets } from '../../results/retrieved-sets.ts'
import { resolveSubject } from './subject.ts'

type CompareRoutes = Contract['compare']
type Parts = Pick<Services, 'store' | 'home'>

/** The answers to one target taken apart, by a worker. */
export function breakdownOf(
  { store, home, jobs }: Parts & Pick<Services, 'jobs'>,
  { targetId, rule, ...subject }: Asked<CompareRoutes['breakdown']>,
  signal?: AbortSignal
) {
  const mine = resolveSubject({ store, home }, subject).runs.filter((run) => run.targetIds.includes(targetId))
  const runs = mine.map(({ id, strategy, ablatedGroup, variant, source }) => ({
    ...{ runId: id, strategy, ablatedGroup, variant, source, file: home.answers(id, targetId) }
  }))
  const target = store.targets.find(targetId)
  const dataset = target && existsSync(home.dataset(target.datasetId)) ? home.dataset(target.datasetId) : null
  return jobs.ask('breakdown', { runs, dataset, rule: rule ?? null }, signal)
}

/** A page of test rows with every column's answer. */
export function examplesOf(parts: Parts & { answers: AnswerFiles }, input: Asked<CompareRoutes['examples']>) {
  const { runs, metrics } = resolveSubject(parts, input)
  return exampleRows(runs, parts.answers, { ...input, metric: input.metric ?? metrics[0] ?? 'em' })
}

/** What each column retrieved for a target in a round. */
export function retrievedOf(parts: Parts & { retrieved: RetrievedSets }, input: Asked<CompareRoutes['retrieved']>) {
  return parts.retrieved.ofTarget(resolveSubject(parts, input).runs, input.targetId, input.round)
}

/** From which groups or tasks a column's examples come, target by target. */
export function heatMapOf(parts: Parts & { retrieved: RetrievedSets }, input: Asked<CompareRoutes['heatMap']>) {
  const { runs, targetIds, names } = resolveSubject(parts, input)
  const targets = targetIds.map((id) => ({ id, name: names.get(id) ?? id }))
  return parts.retrieved.heatMap(runs, input.column, targets, input.by)
}

/** The settings of experiments side by side. */
export function settingsOf({ store }: Pick<Services, 'store'>, experimentIds: readonly string[]) {
  const experiments = experimentIds.map((id) => store.experiments.get(id))
  return compareSettings(
    experiments.map(({ spec }) => spec),
    namesOf(store, experiments)
  )
}
