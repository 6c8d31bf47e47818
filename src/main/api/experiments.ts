import { join } from 'node:path'
import { demoExperiment } from '../contract/demo.ts'
import { derivedFrom, indexRef } from '../jobs/experiments/needed-indices.ts'
import type { Forecaster } from '../jobs/experiments/plan-places.ts'
import { ExperimentPlanner } from '../jobs/experiments/planner.ts'
import { presetTable } from '../jobs/experiments/preset-table.ts'
import { presetSpec } from '../jobs/experiments/presets.ts'
import { ExperimentRunner } from '../jobs/experiments/runner.ts'
import type { PreparationRequests } from '../jobs/experiments/preparation.ts'
import { newId } from '../store/new-id.ts'
import { os } from './base.ts'
import type { Services } from './services.ts'

export function experimentRoutes(services: Services) {
  const { store, home, jobs, changes, version } = services
  const forecast: Forecaster = (place, inputs) => services.places.forecast(place, home.path, inputs)
  const planner = new ExperimentPlanner({ store, home, jobs, forecast })
  const runner = new ExperimentRunner({ store, home, jobs, changes, version, requests: requestsOf(services) })
  // A command does what it was asked for; whoever stays takes up what was left.
  if (services.host !== 'cli') runner.recover()
  return {
    preset: os.experiments.preset.handler(({ input }) =>
      presetSpec(input.preset, input.modelId === null ? null : store.models.get(input.modelId))
    ),
    differences: os.experiments.differences.handler(({ input }) => presetTable(input.spec)),
    demo: os.experiments.demo.handler(({ input }) => demoExperiment(input)),
    plan: os.experiments.plan.handler(({ input }) => planner.plan(input)),
    start: os.experiments.start.handler(({ input }) => runner.start(input)),
    list: os.experiments.list.handler(() => store.experiments.listCounted()),
    get: os.experiments.get.handler(({ input }) => runner.get(input.id)),
    runs: os.experiments.runs.handler(({ input }) => runner.runs(input.id)),
    scores: os.experiments.scores.handler(({ input }) => {
      store.experiments.get(input.id)
      return store.scores.ofExperiment(input.id)
    }),
    pause: os.experiments.pause.handler(({ input }) => runner.pause(input.id)),
    resume: os.experiments.resume.handler(({ input }) => runner.resume(input.id)),
    cancel: os.experiments.cancel.handler(({ input }) => runner.cancel(input.id)),
    weights: os.experiments.weights.handler(({ input }) => runner.weights(input.id)),
    keepWeights: os.experiments.keepWeights.handler(({ input }) => runner.keepWeights(input.id, input.keep)),
    repeatRun: os.experiments.repeatRun.handler(({ input }) => runner.repeat(input.runId))
  }
}

/** How experiments ask for what other features own. */
function requestsOf({ home, store, jobs }: Services): PreparationRequests {
  const file = (datasetId: string) => join(home.dataset(datasetId), 'examples.db')
  return {
    checkLeaks(targetId, datasetId, experimentId) {
      const target = store.targets.get(targetId)
      return jobs.add(
        'leak-check',
        { dataset: file(datasetId), target: file(target.datasetId), datasetId, targetId },
        { title: `Look for ${target.name} in ${store.datasets.get(datasetId).name}`, experimentId, priority: 10 }
      )
    },
    hurry(jobId) {
      const { status } = jobs.get(jobId)
      if (status !== 'running') jobs.resume(jobId)
    },
    buildIndex({ datasetId, index, experimentId, place }) {
      const { model, representation } = index
      const indexId = newId('index')
      const { encoder } = indexRef(index, indexId, home)
      const job = jobs.add(
        'build-index',
        {
          ...{ indexId, dataset: file(datasetId), encoder, maxTokens: index.maxTokens },
          derivedFrom: derivedFrom(model, store, home)
        },
        {
          title: `Build the ${representation} index of ${store.datasets.get(datasetId).name} with ${model.name}`,
          folder: index.folder,
          experimentId,
          place,
          priority: 10
        }
      )
      return { indexId, job }
    }
  }
}
