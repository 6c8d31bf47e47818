import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { catalogEntrySchema, type CatalogEntry } from '../../contract/models.ts'
import type { Services } from '../services.ts'

const catalogSchema = z.object({ entries: z.array(catalogEntrySchema) })

/** The entries of the catalog that is shipped with the lab, each with whether it is installed. */
export function readCatalog({ bundled, store }: Services): CatalogEntry[] {
  const { entries } = catalogSchema.parse(JSON.parse(readFileSync(join(bundled, 'catalog.json'), 'utf8')))
  const sources = [...store.models.list(), ...store.datasets.list()].map((record) => record.source)
  return entries.map((entry) => {
    const name = sourceName(entry.source)
    return { ...entry, installed: sources.some((source) => source === name || source.startsWith(`${name}/`)) }
  })
}

/** How a source is written into what was made from it. */
export function sourceName(source: CatalogEntry['source']): string {
  switch (source.type) {
    case 'hub':
      // Entries may be parts of one repository.
      return [`hub:${source.repo}`, ...source.files, ...source.configs].join(' ')
    case 'drive':
      return `drive:${source.fileId ?? source.folderId}/${source.fileName}`
    case 'files':
      return source.name
    case 'bundled':
      return `bundled:${source.path}`
  }
}
