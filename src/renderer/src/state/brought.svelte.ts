import type { Recognised } from '../../../main/contract/recognised.ts'
import type { Client } from '../api/client.ts'

type What = Recognised['what']

/** Something to take in: its path, or in a browser the file itself, which has none. */
export type Bringing = { path: string } | { file: File }

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
    const what = 'path' in thing ? (await this.#client.lab.recognise({ path: thing.path })).what : kindOf(thing.file)
    this.#waiting = { what, thing }
    return wizards[what]
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
