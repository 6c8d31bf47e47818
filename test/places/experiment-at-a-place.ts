import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Experiment, ExperimentPlan, ExperimentSpec } from '../../src/main/contract/experiments.ts'
import type { PlaceSettings } from '../../src/main/contract/places.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { installEncoder, installTinyWorld, tinySpec, untilOver } from '../features/experiments/tiny-lab.ts'
import type { TinyWorld } from '../worker/tiny-world.ts'

type PlaceRequest = Partial<PlaceSettings> & Pick<PlaceSettings, 'name' | 'kind'>

/** The experiment of `wholeExperiment`, started with its index at the place as well. */
export async function startExperiment(
  lab: Lab,
  world: TinyWorld,
  place: PlaceRequest,
  more: Partial<ExperimentSpec> = {}
): Promise<{ id: string; placeId: string }> {
  await installTinyWorld(lab, world)
  await installEncoder(lab, world)
  const { id: placeId } = await lab.client.places.add(place)
  await lab.client.places.check({ id: placeId })
  const { id } = await lab.client.experiments.start(
    tinySpec(world, {
      ...{ strategies: ['random', 'semantic'], rounds: 1, place: placeId, indexPlace: placeId },
      models: { base: 'tiny', encoder: 'encoder', reranker: null, retriever: null },
      ...more
    })
  )
  return { id, placeId }
}

/** A whole experiment as somebody would run it, at a place or (null) here: its index is built, its runs compute, all is over. */
export async function wholeExperiment(
  lab: Lab,
  world: TinyWorld,
  place: PlaceRequest | null,
  {
    rounds = 1,
    indexThere = false,
    more = {}
  }: { rounds?: number; indexThere?: boolean; more?: Partial<ExperimentSpec> } = {}
): Promise<{
  experiment: Experiment
  answers: Record<string, string>
  scores: unknown
  jobs: Jobs
  placeId: string | null
  spec: ExperimentSpec
  plan: ExperimentPlan | null
}> {
  await installTinyWorld(lab, world)
  await installEncoder(lab, world)
  const placeId = place === null ? null : (await lab.client.places.add(place)).id
  if (placeId !== null) await lab.client.places.check({ id: placeId })
  const spec = tinySpec(world, {
    ...{ strategies: ['random', 'semantic'], rounds, place: placeId, indexPlace: indexThere ? placeId : null },
    models: { base: 'tiny', encoder: 'encoder', reranker: null, retriever: null },
    ...more
  })
  const plan = placeId === null ? null : await lab.client.experiments.plan(spec)
  const { id } = await lab.client.experiments.start(spec)
  const experiment = await untilOver(lab, id)
  return { experiment, ...outcomeOf(lab, id), placeId, spec, plan }
}

type Jobs = ReturnType<Lab['services']['store']['jobs']['ofExperiment']>

/** All numbers of an experiment by the plan's keys, and its jobs. */
export function outcomeOf(lab: Lab, id: string): { answers: Record<string, string>; scores: unknown; jobs: Jobs } {
  const answers: Record<string, string> = {}
  const scores: Record<string, unknown> = {}
  for (const { runId, key } of lab.services.store.runs.links(id)) {
    const folder = lab.home.run(runId)
    for (const name of readdirSync(folder).filter((file) => /^(predictions|retrieved)-/.test(file)))
      answers[`${key} ${name}`] = readFileSync(join(folder, name), 'utf8')
    scores[key] = lab.services.store.scores.ofRun(runId).map(({ runId: _, ...score }) => score)
  }
  return { answers, scores, jobs: lab.services.store.jobs.ofExperiment(id) }
}
