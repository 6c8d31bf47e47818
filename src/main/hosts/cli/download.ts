import type { Client } from '../../contract/client.ts'
import type { DatasetKind } from '../../contract/data.ts'
import { findNamed } from '../../naming/find-named.ts'
import type { HubLook } from '../../contract/asked/data.ts'
import type { CatalogEntry, HubModelLook } from '../../contract/models.ts'
import type { AddCommand } from './command.ts'
import { hubModel } from './look-at-model.ts'
import { described } from './import.ts'
import { mappingOf, readingOf, withReading, type ReadingOptions } from './reading-options.ts'
import { bytes, table } from './table.ts'
import { wholeNumber } from './numbers.ts'

/** `catalog` and `download`: what there is to get, and getting it. */
export const addDownload: AddCommand = (program, run) => {
  program
    .command('catalog [catalog-entry]')
    .description('data and models that the lab knows where to get; with an id, one of them in full')
    .action(
      run(async ({ client, print }, id?: string) => {
        const entries = await client.catalog.list()
        if (id !== undefined) {
          const entry = findNamed('entry in the catalog', entries, id)
          return print(entry, inFull(entry))
        }
        const rows = entries.map((e) => [e.id, e.kind, sizeOf(e), e.installed ? 'yes' : '', e.licence, e.name])
        print(entries, table(['id', 'kind', 'size', 'installed', 'licence', 'name'], rows, ['size']))
      })
    )

  withReading(program.command('download <entry-or-repository>'))
    .description('an entry of the catalog, or any Hugging Face repository such as google/flan-t5-small')
    .option('--dataset', 'the repository is a dataset', false)
    .option('--revision <revision>', 'branch, tag or commit', 'main')
    .option('--files <patterns...>', 'only these files, with * and **')
    .option('--config <names...>', 'of a dataset: only these configurations')
    .option('--split <split>', 'of a dataset: default train, with --target test or validation; "*" for all')
    .option('--target', 'the dataset holds test examples of a target task', false)
    .option('--name <name>', 'name in the lab')
    .option(
      '--sample-queries <count>',
      'of a target: draw query sets of so many rows, and leave them out',
      wholeNumber(1)
    )
    .option('--sample-rounds <count>', 'how many such sets', wholeNumber(1), 5)
    .option('--sample-seed <number>', 'the same seed draws the same sets', wholeNumber(0), 42)
    .option('--skip-bad-lines <count>', 'how many bad lines may be set aside', wholeNumber(0), 100)
    .option(
      '--preview',
      'only look: what a dataset holds, with the first rows, or what a model is and whether the lab can run it',
      false
    )
    .action(
      run(async ({ client, print, follow }, name: string, options: DownloadOptions) => {
        const entries = await client.catalog.list()
        const { dataset, revision, files = [] } = options
        if (options.preview) {
          const looked = dataset || options.target ? lookedAt(client, name, options) : hubModel(client, name, revision)
          return print(...(await looked))
        }
        // A repository of the hub has its owner before it, with a stroke between.
        if (!name.includes('/')) findNamed('entry in the catalog', entries, name)
        const started = entries.some(({ id }) => id === name)
          ? await client.catalog.download({ by: 'entry', id: name })
          : await client.catalog.download({
              by: 'hub',
              repo: name,
              repoType: dataset ? 'dataset' : 'model',
              revision,
              files,
              configs: options.config ?? [],
              split: options.split ?? null,
              importAs: {
                kind: kindOf(options),
                name: options.name ?? null,
                format: options.format ?? null,
                reading: readingOf(options),
                mapping: mappingOf(options),
                sampleQueries:
                  options.sampleQueries === undefined
                    ? null
                    : { size: options.sampleQueries, rounds: options.sampleRounds, seed: options.sampleSeed },
                skipLimit: options.skipBadLines
              }
            })
        const download = await follow(started)
        const next = download.outcome?.what === 'job' ? download.outcome.id : null
        const last = next === null ? download : await follow(await client.jobs.get({ id: next }))
        print(last, `${last.title}: done.`)
      })
    )
}

interface DownloadOptions extends ReadingOptions {
  dataset: boolean
  revision: string
  files?: string[]
  config?: string[]
  split?: string
  target: boolean
  name?: string
  sampleQueries?: number
  sampleRounds: number
  sampleSeed: number
  skipBadLines: number
  preview: boolean
}

const kindOf = ({ target }: DownloadOptions): DatasetKind => (target ? 'target' : 'upstream')

/** What a dataset on the hub holds, as data and as text. */
async function lookedAt(
  client: Client,
  repo: string,
  options: DownloadOptions
): Promise<[HubLook | HubModelLook, string]> {
  const look = await client.catalog.look({
    repo,
    revision: options.revision,
    config: options.config?.[0] ?? null,
    split: options.split ?? null,
    kind: kindOf(options),
    format: options.format ?? null,
    reading: readingOf(options),
    mapping: mappingOf(options)
  })
  const rows = look.parts.map((part) => [part.config, part.split || 'all', String(part.files), bytes(part.bytes)])
  const parts = table(['configuration', 'split', 'files', 'size'], rows, ['files', 'size'])
  const seen =
    look.preview === null ? 'Its files are too large to be looked at before the download.' : described(look.preview)
  return [look, [...about(look), parts, `${look.config}, ${look.split || 'all'}:`, seen].join('\n')]
}

function about({ card, licence }: HubLook): string[] {
  const languages = card?.languages ?? []
  return [
    ...(card?.title ? [card.title] : []),
    `Licence: ${licence ?? 'not stated'}`,
    ...(languages.length > 0 ? [`Languages: ${languages.join(', ')}`] : []),
    ...(card?.text ? [card.text.split('\n').slice(0, 12).join('\n')] : [])
  ]
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
        : source.type === 'files'
          ? source.name
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
