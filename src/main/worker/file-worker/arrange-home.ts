import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { jobFileSchema, resultFileSchema, type JobFile } from '../../contract/job-folder.ts'
import { hashOf } from '../../files/hashed-files.ts'
import { removeInsideNow } from '../../files/remove.ts'

/**
 * Makes the part of a home that a job sees: a link for each of its inputs into `objects/`, where files lie under the hash of their
 * content. One that may still be written to has not been looked at yet: its content is checked, and it is sealed by taking that
 * right away. Throws `input-missing` with the hashes of those that must be carried again; damaged ones are deleted.
 */
export async function arrangeHome(folder: string, { inputs, folder: own, after }: JobFile): Promise<void> {
  const objects = join(folder, '..', '..', 'objects')
  const home = join(folder, 'home')
  const wrong: string[] = []
  for (const { path, sha256, bytes } of inputs) {
    const object = join(objects, sha256)
    if (!(await isWhole(object, sha256, bytes))) {
      if (existsSync(object)) removeInsideNow(objects, object)
      wrong.push(sha256)
      continue
    }
    const link = join(home, path)
    mkdirSync(dirname(link), { recursive: true, mode: 0o700 })
    if (path.startsWith(`${own}/`)) {
      // What the job itself left elsewhere and goes on from: its own to change.
      if (!existsSync(link)) copyOwn(object, link)
      continue
    }
    if (existsSync(link)) removeInsideNow(home, link)
    place(object, link)
  }
  for (const id of after) wrong.push(...(await takeOver(join(folder, '..', id), home)))
  if (wrong.length === 0) return
  throw new LabError(
    'input-missing',
    `${wrong.length} of ${inputs.length} inputs are not here, or are not what was sent. They are carried again when the job is started again.`,
    { details: { objects: wrong } }
  )
}

/**
 * Links what a job of the same place has made to where it lies in a home; gives what of it is not as its result says. Without a
 * result nothing of it can be used.
 */
async function takeOver(other: string, home: string): Promise<string[]> {
  const result = resultFileSchema.safeParse(readJson(join(other, 'result.json')))
  const job = jobFileSchema.safeParse(readJson(join(other, 'job.json')))
  if (!result.success || !job.success) return [`the result of ${basename(other)}`]
  const wrong: string[] = []
  for (const { path, sha256, bytes } of result.data.files) {
    const made = join(other, 'home', job.data.folder, path)
    const link = join(home, job.data.folder, path)
    if (existsSync(link)) continue
    if (await isWhole(made, sha256, bytes)) place(made, link)
    else wrong.push(sha256)
  }
  return wrong
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

function place(file: string, link: string): void {
  mkdirSync(dirname(link), { recursive: true, mode: 0o700 })
  try {
    linkSync(file, link)
  } catch {
    // Another file system, or one without hard links.
    symlinkSync(file, link)
  }
}

function copyOwn(object: string, path: string): void {
  copyFileSync(object, path)
  chmodSync(path, 0o600)
}

async function isWhole(object: string, sha256: string, bytes: number): Promise<boolean> {
  const status = statSync(object, { throwIfNoEntry: false })
  if (status === undefined || status.size !== bytes) return false
  if ((status.mode & 0o200) === 0) return true
  if ((await hashOf(object)).sha256 !== sha256) return false
  chmodSync(object, 0o400)
  return true
}
