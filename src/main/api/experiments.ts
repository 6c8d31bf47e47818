import { demoExperiment } from '../features/experiments/demo.ts'
import { demoTime } from '../features/experiments/demo-time.ts'
import { importForeign } from '../features/experiments/foreign.ts'
import { ExperimentPlanner } from '../features/experiments/planner.ts'
import { presetTable } from '../features/experiments/preset-table.ts'
import { presetSpec } from '../features/experiments/presets.ts'
import { ExperimentRunner } from '../features/experiments/runner.ts'
import type { Forecaster } from '../features/experiments/plan-places.ts'
import { os } from './base.ts'
import type { Services } from '../features/services.ts'

export function experimentRoutes(services: Services) {
  const { store, home, jobs } = services
  const forecast: Forecaster = (place, inputs, needs) => services.places.forecast(place, home.path, inputs, needs)
  const planner = new ExperimentPlanner({ store, home, jobs, forecast })
  const runner = new ExperimentRunner(services)
  // A command does what it was asked for; whoever stays takes up what was left.
  if (services.host !== 'cli') runner.recover()
  return os.experiments.router({
    preset: os.experiments.preset.handler(({ input }) =>
      presetSpec(input.preset, input.modelId === null ? null : store.models.get(input.modelId))
    ),
    differences: os.experiments.differences.handler(({ input }) => presetTable(input.spec)),
    demoTime: os.experiments.demoTime.handler(({ signal }) => demoTime(services, signal)),
    demo: os.experiments.demo.handler(({ input }) => demoExperiment(input)),
    plan: os.experiments.plan.handler(({ input }) => planner.plan(input)),
    start: os.experiments.start.handler(({ input }) => runner.start(input)),
    list: os.experiments.list.handler(({ input }) => store.experiments.listCounted(input)),
    page: os.experiments.page.handler(({ input }) => store.experiments.page(input)),
    get: os.experiments.get.handler(({ input }) => runner.get(input.id)),
    runs: os.experiments.runs.handler(({ input }) => runner.runs(input.id)),
    run: os.experiments.run.handler(({ input }) => store.runs.get(input.id)),
    scores: os.experiments.scores.handler(({ input }) => runner.scores(input.id)),
    pause: os.experiments.pause.handler(({ input }) => runner.pause(input.id)),
    resume: os.experiments.resume.handler(({ input }) => runner.resume(input.id)),
    cancel: os.experiments.cancel.handler(({ input }) => runner.cancel(input.id)),
    weights: os.experiments.weights.handler(({ input }) => runner.weights(input.id)),
    keepWeights: os.experiments.keepWeights.handler(({ input }) => runner.keepWeights(input.id, input.keep)),
    repeatRun: os.experiments.repeatRun.handler(({ input }) => runner.repeat(input.runId)),
    importForeign: os.experiments.importForeign.handler(({ input }) => importForeign(input, services))
  })
}
