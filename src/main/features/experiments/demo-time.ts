import { readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { DemoTime } from '../../contract/expected-time.ts'
import { indicesOf } from '../../contract/strategies.ts'
import { estimateIndex } from '../../costs/index-cost.ts'
import { isBusy, roughSpeed } from '../../costs/rough-speed.ts'
import { busyShare } from '../../machine/busy.ts'
import { computedOn } from '../../machine/computed-on.ts'
import { computingCores } from '../../jobs/cores.ts'
import { readDemoManifest } from '../datasets/install-demo.ts'
import type { Services } from '../services.ts'
import { computingOf } from './computing.ts'
import { demoExperiment } from './demo.ts'
import { runSeconds, type EstimateFacts, type Speed } from './estimate.ts'
import { planRuns } from './plan-runs.ts'

const sampled = 64

/**
 * How long the demo takes on this computer, before anything of it is installed: its models, as they are shipped, are timed on its own
 * texts, while no job computes. What was measured while the computer had little else to do is kept for this processor, these threads and this
 * version, and never measured again; under the load of other programs it holds while the lab is open. Importing and comparing are a
 * small part of it, and left out. Throws `demo-missing`.
 */
export async function demoTime(services: Services, signal?: AbortSignal): Promise<DemoTime> {
  const { store, version } = services
  const cores = computingCores(store)
  const { provider } = store.settings.get()
  const circumstances = JSON.stringify([version, ...computedOn(cores), provider])
  const kept = store.measurements.get('demo', circumstances) ?? measuredFor.get(services)?.get(circumstances)
  if (kept !== undefined) return { seconds: kept, measured: true }
  const idle = store.jobs.withStatus('queued', 'running').length === 0
  const quiet = idle && (await busyShare(signal)) < quietShare
  const time = await timeDemo(services, idle, signal)
  if (!time.measured) return time
  if (quiet) store.measurements.keep('demo', circumstances, time.seconds)
  else measuredFor.set(services, new Map([[circumstances, time.seconds]]))
  return time
}

/** Where other programs take more of the cores than this, what is measured is no figure of the computer. */
const quietShare = 0.3

/** Measured beside other programs. */
const measuredFor = new WeakMap<Services, ReadonlyMap<string, number>>()

async function timeDemo(
  { bundled, store, jobs }: Services,
  idle: boolean,
  signal: AbortSignal | undefined
): Promise<DemoTime> {
  const folder = join(bundled, 'demo')
  const manifest = readDemoManifest(folder)
  const at = ({ folder: name }: { folder: string }) => ({ modelId: name, folder: join(folder, name) })
  const targets = new Map(
    await Promise.all(
      manifest.targets.map(async ({ name, test }) => [name, shapeOf(await rowsOf(join(folder, test)))] as const)
    )
  )
  const upstream = await rowsOf(join(folder, manifest.upstream))
  const texts = Array.from({ length: Math.min(sampled, upstream.length) }, (_, one) => {
    const [input, outputs] = upstream[Math.floor((one * upstream.length) / sampled)]!
    return { input, output: outputs[0] ?? '' }
  })
  const { model, encoder, reranker } = manifest
  const spec = demoExperiment({
    datasetId: 'demo',
    models: { base: 'base', encoder: 'encoder', reranker: reranker === null ? null : 'reranker', retriever: null },
    targetIds: [...targets.keys()]
  })
  const sizes = { base: parametersOf(at(model).folder), encoder: parametersOf(at(encoder).folder) }
  const cores = computingCores(store)
  const { hiddenSize } = configOf(at(model).folder)
  const computing = computingOf(spec, { parameters: sizes.base, hiddenSize }, { cores })
  const asked = {
    base: { ...at(model), prefix: model.prefix },
    encoder: at(encoder),
    reranker: reranker === null ? null : at(reranker),
    pairTokens: spec.retrieval.rerank.maxTokens,
    ...{ tune: spec.tune, evaluation: spec.evaluation, texts, provider: computing.provider, cores: computing.cores }
  }
  const measured = idle
    ? await jobs.ask('measure-speed', asked, signal).catch((thrown: unknown) => {
        if (isBusy(thrown)) return null
        throw thrown
      })
    : null
  const rough = () =>
    roughSpeed({
      ...{ parameters: sizes.base, encoderParameters: sizes.encoder, texts, cores: computing.cores ?? cores },
      rerankerParameters: reranker === null ? 0 : parametersOf(at(reranker).folder)
    })
  const speed: Speed = measured ?? rough()
  const facts: EstimateFacts = { speed, parameters: sizes.base, hiddenSize, targets }
  const runs = planRuns(spec).reduce((sum, run) => sum + runSeconds(spec, run, facts), 0)
  const indices = [...new Set(spec.strategies.flatMap((strategy) => indicesOf(strategy, spec.retrieval)))].map(
    () =>
      estimateIndex({
        ...{ vectors: upstream.length, dimension: hiddenSize, vectorPrecision: 'fp32', search: 'auto', threads: cores },
        embedSecondsPerExample: speed.embedSecondsPerExample
      }).seconds
  )
  const seconds = runs / computing.atOnce + indices.reduce((sum, one) => sum + one, 0)
  return { seconds, measured: measured !== null }
}

type DemoRow = [input: string, outputs: string[], id: string]

/** Rows of a packed file that holds one a line. */
async function rowsOf(path: string): Promise<DemoRow[]> {
  return JSON.parse((await promisify(gunzip)(await readFile(path))).toString('utf8')) as DemoRow[]
}

function shapeOf(rows: readonly DemoRow[]): { rows: number; inputLength: number } {
  const characters = rows.reduce((sum, [input]) => sum + input.length, 0)
  return { rows: rows.length, inputLength: characters / Math.max(1, rows.length) }
}

function parametersOf(folder: string): number {
  return Math.round(statSync(join(folder, 'model.safetensors')).size / 4)
}

function configOf(folder: string): { hiddenSize: number } {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>
  return { hiddenSize: Number(config['d_model'] ?? config['hidden_size'] ?? 128) }
}
