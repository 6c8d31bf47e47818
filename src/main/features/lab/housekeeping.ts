import { lstat, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import {
  cleaningRuleNames,
  daysSettings,
  type CleaningRule,
  type HomeUsage,
  type Leftovers
} from '../../contract/housekeeping.ts'
import { binDays } from '../../contract/things.ts'
import type { Services } from '../services.ts'
import { unusedUploads } from '../datasets/uploads.ts'

/**
 * What is deleted as left over, by rule. Nothing that a record names or that an unfinished job writes or reads is ever
 * among it. By itself it goes after some days; when somebody asks for it, already after some hours: not at once, as
 * somebody else may be in the middle of a form.
 */
const hour = 3600_000
const day = 24 * hour
const rules: Readonly<Record<Exclude<CleaningRule, 'bin'>, { why: string; asked: number; days: number }>> = {
  scratch: { why: 'Working folder of a job that is over.', asked: hour, days: 1 },
  unfinished: { why: 'Without a record: it was not finished, or its record was deleted.', asked: day, days: 7 },
  parts: { why: 'Half of a file that was not finished.', asked: day, days: 7 },
  uploads: { why: 'Copy of a file from the browser that nothing reads any more.', asked: hour, days: 7 },
  downloads: { why: 'Download that nobody has gone on with.', asked: 7 * day, days: 7 },
  jobs: { why: 'Log, curve and record of jobs that are over and belong to no experiment.', asked: 90 * day, days: 90 },
  backups: {
    why: 'Copy of the database from before an update. It may name the folders where the home lay then.',
    asked: 30 * day,
    days: 30
  },
  logs: { why: 'Earlier log file of the lab.', asked: 30 * day, days: 90 }
}

type Item = Leftovers['items'][number] & { remove(): Promise<void> }

export async function usageOf(services: Services): Promise<HomeUsage> {
  const { home, store } = services
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
  const { bytes: freeableBytes } = await clean(services, true)
  return {
    path: home.path,
    places: all.sort((a, b) => b.bytes - a.bytes),
    bytes,
    freeableBytes,
    rules: cleaningRuleNames.map((rule) => ({ rule, days: daysOf(services, rule) })),
    cleanedAt: store.cleanings.last()
  }
}

/** After how many days something goes by itself. */
function daysOf({ store }: Services, rule: CleaningRule): number {
  if (rule === 'bin') return binDays
  return rule in daysSettings ? store.settings.get()[daysSettings[rule as keyof typeof daysSettings]] : rules[rule].days
}

/** Deletes what is left over; with `dryRun` only says what it would. */
export async function clean(services: Services, dryRun: boolean): Promise<Leftovers> {
  // What the user has set shorter than the hours is what the user wants.
  const found = await leftovers(services, (rule) => Math.min(rules[rule].asked, daysOf(services, rule) * day))
  if (!dryRun) for (const item of found) await item.remove()
  return leftoversOf(found, !dryRun)
}

/** The same by itself, by the days of each rule. `now`: milliseconds, as far as the clock is believed. */
export async function cleanByRule(services: Services, now = Date.now()): Promise<Leftovers> {
  const found = await leftovers(services, (rule) => daysOf(services, rule) * day, now)
  for (const item of found) await item.remove()
  services.store.cleanings.done()
  return leftoversOf(found, true)
}

function leftoversOf(found: readonly Item[], deleted: boolean): Leftovers {
  const items = found.map(({ rule, path, bytes, why }) => ({ rule, path, bytes, why }))
  return { deleted, items, bytes: items.reduce((sum, item) => sum + item.bytes, 0) }
}

async function leftovers(
  services: Services,
  untouchedFor: (rule: keyof typeof rules) => number,
  now = Date.now()
): Promise<Item[]> {
  const { home, store } = services
  const unfinished = store.jobs.withStatus('queued', 'running', 'paused', 'interrupted')
  // Also what they only read: a job may work with what another one has left in its folder.
  const used = unfinished.map((job) => [job.folder, JSON.stringify(job.input)])
  const inUse = (path: string) => {
    const own = path.replace(/\.(partial|taking)$/, '')
    return used.some(([folder, input]) => folder === own || input!.includes(own))
  }
  const recorded: Record<string, (name: string) => boolean> = {
    datasets: (name) => store.datasets.find(name) !== undefined,
    models: (name) => store.models.find(name) !== undefined,
    indices: (name) => store.indices.matching({ fingerprint: name }).length > 0,
    minings: (name) => store.minings.find(name) !== undefined,
    runs: (name) => store.runs.find(name) !== undefined,
    bin: (name) => store.bin.find(name) !== undefined
  }
  const items: Item[] = []
  const add = async (rule: keyof typeof rules, path: string) => {
    const changed = (await lstat(path).catch(() => null))?.mtimeMs ?? now
    if (now - changed < untouchedFor(rule) || inUse(path)) return
    const remove = () => (rule === 'backups' ? home.removeBackup(path) : home.remove(path))
    items.push({ rule, path: relative(home.path, path), bytes: await bytesUnder(path), why: rules[rule].why, remove })
  }
  for (const path of await unusedUploads(services, untouchedFor('uploads'), now)) await add('uploads', path)
  for (const name of await namesIn(home.path))
    if (/^lab\.db\.before-\d+$/.test(name)) await add('backups', join(home.path, name))
  for (const name of await namesIn(home.logs))
    if (/^lab\.\d+\.log$/.test(name)) await add('logs', join(home.logs, name))
  for (const place of ['scratch', 'downloads', ...Object.keys(recorded)])
    for (const name of await namesIn(join(home.path, place))) {
      const path = join(home.path, place, name)
      if (path === home.uploads) continue
      const rule = place === 'scratch' || place === 'downloads' ? place : 'unfinished'
      if (recorded[place]?.(name) !== true) await add(rule, path)
      else if (place !== 'bin' && !inUse(path)) for (const part of await partsIn(path)) await add('parts', part)
    }
  const jobs = oldJobs(services, untouchedFor('jobs'), now)
  if (jobs !== null) items.push(jobs)
  return items
}

/** Jobs that are over for so long and that nothing shows: an experiment shows its own for as long as it is there. */
function oldJobs({ store, jobs }: Services, untouchedFor: number, now: number): Item | null {
  const before = new Date(now - untouchedFor).toISOString()
  const { ids, bytes } = store.jobs.forgotten(before)
  if (ids.length === 0) return null
  const path = `lab.db: ${ids.length} ${ids.length === 1 ? 'job' : 'jobs'} that ended before ${before.slice(0, 10)}`
  return {
    ...{ rule: 'jobs', path, bytes, why: rules.jobs.why },
    remove: async () => {
      for (const id of ids) await jobs.remove(id)
      store.compact()
    }
  }
}

/** Files of something finished that were begun and not finished. */
async function partsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.part'))
    .map((entry) => join(entry.parentPath, entry.name))
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((): string[] => [])
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
