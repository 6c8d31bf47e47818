import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { writeWhole } from '../../files/durable.ts'
import { removeInside } from '../../files/remove.ts'

/**
 * `<home>/runs/<id>/`: every finished phase of a run is a file in it, so that a run that starts again goes on behind the
 * last finished phase.
 *
 *     run.json                        what was asked for
 *     retrieved.json                  the upstream examples with their texts, in the order of the selector
 *     checkpoint/                     an unfinished tuning; gone when it is done
 *     tuned/patch.safetensors         what tuning changed
 *     tuned.json                      steps, losses, time; written last
 *     predictions-<target>.jsonl      one line per test row (predictionSchema)
 *     predictions-<target>.part       an unfinished evaluation, whole chunks only
 *     clock.json                      time spent so far, over all attempts
 *     result.json                     the run's output; written last
 */
export class RunFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  get checkpoint(): string {
    return join(this.path, 'checkpoint')
  }

  get tuned(): string {
    return join(this.path, 'tuned')
  }

  file(name: string): string {
    return join(this.path, name)
  }

  predictions(targetId: string): string {
    return this.file(`predictions-${targetId}.jsonl`)
  }

  partialPredictions(targetId: string): string {
    return this.file(`predictions-${targetId}.part`)
  }

  has(name: string): boolean {
    return existsSync(this.file(name))
  }

  /** Null where there is no such file. A file that is no JSON is a damaged disk, as these are renamed into place. */
  async read<T>(name: string): Promise<T | null> {
    let text: string
    try {
      text = await readFile(this.file(name), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
    try {
      return JSON.parse(text) as T
    } catch (cause) {
      throw new LabError(
        'run-damaged',
        `The file ${this.file(name)} is damaged. Delete the folder ${this.path} and start the run again.`,
        { cause, details: { folder: this.path, file: name } }
      )
    }
  }

  async write(name: string, value: unknown): Promise<void> {
    await writeWhole(this.file(name), `${JSON.stringify(value)}\n`)
  }

  async remove(path: string): Promise<void> {
    await removeInside(this.path, path)
  }

  async create(): Promise<void> {
    await mkdir(this.path, { recursive: true })
  }
}
