import { LabError } from '../../contract/error.ts'
import { requireOwn } from '../experiments/own.ts'
import { isTuned } from '../../contract/strategies.ts'
import type { TunedRun } from '../../contract/tuned-models.ts'
import type { Services } from '../services.ts'

/** A finished run that was tuned, with all that its model card says. Throws `not-found`, `not-finished`, `not-tuned`, `base-missing`. */
export function tunedRun(services: Services, runId: string): TunedRun {
  const { store } = services
  const { run, spec, base, folder, tuned } = finishedRun(services, runId)
  if (!tuned)
    throw new LabError(
      'not-tuned',
      `The strategy "${run.strategy}" tunes nothing: its model is the base model as it was.`
    )
  return {
    runId,
    folder,
    base,
    experiment: spec.name,
    scores: store.scores.ofRun(runId).map(({ targetId, metric, value, examples }) => ({
      target: store.targets.find(targetId)?.name ?? targetId,
      metric,
      value,
      examples
    })),
    versions: run.versions
  }
}

/** A finished run with the model that it began from. Throws `not-found`, `not-finished`, `base-missing`, `computed-elsewhere`. */
export function finishedRun({ store, home }: Services, runId: string) {
  const run = store.runs.get(runId)
  if (run.status !== 'finished')
    throw new LabError('not-finished', `The run ${runId} is ${run.status}. It has a tuned model when it has finished.`)
  const { spec } = store.experiments.get(run.experimentId)
  requireOwn(spec)
  const base = store.models.find(spec.models.base)
  if (!base)
    throw new LabError(
      'base-missing',
      `The base model ${spec.models.base} of run ${runId} was deleted, and what was tuned are changes of it. Take it out of the bin.`
    )
  const { id, name, source, licence, prefix } = base
  return {
    ...{ runId, run, spec, prefix },
    folder: home.run(runId),
    tuned: isTuned(run.strategy),
    base: { id, name, folder: home.model(id), source, licence }
  }
}
