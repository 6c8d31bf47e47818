import { demoSource } from '../../contract/demo-name.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { metricSchema } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { JobOutput } from '../../contract/jobs.ts'
import { fromWireError } from '../../contract/wire-error.ts'
import { newId } from '../../store/new-id.ts'
import { installModel } from '../models/install.ts'
import type { Services } from '../services.ts'

/** What the demo's folder holds; paths are relative to it. */
const manifestSchema = z.object({
  name: z.string(),
  licence: z.string(),
  upstream: z.string(),
  groups: z.string(),
  targets: z.array(
    z.object({ name: z.string(), test: z.string(), queries: z.string(), metrics: z.array(metricSchema) })
  ),
  model: z.object({ name: z.string(), folder: z.string(), prefix: z.string().default('') }),
  encoder: z.object({ name: z.string(), folder: z.string() }),
  /** null: a folder of somebody's own without one. */
  reranker: z.object({ name: z.string(), folder: z.string() }).nullable().default(null)
})
type Manifest = z.infer<typeof manifestSchema>

/** Which step of the demo a dataset or a model is, as its source says. */
const sourceOf = (path: string): string => demoSource + path

/** Puts the demo's data and models into the lab, what of them is not there yet, and waits for it. */
export async function installDemo(services: Services) {
  const folder = join(services.bundled, 'demo')
  const manifest = readDemoManifest(folder)
  // The upstream data goes first: each target's own data is then looked for in it.
  const datasetId = await importOnce(services, folder, manifest, { name: manifest.name, path: manifest.upstream })
  const [base, encoder, reranker, ...targetIds] = await Promise.all([
    installOnce(services, folder, manifest.model),
    installOnce(services, folder, { ...manifest.encoder, prefix: '' }),
    manifest.reranker === null ? null : installOnce(services, folder, { ...manifest.reranker, prefix: '' }),
    ...manifest.targets.map(async (target) => {
      const { name, test, queries, metrics } = target
      const id = await importOnce(services, folder, manifest, { name, path: test, queries })
      return services.store.targets.update(services.store.targets.ofDataset(id)[0]!.id, { metrics }).id
    })
  ])
  services.store.settings.save({ welcomed: true })
  for (const what of ['datasets', 'models', 'targets', 'settings'] as const) services.changes.changed(what)
  return { datasetId, models: { base, encoder, reranker }, targetIds }
}

/** What the demo's folder holds. Throws `demo-missing`. */
export function readDemoManifest(folder: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
  } catch (cause) {
    throw new LabError(
      'demo-missing',
      `The demo is not in ${folder}, or it is damaged. Make it with "npm run make-demo", or install the lab again.`,
      { cause }
    )
  }
}

async function importOnce(
  services: Services,
  folder: string,
  manifest: Manifest,
  what: { name: string; path: string; queries?: string }
): Promise<string> {
  const { store, jobs, home } = services
  const source = sourceOf(what.path)
  const there = store.datasets.list().find((dataset) => dataset.source === source)
  if (there) return there.id
  const datasetId = newId('dataset')
  const kind = what.queries === undefined ? ('upstream' as const) : ('target' as const)
  const input = {
    datasetId,
    name: what.name,
    kind,
    files: [join(folder, what.path)],
    format: 'line-array' as const,
    root: null,
    sampleQueries: null,
    reading: {},
    mapping: null,
    groupsFile: kind === 'upstream' ? join(folder, manifest.groups) : null,
    querySetsFile: what.queries === undefined ? null : join(folder, what.queries),
    licence: manifest.licence,
    source
  }
  const job = jobs.add('import-dataset', input, {
    title: { says: 'import', of: { name: what.name } },
    folder: home.dataset(datasetId)
  })
  const { contentHash } = (await ended(services, job.id)) as JobOutput<'import-dataset'>
  return store.datasets.find(datasetId)?.id ?? store.datasets.findByHash(contentHash, kind)!.id
}

async function installOnce(
  services: Services,
  folder: string,
  model: { name: string; folder: string; prefix: string }
): Promise<string> {
  const { store } = services
  const from = join(folder, model.folder)
  const find = () => store.models.list().find((found) => found.source === sourceOf(model.folder))?.id
  const there = find()
  if (there !== undefined) return there
  const job = installModel(services, {
    name: model.name,
    from,
    prefix: model.prefix,
    move: false,
    source: sourceOf(model.folder)
  })
  await ended(services, job.id)
  return find()!
}

/** The output of a job, when it has ended. Throws its error. */
async function ended({ store, underway }: Services, id: string): Promise<unknown> {
  for (;;) {
    const job = store.jobs.get(id)
    if (job.status === 'finished' && job.recorded) return job.output
    if (job.status !== 'finished' && job.status !== 'queued' && job.status !== 'running' && job.status !== 'paused')
      throw job.error === null
        ? new LabError('demo-stopped', `The installation of the demo was stopped: "${job.title}" is ${job.status}.`)
        : fromWireError(job.error)
    await sleep(50, undefined, { signal: underway.closing }).catch(() => underway.closing.throwIfAborted())
  }
}
