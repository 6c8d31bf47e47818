import { lstatSync, realpathSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { LabError } from '../contract/error.ts'

/**
 * The one door for deletions: nothing else in the backend and its workers may call `rm` or `unlink` (test/layers.test.ts).
 * Whoever deletes names the folder that bounds it, and what lies outside stays, whatever the path says. No link on the
 * way from there, or from the open home, is ever followed, wherever it leads; a link that is itself to be deleted is
 * deleted as a link. That a thing is not there is no error.
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
  for (const home of homesOf(path)) refuseLinks(home, path)
  return path + ending
}

/** Homes that are open in this process, by the names that they were opened with and by where they really lie. */
const openHomes = new Set<string>()

/** From now on nothing is deleted, and nothing taken out, through a link below this home. Called with every home that is opened. */
export function keepInside(home: string): void {
  openHomes.add(resolve(home))
  const real = realOrNull(home)
  if (real !== null) openHomes.add(real)
}

/** Throws `outside-folder` where a link stands between a folder, or the open home, and something that is to be moved away. */
export function refuseLinkedWay(folder: string, path: string): void {
  checkedInside(folder, path)
}

/** Throws `outside-folder` where a folder of the open home is a link, or is reached by one: what is written there is not the home's. */
export function refuseLinkedFolder(folder: string): void {
  for (const home of homesOf(folder)) refuseLinks(home, join(resolve(folder), 'anything'))
}

/** The path to delete; null where its folder is not there. */
function checkedInside(folder: string, path: string): string | null {
  let [root, target] = [resolve(folder), resolve(path)]
  if (!isInside(root, target)) {
    // One of the two may be named by way of a link to the folder, as the system's own folders often are.
    const [realRoot, realParent] = [realOrNull(root), realOrNull(dirname(target))]
    if (realRoot === null || realParent === null) throw outside(folder, path)
    ;[root, target] = [realRoot, join(realParent, basename(target))]
    if (!isInside(root, target)) throw outside(folder, path)
  }
  for (const from of [...homesOf(target), root]) if (!refuseLinks(from, target)) return null
  return target
}

function homesOf(path: string): string[] {
  return [...openHomes].filter((home) => isInside(home, resolve(path)))
}

/** Throws where a folder on the way from `root` to `path` is a link; false where one of them is not there. */
function refuseLinks(root: string, path: string): boolean {
  const names = relative(root, resolve(path)).split(sep).slice(0, -1)
  let at = root
  if (isLink(at) === null) return false
  for (const name of names) {
    at = join(at, name)
    const link = isLink(at)
    if (link === null) return false
    if (link) throw outside(root, path, at)
  }
  return true
}

/** Null where nothing is there. */
function isLink(path: string): boolean | null {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? null
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

function outside(folder: string, path: string, link?: string): LabError {
  const why = link === undefined ? `does not lie in ${folder}` : `is reached by way of the link ${link}`
  return new LabError(
    'outside-folder',
    `${path} ${why}, so it was left alone. Look there yourself, and put a folder in the place of the link, or delete what is not needed.`,
    { details: { folder, path, ...(link === undefined ? {} : { link }) } }
  )
}
