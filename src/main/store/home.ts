import { chmodSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { LabError } from '../contract/error.ts'

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

  run(id: string): string {
    return this.inside('runs', id)
  }

  /** The answers of a run to the test rows of a target. */
  predictions(runId: string, targetId: string): string {
    return this.inside('runs', runId, `predictions-${targetId}.jsonl`)
  }

  /** A path in the home, built from names that may come from outside. Throws `outside-home` if it would leave it. */
  inside(...names: string[]): string {
    const path = resolve(this.path, ...names)
    const step = relative(this.path, path)
    if (step === '' || step.startsWith('..') || isAbsolute(step)) {
      throw new LabError('outside-home', `"${names.join('/')}" is not inside the lab's home folder ${this.path}.`, {
        details: { home: this.path, path }
      })
    }
    return path
  }

  create(): void {
    for (const name of ['datasets', 'models', 'indices', 'runs', 'downloads', 'scratch']) {
      mkdirSync(join(this.path, name), { recursive: true, mode: 0o700 })
    }
    // A folder that was there before may be open to everybody, and with it every file in it.
    if (process.platform !== 'win32') chmodSync(this.path, 0o700)
  }
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
