import { LabError } from '../../contract/error.ts'
import type { CatalogEntry } from '../../contract/models.ts'
import type { AddCommand } from './command.ts'
import { bytes, table } from './table.ts'

/** `catalog` and `download`: what there is to get, and getting it. */
export const addDownload: AddCommand = (program, run) => {
  program
    .command('catalog [id]')
    .description('data and models that the lab knows where to get; with an id, one of them in full')
    .action(
      run(async ({ client, print }, id?: string) => {
        const entries = await client.catalog.list()
        if (id !== undefined) {
          const entry = entries.find((one) => one.id === id)
          if (!entry) throw new LabError('not-found', `The catalog has no entry "${id}". List it with: catalog`)
          return print(entry, inFull(entry))
        }
        const rows = entries.map((e) => [e.id, e.kind, sizeOf(e), e.installed ? 'yes' : '', e.licence, e.name])
        print(entries, table(['id', 'kind', 'size', 'installed', 'licence', 'name'], rows, ['size']))
      })
    )

  program
    .command('download <name>')
    .description('an entry of the catalog, or any Hugging Face repository such as google/flan-t5-small')
    .option('--dataset', 'the repository is a dataset', false)
    .option('--revision <revision>', 'branch, tag or commit', 'main')
    .option('--files <patterns...>', 'only these files, with * and **')
    .action(
      run(async ({ client, print, follow }, name: string, options: DownloadOptions) => {
        const entries = await client.catalog.list()
        const { dataset, revision, files = [] } = options
        const started = entries.some(({ id }) => id === name)
          ? await client.catalog.download({ by: 'entry', id: name })
          : await client.catalog.download({
              by: 'hub',
              repo: name,
              repoType: dataset ? 'dataset' : 'model',
              revision,
              files
            })
        const download = await follow(started)
        const next = download.outcome?.what === 'job' ? download.outcome.id : null
        const last = next === null ? download : await follow(await client.jobs.get({ id: next }))
        print(last, `${last.title}: done.`)
      })
    )
}

interface DownloadOptions {
  dataset: boolean
  revision: string
  files?: string[]
}

/** Nobody publishes the size of files on Google Drive. */
function sizeOf(entry: CatalogEntry): string {
  return entry.bytes > 0 ? bytes(entry.bytes) : 'unknown'
}

function inFull(entry: CatalogEntry): string {
  const { source } = entry
  const from =
    source.type === 'hub'
      ? `Hugging Face, ${source.repo} (${source.revision}) ${source.files.join(' ')}`.trimEnd()
      : source.type === 'drive'
        ? `Google Drive, ${source.fileName} from ${source.page}`
        : 'shipped with the lab'
  return [
    `${entry.name} (${entry.kind}${entry.installed ? ', installed' : ''})`,
    entry.summary,
    `Good for: ${entry.goodFor}`,
    `Needs: ${entry.hardware}`,
    `Size: ${sizeOf(entry)}. Licence: ${entry.licence}`,
    `From: ${from}`
  ].join('\n')
}
