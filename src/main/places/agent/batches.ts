import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { writeWholeNow } from '../../files/durable.ts'
import { removeInsideNow } from '../../files/remove.ts'
import { readJson } from './read-json.ts'

/** Which task of Slurm has a folder; `batch` names the array in Slurm's comment, and is missing in what older versions handed in. */
export interface Handed {
  task: string
  batch?: string
}

/**
 * The arrays that were handed to Slurm, each with three files: `<name>.list` has its folders, a line each, `<name>.sh` is what the nodes
 * run, `<name>.id` its number. One without a number was begun by an agent that was killed: Slurm may have it or not, and knows it by name.
 */
export class Batches {
  readonly #folder: string
  readonly #read = new Map<string, string[]>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The paths without their endings, and the name. */
  begin(folders: readonly string[], script: string): { name: string; list: string; script: string } {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const name = randomBytes(6).toString('hex')
    const path = this.#path(name)
    writeWholeNow(`${path}.sh`, script)
    writeWholeNow(`${path}.list`, folders.map((folder) => `${folder}\n`).join(''))
    return { name, list: `${path}.list`, script: `${path}.sh` }
  }

  /** Slurm has it under this number: each folder remembers its task. */
  complete(name: string, id: string): void {
    for (const [task, folder] of this.#foldersOf(name).entries())
      if (existsSync(folder)) {
        const handed: Handed = { task: `${id}_${task}`, batch: name }
        writeWholeNow(join(folder, 'slurm.json'), JSON.stringify(handed))
      }
    this.settle(name, id)
  }

  /** Nothing more is to be found out about it; without a number Slurm has never had it. */
  settle(name: string, id = ''): void {
    writeWholeNow(`${this.#path(name)}.id`, id)
  }

  /** Names of those of which it is not known whether Slurm has them. */
  open(): string[] {
    const names = this.#files().filter((file) => /^[0-9a-f]{12}\.list$/.test(file))
    return names.map((file) => file.slice(0, 12)).filter((name) => !existsSync(`${this.#path(name)}.id`))
  }

  size(): { count: number; bytes: number } {
    const files = this.#files()
    return { count: files.length, bytes: files.reduce((sum, file) => sum + statSync(join(this.#folder, file)).size, 0) }
  }

  /** Deletes those that Slurm has no more in its queue; gives the bytes. */
  removeUnused(inQueue: ReadonlySet<string>): number {
    let freed = 0
    for (const file of this.#files()) {
      if (inQueue.has(file.slice(0, 12))) continue
      freed += statSync(join(this.#folder, file)).size
      removeInsideNow(this.#folder, join(this.#folder, file))
    }
    return freed
  }

  #files(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder).map((file) => basename(file)) : []
  }

  /** The folder of an array's task, `<number>_<place>`; null where the array is of somebody else. */
  folderOf(name: string, task: string): string | null {
    const known = this.#read.get(name) ?? (existsSync(`${this.#path(name)}.list`) ? this.#foldersOf(name) : [])
    this.#read.set(name, known)
    return known[Number(task.split('_')[1])] ?? null
  }

  #foldersOf(name: string): string[] {
    return readFileSync(`${this.#path(name)}.list`, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  }

  #path(name: string): string {
    return join(this.#folder, name)
  }
}

export function handedOf(folder: string): Handed | null {
  return readJson<Handed>(join(folder, 'slurm.json'))
}
