import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { PlaceContents } from '../../contract/places.ts'
import { removeInside } from '../../files/remove.ts'
import { bytesUnder } from './bytes-under.ts'

type Bundle = PlaceContents['bundles'][number]

/** A whole one is named by what is in it; one that is on its way ends in `.part`. */
const name = /^[0-9a-f]{32}(\.part)?$/
/** In milliseconds: one that is being put there has changed since. */
const stillComing = 3_600_000

/** The lab's programs below a place's root, a folder for each version of the lab that was here. */
export class Bundles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** `programs`: the programs of jobs that run or wait here; null where those of some are not known. */
  async list(programs: readonly (string | null)[]): Promise<Bundle[]> {
    const names = existsSync(this.#folder) ? readdirSync(this.#folder).filter((file) => name.test(file)) : []
    const running = [process.execPath, ...runningHere()]
    const unknown = programs.includes(null)
    return Promise.all(
      names.sort().map(async (file): Promise<Bundle> => {
        const path = join(this.#folder, file)
        const isOf = (program: string | null) => program?.startsWith(path + sep) ?? false
        const changed = statSync(path).mtimeMs
        const whole = !file.endsWith('.part')
        const inUse = whole
          ? unknown || [...running, ...programs].some(isOf)
          : Math.abs(Date.now() - changed) < stillComing
        return {
          hash: file.slice(0, 32),
          whole,
          bytes: await bytesUnder(path),
          putAt: new Date(changed).toISOString(),
          inUse
        }
      })
    )
  }

  /** Deletes those that nobody uses; gives the bytes. */
  async removeUnused(programs: readonly (string | null)[]): Promise<number> {
    let freed = 0
    for (const { hash, whole, bytes, inUse } of await this.list(programs)) {
      if (inUse) continue
      await removeInside(this.#folder, join(this.#folder, whole ? hash : `${hash}.part`))
      freed += bytes
    }
    return freed
  }
}

/** Programs that run on this machine and may be looked at: agents of other labs of the same user among them. */
function runningHere(): string[] {
  if (!existsSync('/proc/self/exe')) return []
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        return [
          readlinkSync(`/proc/${pid}/exe`),
          ...readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 2)
        ]
      } catch {
        // Somebody else's, or over.
        return []
      }
    })
}
