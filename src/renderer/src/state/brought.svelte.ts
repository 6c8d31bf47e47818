import type { Recognised } from '../../../main/contract/recognised.ts'
import type { Client } from '../api/client.ts'

type What = Recognised['what']

/**
 * Something to take in: its path; in a browser, which tells none, the file itself, or of a folder its name and whether it looks like that
 * of a model.
 */
export type Bringing = { path: string } | { file: File } | { folder: string; model: boolean }

/** The wizards that take what is brought. */
const wizards: Record<What, string> = {
  data: '#/data/new',
  model: '#/models/new',
  study: '#/experiments/new',
  archive: '#/carry/open'
}

/** Files that were dropped on the window or that the lab was opened with, on their way to the wizard that takes them. */
export class Brought {
  #waiting = $state.raw<{ what: What; thing: Bringing } | null>(null)
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  /** Finds out what it is, and where that is taken in: the address of the wizard. Throws what the backend says. */
  async bring(thing: Bringing): Promise<string> {
    const { what, thing: found } = await this.#look(thing)
    this.#waiting = { what, thing: found }
    return wizards[what]
  }

  async #look(thing: Bringing): Promise<{ what: What; thing: Bringing }> {
    if ('file' in thing) return { what: kindOf(thing.file), thing }
    if ('folder' in thing) return { what: thing.model ? 'model' : 'data', thing }
    const { what, path } = await this.#client.lab.recognise({ path: thing.path })
    return { what, thing: { path } }
  }

  /** What waits for a wizard that takes things of these kinds; it waits no longer then. */
  take(...kinds: What[]): Bringing | null {
    const waiting = this.#waiting
    if (waiting === null || !kinds.includes(waiting.what)) return null
    this.#waiting = null
    return waiting.thing
  }
}

/** A browser gives no path; what a file is shows in its name, and the wizard looks into it anyway. */
function kindOf(file: File): What {
  return /\.ya?ml$/i.test(file.name) ? 'study' : 'data'
}
