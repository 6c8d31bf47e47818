import { existsSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { jobFileSchema, type JobFile } from '../contract/job-folder.ts'
import { LabError } from '../contract/error.ts'
import type { ToWorker } from '../contract/worker-messages.ts'
import { filesUnder, type HashCache } from '../files/hashed-files.ts'
import { paths } from '../files/portable.ts'

export type Start = Extract<ToWorker, { type: 'start' }>

/** A job whose result is there before this one starts: what lies in its folder is taken over at the place. */
export interface Before {
  id: string
  folder: string
}

/**
 * The job file of a task, with every file of the home that its input names, and what the job has left in its own folder. Throws
 * `not-for-places` for jobs that need files from outside the home.
 */
export async function jobFileOf(
  start: Start,
  threads: number,
  hashes: HashCache,
  before: readonly Before[] = []
): Promise<JobFile> {
  const { id, kind, home, folder } = start
  if (folder === null) throw new Error('Questions are answered on this computer.')
  const own = slashed(relative(home, folder))
  const input = paths.pack(start.input, home)
  const all = await inputFilesOf(home, [start.input, folder], hashes)
  const elsewhere = before.map((job) => `${slashed(relative(home, job.folder))}/`)
  const inputs = all.filter(({ path }) => !elsewhere.some((made) => path.startsWith(made)))
  const after = before.map((job) => job.id)
  return jobFileSchema.parse({ version: 1, id, kind, input, folder: own, threads, inputs, after })
}

/** Every file of the home that inputs of jobs name, with its hash, each once. */
export async function inputFilesOf(
  home: string,
  given: readonly unknown[],
  hashes: HashCache
): Promise<JobFile['inputs']> {
  const named = new Set<string>()
  for (const input of given) collect(paths.pack(input, home), named)
  const inputs = new Map<string, JobFile['inputs'][number]>()
  for (const path of [...named].sort())
    for (const file of await filesOf(home, path))
      if (!inputs.has(file)) inputs.set(file, { path: file, ...(await hashes.of(join(home, file))) })
  return [...inputs.values()]
}

const mark = '{home}/'

function collect(value: unknown, named: Set<string>): void {
  if (typeof value === 'string') {
    if (value.startsWith(mark)) named.add(value.slice(mark.length))
  } else if (Array.isArray(value)) for (const inner of value) collect(inner, named)
  else if (value !== null && typeof value === 'object')
    for (const inner of Object.values(value) as unknown[]) collect(inner, named)
}

async function filesOf(home: string, path: string): Promise<string[]> {
  const whole = join(home, path)
  if (!existsSync(whole)) return []
  if (!statSync(whole).isDirectory()) return [path]
  return (await filesUnder(whole)).map((name) => `${path}/${name}`)
}

function slashed(path: string): string {
  const whole = path.replaceAll('\\', '/')
  if (!whole.startsWith('../') && whole !== '') return whole
  throw new LabError(
    'not-for-places',
    'This job works outside the lab’s home, so that it can only run on this computer.'
  )
}
