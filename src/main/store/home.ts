import { chmodSync, lstatSync, mkdirSync, readlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { LabError } from '../contract/error.ts'
import { mendModes } from '../files/private.ts'
import { keepInside, refuseLinkedWay, removeInside, removeInsideNow } from '../files/remove.ts'
import { answersName } from '../run-files/files.ts'

/** The folders of a home. */
export const homePlaces = [
  'datasets',
  'models',
  'indices',
  'minings',
  'runs',
  'downloads',
  'scratch',
  'bin',
  'logs'
] as const

/** Where everything of a lab lies. All paths are absolute. */
export class HomeFolder {
  readonly path: string

  constructor(path: string) {
    this.path = resolve(path)
  }

  get database(): string {
    return join(this.path, 'lab.db')
  }

  get downloads(): string {
    return join(this.path, 'downloads')
  }

  /** Log files: what the lab has done, without anything of the user's. */
  get logs(): string {
    return join(this.path, 'logs')
  }

  /** Files that a browser handed over, each in a folder of its own. */
  get uploads(): string {
    return join(this.path, 'downloads', 'uploads')
  }

  /** Throws `outside-home` for names that are more than a name. */
  upload(id: string, name: string): string {
    const path = this.inside('downloads', 'uploads', id, name)
    if (dirname(dirname(path)) !== this.uploads) throw outsideHome(this.path, path, `${id}/${name}`)
    return path
  }

  /** Folders of jobs that have no place of their own. */
  scratch(jobId: string): string {
    return this.inside('scratch', jobId)
  }

  /** Holds examples.db. */
  dataset(id: string): string {
    return this.inside('datasets', id)
  }

  model(id: string): string {
    return this.inside('models', id)
  }

  index(fingerprint: string): string {
    return this.inside('indices', fingerprint)
  }

  mining(id: string): string {
    return this.inside('minings', id)
  }

  run(id: string): string {
    return this.inside('runs', id)
  }

  /** The answers of a run to the test rows of a target. */
  answers(runId: string, targetId: string): string {
    return this.inside('runs', runId, answersName(targetId))
  }

  /** A path in the home, built from names that may come from outside. Throws `outside-home` if it would leave it. */
  inside(...names: string[]): string {
    const path = resolve(this.path, ...names)
    const step = relative(this.path, path)
    if (step === '' || step.startsWith('..') || isAbsolute(step)) {
      throw outsideHome(this.path, path, names.join('/'))
    }
    return path
  }

  /** Deletes something that a job or a feature made here, with all that is in it. Throws `outside-folder`, and deletes nothing. */
  async remove(path: string): Promise<void> {
    await removeInside(this.#placeOf(path), path)
  }

  /** As `remove`, at once: before anybody else can begin in the folder. */
  removeNow(path: string): void {
    removeInsideNow(this.#placeOf(path), path)
  }

  /** Of the home's own folders the one that a path lies in: these, lab.db and what else lies beside them are never deleted. */
  #placeOf(path: string): string {
    const [place] = relative(this.path, resolve(path)).split(sep)
    const known = homePlaces.find((name) => name === place)
    return known === undefined ? this.inside('scratch') : join(this.path, known)
  }

  /** Deletes a copy of the database from before an update, and nothing else that lies beside the places. */
  async removeBackup(path: string): Promise<void> {
    const name = relative(this.path, resolve(path))
    if (!/^lab\.db\.before-\d+$/.test(name)) throw outsideHome(this.path, path, name)
    await removeInside(this.path, path)
  }

  /** Throws `outside-folder` for what must not be moved out of its place, as the place does not hold it itself. */
  checkMovable(path: string): void {
    refuseLinkedWay(this.#placeOf(path), path)
  }

  /** Throws `home-place-linked`. */
  create(): void {
    for (const name of homePlaces) {
      refuseLink(this.path, name)
      mkdirSync(join(this.path, name), { recursive: true, mode: 0o700 })
    }
    // A folder that was there before may be open to everybody, and with it every file in it.
    if (process.platform !== 'win32') chmodSync(this.path, 0o700)
    mendModes(this.path)
    keepInside(this.path)
  }
}

/** What lies elsewhere would be shared with every copy of this home, and what is deleted in one would be lost to all. */
function refuseLink(home: string, name: string): void {
  const place = join(home, name)
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  throw new LabError(
    'home-place-linked',
    `The folder "${name}" of the home ${home} is a link to ${readlinkSync(place)}. A copy of the home would share what is there, and what is deleted in one would be lost to the other. ` +
      'Put the folder itself in the place of the link, or move the whole home to that disk: the home itself may be a link.',
    { details: { home, place } }
  )
}

function outsideHome(home: string, path: string, named: string): LabError {
  return new LabError('outside-home', `"${named}" is not inside the lab's home folder ${home}.`, {
    details: { home, path }
  })
}

/** The home folder to use: what was asked for, else RECROSS_LAB_HOME, else the platform's usual place. */
export function findHome(asked?: string, env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (asked !== undefined && asked !== '') return resolve(asked)
  const fromEnvironment = env['RECROSS_LAB_HOME']
  if (fromEnvironment !== undefined && fromEnvironment !== '') return resolve(fromEnvironment)
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'ReCross Lab')
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'ReCross Lab')
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'recross-lab')
}
