import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import { jobTitleIn, type JobTitle } from '../../contract/job-titles.ts'
import { plainImport } from '../../contract/kinds/data.ts'
import type { Job, JobInput, JobOutput } from '../../contract/jobs.ts'
import type { CatalogEntry } from '../../contract/models.ts'
import type { Contract } from '../../contract/routes.ts'
import { hubCacheFolder } from '../../data/download/hub-cache.ts'
import { newId } from '../../store/new-id.ts'
import { refuseOffline } from '../lab/stay-offline.ts'
import { installModel } from '../models/install.ts'
import type { Services } from '../services.ts'
import { readCatalog, sourceName } from './catalog-file.ts'
import { checkRepository, connection } from './hub.ts'

/** Installs or imports what downloads have brought, as they end. */
export function keepDownloads(services: Services): void {
  services.jobs.onFinished('download', (finished) => {
    const { input, output, folder } = finished
    const entry = readCatalog(services).find(({ id }) => id === input.catalogId)
    const next =
      input.kind === 'model'
        ? installModel(services, {
            name: input.name,
            from: folder,
            prefix: entry?.prefix ?? '',
            move: true,
            source: nameOfSource(input.source),
            licence: entry?.licence ?? output.licence ?? 'unknown'
          })
        : importDownloaded(services, finished, entry)
    return { what: 'job', id: next.id, already: false }
  })
}

/** Upstream data is what one may tune on; a target is tested on what nobody has tuned on. */
const usualSplits = { upstream: ['train'], target: ['test', 'validation'] }

/** Queues a download of the catalog's or of a repository of the hub. Throws `offline`, `repository-name`, `not-found`, `bundled`. */
export function download(services: Services, input: Asked<Contract['catalog']['download']>): Job {
  refuseOffline(services)
  if (input.by === 'hub') {
    const { repo, repoType, revision, files, configs, split, importAs } = input
    checkRepository(repo)
    const splits = split === '*' ? [] : split !== null ? [split] : usualSplits[importAs.kind]
    const source = { type: 'hub' as const, repo, repoType, revision, files, configs, splits }
    return startDownload(services, { catalogId: null, kind: repoType, name: repo, source, importAs })
  }
  const entry = readCatalog(services).find(({ id }) => id === input.id)
  if (!entry) throw new LabError('not-found', `The catalog has no entry "${input.id}".`, { details: { id: input.id } })
  if (entry.source.type === 'bundled')
    throw new LabError('bundled', `"${entry.name}" is shipped with the lab: install the demo.`)
  const importAs = plainImport(entry.as)
  const { source } = entry
  const ofKind = source.type === 'hub' && entry.kind === 'dataset' && source.splits.length === 0
  const wanted = ofKind ? { ...source, splits: usualSplits[entry.as] } : source
  return startDownload(services, { catalogId: entry.id, kind: entry.kind, name: entry.name, source: wanted, importAs })
}

function startDownload(
  services: Services,
  wanted: Pick<JobInput<'download'>, 'catalogId' | 'kind' | 'name' | 'source' | 'importAs'>
): Job {
  const { home, jobs } = services
  const { catalogId, kind, name } = wanted
  // The same download again goes on in the same folder.
  const folder = home.inside('downloads', `${kind}-${(catalogId ?? name).replace(/[^\w.-]+/g, '--')}`)
  const running = jobs.list(
    { status: ['running', 'queued', 'paused'], kinds: ['download'], experimentId: null, text: '' },
    1000,
    0
  )
  const title: JobTitle = { says: 'download', of: { name } }
  const words = jobTitleIn('en', title)
  const same = running.jobs.find((job) => job.title === words)
  if (same) return same
  // The token is put in when the job starts, and is never stored.
  return jobs.add(
    'download',
    { ...wanted, ...connection(services), token: null, cache: hubCacheFolder() },
    { title, folder }
  )
}

function importDownloaded(
  { home, jobs }: Services,
  { input, output, folder }: { input: JobInput<'download'>; output: JobOutput<'download'>; folder: string },
  entry: CatalogEntry | undefined
): Job {
  const datasetId = newId('dataset')
  const { kind, name, format, reading, mapping, sampleQueries, skipLimit } = input.importAs
  const called = name ?? input.name
  return jobs.add(
    'import-dataset',
    {
      datasetId,
      name: called,
      kind,
      files: output.files.map((file) => file.path),
      root: { folder, name: called.split('/').at(-1)!, configs: output.configs },
      format,
      reading: { ...output.reading, ...reading },
      mapping,
      labels: output.labels,
      groupsFile: null,
      querySetsFile: null,
      sampleQueries,
      skipLimit,
      licence: entry?.licence ?? output.licence ?? 'unknown',
      source: nameOfSource(input.source)
    },
    { title: { says: 'import', of: { name: called } }, folder: home.dataset(datasetId) }
  )
}

function nameOfSource(source: JobInput<'download'>['source']): string {
  return source.type === 'url' ? source.url : sourceName(source)
}
