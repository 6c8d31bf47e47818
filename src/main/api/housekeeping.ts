import { lstat, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { HomeUsage, Leftovers } from '../contract/housekeeping.ts'
import type { Services } from './services.ts'
import { unusedUploads } from './uploads.ts'

/**
 * What is deleted as left over, by rule. Nothing that a record names or that an unfinished job writes or reads is ever
 * among it, nor what was touched in the last hour: somebody may be in the middle of a form.
 */
const hour = 3600_000
const rules: Readonly<Record<string, { why: string; untouchedFor: number }>> = {
  scratch: { why: 'Working folder of a job that is over.', untouchedFor: hour },
  uploads: { why: 'Copy of a file from the browser that nothing reads any more.', untouchedFor: hour },
  downloads: { why: 'Download that nobody has gone on with for a week.', untouchedFor: 7 * 24 * hour },
  datasets: { why: 'Data without a record: its import was not finished.', untouchedFor: 24 * hour },
  models: { why: 'Model without a record: its installation was not finished.', untouchedFor: 24 * hour },
  indices: { why: 'Index without a record: its building was not finished.', untouchedFor: 24 * hour },
  runs: { why: 'Files of a run that was deleted.', untouchedFor: 24 * hour }
}

export async function usageOf(services: Services): Promise<HomeUsage> {
  const { home } = services
  const names = (await readdir(home.path, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const places = await Promise.all(
    names.map(async ({ name }) => {
      const items = (await readdir(join(home.path, name))).length
      return { name, items, bytes: await bytesUnder(join(home.path, name)) }
    })
  )
  const bytes = await bytesUnder(home.path)
  const database = bytes - places.reduce((sum, place) => sum + place.bytes, 0)
  const all = [...places, { name: 'lab.db and other files', items: 1, bytes: database }]
  const { bytes: freeableBytes } = await leftovers(services)
  return { path: home.path, places: all.sort((a, b) => b.bytes - a.bytes), bytes, freeableBytes }
}

/** Deletes what is left over; with `dryRun` only says what it would. */
export async function clean(services: Services, dryRun: boolean): Promise<Leftovers> {
  const found = await leftovers(services)
  if (dryRun) return found
  for (const { path } of found.items) await services.home.remove(join(services.home.path, path))
  return { ...found, deleted: true }
}

async function leftovers(services: Services): Promise<Leftovers> {
  const { home, store } = services
  const unfinished = store.jobs.withStatus('queued', 'running', 'paused', 'interrupted')
  // Also what they only read: a job may work with what another one has left in its folder.
  const used = unfinished.map((job) => [job.folder, JSON.stringify(job.input)])
  const inUse = (path: string) => {
    const own = path.replace(/\.partial$/, '')
    return used.some(([folder, input]) => folder === own || input!.includes(own))
  }
  const recorded: Record<string, (name: string) => boolean> = {
    datasets: (name) => store.datasets.find(name) !== undefined,
    models: (name) => store.models.find(name) !== undefined,
    indices: (name) => store.indices.matching({ fingerprint: name }).length > 0,
    runs: (name) => store.runs.find(name) !== undefined
  }
  const items: Leftovers['items'] = []
  const add = async (rule: string, path: string) => {
    const changed = (await lstat(path).catch(() => null))?.mtimeMs ?? Date.now()
    const { why, untouchedFor } = rules[rule]!
    if (Date.now() - changed < untouchedFor || inUse(path)) return
    items.push({ path: relative(home.path, path), bytes: await bytesUnder(path), why })
  }
  for (const path of await unusedUploads(services, hour)) await add('uploads', path)
  for (const place of ['scratch', 'downloads', 'datasets', 'models', 'indices', 'runs']) {
    for (const name of await readdir(join(home.path, place)).catch((): string[] => [])) {
      const path = join(home.path, place, name)
      if (path !== home.uploads && recorded[place]?.(name) !== true) await add(place, path)
    }
  }
  return { deleted: false, items, bytes: items.reduce((sum, item) => sum + item.bytes, 0) }
}

/** Bytes of a file, or of all files in a folder. */
export async function bytesUnder(path: string): Promise<number> {
  const found = await lstat(path).catch(() => null)
  if (found === null || !found.isDirectory()) return found?.size ?? 0
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  // A file may go while we count; it weighs nothing then.
  const sizes = await Promise.all(
    files.map((file) =>
      lstat(join(file.parentPath, file.name))
        .then(({ size }) => size)
        .catch(() => 0)
    )
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
