import type { Place, PlaceForecast } from '../../contract/places.ts'
import { bytes, duration } from '../../evaluation/wording.ts'
import type { Needs } from '../../contract/worker-messages.ts'
import { needsOf, type KnownThings } from '../../costs/needs.ts'
import type { HomeFolder } from '../../store/home.ts'
import { indexRef, type NeededIndex } from './needed-indices.ts'
import type { ResolvedSpec } from './resolve.ts'
import type { PreparedRun } from './run-inputs.ts'

/** Asks a place what jobs with these inputs would have to bring there, and how long they would wait. */
export type Forecaster = (
  place: Place,
  inputs: readonly unknown[],
  needs: readonly Needs[]
) => Promise<Omit<PlaceForecast, 'stages'>>

interface Stage {
  name: 'index' | 'runs'
  place: Place | null
  inputs: unknown[]
  needs: Needs[]
}

/** What awaits an experiment at each place that it uses, and where its stages run in sentences; nothing where all is here. */
export async function planPlaces(
  { place, indexPlace }: Pick<ResolvedSpec, 'place' | 'indexPlace'>,
  needed: { runs: readonly PreparedRun[]; indices: readonly NeededIndex[] },
  { things, home }: { things: KnownThings; home: HomeFolder },
  ask: Forecaster
): Promise<{ elsewhere: PlaceForecast[]; sentences: string[] }> {
  const toBuild = needed.indices.filter(({ indexId }) => indexId === null)
  const references = needed.indices.map((index) => indexRef(index, index.indexId ?? '', home))
  const stages: Stage[] = [
    ...(toBuild.length === 0
      ? []
      : [
          {
            name: 'index' as const,
            place: indexPlace,
            inputs: [references, ...needed.runs.slice(0, 1).map(({ input }) => input.dataset)],
            // The encoder takes less than tuning does; the graph of a large index is asked for when it is built.
            needs: []
          }
        ]),
    {
      name: 'runs',
      place,
      inputs: [...needed.runs.map(({ input }) => input), references],
      // The queue names the indices' folders; who embeds their texts is known already.
      needs: needed.runs.map(({ input, indices }) =>
        needsOf('run-strategy', { ...input, indices: indices.map(encoderOf) }, things)
      )
    }
  ]
  const used = new Map(
    stages.flatMap((stage) => (stage.place === null ? [] : [[stage.place.id, stage.place] as const]))
  )
  const elsewhere = await Promise.all(
    [...used.values()].map(async (one) => {
      const own = stages.filter((stage) => stage.place?.id === one.id)
      const found = await ask(
        one,
        own.flatMap(({ inputs }) => inputs),
        own.flatMap(({ needs }) => needs)
      )
      return { ...found, stages: own.map(({ name }) => name) }
    })
  )
  return {
    elsewhere,
    sentences: elsewhere.length === 0 ? [] : [whatRunsWhere(stages), ...elsewhere.flatMap(sentencesOf)]
  }
}

const work = { index: 'Indices are built', runs: 'runs compute' } as const

function whatRunsWhere(stages: readonly Stage[]): string {
  const parts = stages.map(
    ({ name, place }) => `${work[name]} ${place === null ? 'on this computer' : `at ${place.settings.name}`}`
  )
  const whole = `${parts.join(', ')}; looks for leaks and comparisons stay on this computer.`
  return whole[0]!.toUpperCase() + whole.slice(1)
}

function sentencesOf(found: PlaceForecast): string[] {
  const { name, kind, bytes: all, missingBytes, waitSeconds, startsAt, asks, problem } = found
  if (problem !== null) return [`${name}: ${problem}`]
  const carried =
    missingBytes === null || all === null
      ? []
      : missingBytes === 0
        ? [`All ${bytes(all)} that its jobs read are at ${name} already; nothing has to be sent.`]
        : [`${bytes(missingBytes)} of ${bytes(all)} that its jobs read have to be sent to ${name}, once.`]
  const waits =
    kind === 'process'
      ? []
      : startsAt === null
        ? [`The scheduler of ${name} does not say when a job would start.`]
        : [
            `The scheduler of ${name} expects that one more job would start ${(waitSeconds ?? 0) < 60 ? 'at once' : `at ${startsAt}, in about ${duration(waitSeconds ?? 0)}`}.`
          ]
  const cards =
    asks === null || asks.gpus === 0
      ? ''
      : ` and ${asks.gpus} ${asks.gpus === 1 ? 'graphics processor' : 'graphics processors'}`
  const room =
    asks === null || asks.memoryMegabytes === 0
      ? []
      : [`Each run asks ${name} for ${bytes(asks.memoryMegabytes * 1e6)} of memory${cards}.`]
  return [...carried, ...room, ...waits]
}

function encoderOf({ model }: NeededIndex) {
  return { encoder: { modelId: model.id } }
}
