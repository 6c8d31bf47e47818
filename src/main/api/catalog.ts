import { LabError } from '../contract/error.ts'
import type { Job, JobInput } from '../contract/jobs.ts'
import type { CatalogEntry } from '../contract/models.ts'
import { newId } from '../store/new-id.ts'
import { os } from './base.ts'
import { readCatalog, sourceName } from './catalog-file.ts'
import { installModel } from './models.ts'
import type { Services } from './services.ts'

export function catalogRoutes(services: Services) {
  const { jobs } = services
  jobs.onFinished('download', ({ input, output, folder }) => {
    const entry = readCatalog(services).find(({ id }) => id === input.catalogId)
    const next =
      input.kind === 'model'
        ? installModel(services, {
            name: input.name,
            from: folder,
            prefix: entry?.prefix ?? '',
            move: true,
            source: nameOfSource(input.source),
            licence: entry?.licence ?? 'unknown'
          })
        : importDownloaded(
            services,
            input,
            output.files.map((file) => file.path),
            entry
          )
    return { what: 'job', id: next.id, already: false }
  })
  return {
    list: os.catalog.list.handler(() => readCatalog(services)),
    download: os.catalog.download.handler(({ input }) => {
      if (services.store.settings.get().offline)
        throw new LabError(
          'offline-mode',
          'The lab is set to stay offline. Switch that off in Settings to download, or copy the files from another ' +
            'computer and install them from there.'
        )
      if (input.by === 'hub') {
        const { repo, repoType, revision, files } = input
        if (!/^[\w.-]+(\/[\w.-]+)?$/.test(repo))
          throw new LabError(
            'repository-name',
            `"${repo}" is not the name of a Hugging Face repository, such as google/flan-t5-small.`
          )
        return startDownload(services, null, repoType, repo, { type: 'hub', repo, repoType, revision, files })
      }
      const entry = readCatalog(services).find(({ id }) => id === input.id)
      if (!entry)
        throw new LabError('not-found', `The catalog has no entry "${input.id}".`, { details: { id: input.id } })
      if (entry.source.type === 'bundled')
        throw new LabError('bundled', `"${entry.name}" is shipped with the lab: install the demo.`)
      return startDownload(services, entry.id, entry.kind, entry.name, entry.source)
    })
  }
}

function startDownload(
  { home, store, jobs }: Services,
  catalogId: string | null,
  kind: 'dataset' | 'model',
  name: string,
  source: JobInput<'download'>['source']
): Job {
  const { mirror, proxy } = store.settings.get()
  // The same download again goes on in the same folder.
  const folder = home.inside('downloads', `${kind}-${(catalogId ?? name).replace(/[^\w.-]+/g, '--')}`)
  const running = jobs.list(
    { status: ['running', 'queued', 'paused'], kinds: ['download'], experimentId: null, text: '' },
    1000,
    0
  )
  const same = running.jobs.find(({ title }) => title === `Download ${name}`)
  if (same) return same
  // The token is put in when the job starts, and is never stored.
  return jobs.add(
    'download',
    { catalogId, kind, name, source, mirror, proxy, token: null },
    { title: `Download ${name}`, folder }
  )
}

function importDownloaded(
  { home, jobs }: Services,
  input: JobInput<'download'>,
  files: string[],
  entry: CatalogEntry | undefined
): Job {
  const datasetId = newId('dataset')
  const source = nameOfSource(input.source)
  return jobs.add(
    'import-dataset',
    {
      datasetId,
      name: input.name,
      kind: 'upstream',
      files,
      format: null,
      reading: {},
      mapping: null,
      groupsFile: null,
      querySetsFile: null,
      skipLimit: 100,
      licence: entry?.licence ?? 'unknown',
      source
    },
    { title: `Import ${input.name}`, folder: home.dataset(datasetId) }
  )
}

function nameOfSource(source: JobInput<'download'>['source']): string {
  return source.type === 'url' ? source.url : sourceName(source)
}
