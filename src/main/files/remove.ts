import { realpathSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { LabError } from '../contract/error.ts'

/**
 * The one door for deletions: nothing else in the backend and its workers may call `rm` or `unlink` (test/layers.test.ts).
 * Whoever deletes names the folder that bounds it, and what lies outside stays, whatever the path says and wherever
 * links on the way lead. That a thing is not there is no error.
 */

/** Deletes something inside `folder`, never the folder itself. Throws `outside-folder`. */
export async function removeInside(folder: string, path: string): Promise<void> {
  const target = checkedInside(folder, path)
  if (target !== null) await rm(target, gone)
}

/** As `removeInside`, at once: before anybody else can begin in the folder. */
export function removeInsideNow(folder: string, path: string): void {
  const target = checkedInside(folder, path)
  if (target !== null) rmSync(target, gone)
}

/** Deletes something of a job: its folder, what is in it, or what bears its name with an ending (`<folder>.partial`). */
export async function removeOwn(folder: string, path: string): Promise<void> {
  const target = checkedOwn(folder, path)
  if (target !== null) await rm(target, gone)
}

/** Deletes a file beside another: the same name with an ending, such as `.part`. */
export async function removeBeside(path: string, ending: string): Promise<void> {
  await rm(besideOf(path, ending), { force: true })
}

export function removeBesideNow(path: string, ending: string): void {
  rmSync(besideOf(path, ending), { force: true })
}

const gone = { recursive: true, force: true, maxRetries: 3 } as const

function besideOf(path: string, ending: string): string {
  if (!/^\.[\w.-]+$/.test(ending)) throw outside(dirname(path), path + ending)
  return path + ending
}

/** The path to delete, with its links resolved up to its last name; null where its folder is not there. */
function checkedInside(folder: string, path: string): string | null {
  const root = realOrNull(folder)
  const parent = realOrNull(dirname(resolve(path)))
  if (root === null || parent === null) {
    // Nothing is there; still no place for a wrong path.
    if (!isInside(resolve(folder), resolve(path))) throw outside(folder, path)
    return null
  }
  const target = join(parent, basename(resolve(path)))
  if (!isInside(root, target)) throw outside(folder, path)
  return target
}

function checkedOwn(folder: string, path: string): string | null {
  const own = resolve(folder)
  const name = resolve(path)
  if (name === own || (name.startsWith(`${own}.`) && dirname(name) === dirname(own)))
    return checkedInside(dirname(own), name)
  return checkedInside(own, name)
}

function isInside(folder: string, path: string): boolean {
  const step = relative(folder, path)
  return step !== '' && step !== '..' && !step.startsWith(`..${sep}`) && !isAbsolute(step)
}

function realOrNull(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

function outside(folder: string, path: string): LabError {
  return new LabError(
    'outside-folder',
    `${path} does not lie in ${folder}, or a link leads out of it, so it was not deleted. Delete it yourself if it is not needed.`,
    { details: { folder, path } }
  )
}
