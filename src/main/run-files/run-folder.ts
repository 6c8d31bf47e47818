import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobInput } from '../contract/jobs.ts'
import { writeWhole } from '../files/durable.ts'
import { paths } from '../files/portable.ts'
import { removeInside } from '../files/remove.ts'
import { answersName, checkpointName, runFiles, unfinishedAnswersName, type RunFile } from './files.ts'
import { missing, parse } from './parse.ts'

/** A run's folder: its files by what they are (files.ts), checked as they are read. */
export class RunFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  get checkpoint(): string {
    return join(this.path, checkpointName)
  }

  file(name: string): string {
    return join(this.path, name)
  }

  answers(targetId: string): string {
    return this.file(answersName(targetId))
  }

  unfinishedAnswers(targetId: string): string {
    return this.file(unfinishedAnswersName(targetId))
  }

  has({ name }: { name: string }): boolean {
    return existsSync(this.file(name))
  }

  /**
   * Null where there is no such file.
   * @throws LabError `run-damaged`
   */
  async read<T>(file: RunFile<T>): Promise<T | null> {
    const path = this.file(file.name)
    const text = await readFile(path, 'utf8').catch(nullIfMissing)
    return text === null ? null : parse(file, text, path)
  }

  async write<T>({ name }: RunFile<T>, value: T): Promise<void> {
    await writeWhole(this.file(name), `${JSON.stringify(value)}\n`)
  }

  /**
   * What the run was asked for, with the paths of the home as it lies now; null where nothing was written yet.
   * @throws LabError `run-damaged`
   */
  async readAsked(home: string): Promise<JobInput<'run-strategy'> | null> {
    const asked = await this.read(runFiles.asked)
    return asked === null ? null : paths.unpack(asked, home)
  }

  /**
   * As `readAsked`, for the few places that cannot wait and need it.
   * @throws LabError `run-files-missing`, `run-damaged`
   */
  askedNow(home: string): JobInput<'run-strategy'> {
    const path = this.file(runFiles.asked.name)
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (cause) {
      throw missing(path, runFiles.asked.wayOut, cause)
    }
    return paths.unpack(parse(runFiles.asked, text, path), home)
  }

  async writeAsked(input: JobInput<'run-strategy'>, home: string): Promise<void> {
    await this.write(runFiles.asked, paths.pack(input, home))
  }

  /** A path in the folder. */
  async remove(path: string): Promise<void> {
    await removeInside(this.path, path)
  }

  async create(): Promise<void> {
    await mkdir(this.path, { recursive: true })
  }
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
