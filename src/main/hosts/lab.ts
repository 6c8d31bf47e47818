import { createRouterClient } from '@orpc/server'
import { createRouter, Housekeeper, sendErrors, type Router, type Services, type TokenStore } from '../api/index.ts'
import type { Client } from '../contract/client.ts'
import type { Check, Home } from '../contract/settings.ts'
import { keepToOwner } from '../files/private.ts'
import { staleAddonNotice } from '../machine/computed-on.ts'
import { Changes } from '../jobs/changes.ts'
import { Jobs } from '../jobs/jobs.ts'
import type { JobsOptions } from '../jobs/options.ts'
import { checkStart } from '../jobs/start-check.ts'
import { WorkerPool, type PoolOptions } from '../jobs/pool.ts'
import { Underway } from '../jobs/underway.ts'
import { LabLog } from '../jobs/lab-log.ts'
import { RequestLog } from '../jobs/request-log.ts'
import type { WorkerStarter } from '../jobs/worker-process.ts'
import type { PlaceWorkersOptions } from '../places/place-workers.ts'
import { Places } from '../places/places.ts'
import { HomeFolder } from '../store/home.ts'
import { asHomeError } from '../store/home-errors.ts'
import { HomeLock } from '../store/home-lock.ts'
import { Store } from '../store/store.ts'
import { placePrograms } from './place-programs.ts'
import { bundledFolder, isInstalled, labCommand, labVersion, openCommand, releasePage } from './project.ts'

export interface LabOptions {
  /** Path of the home folder; made if it is not there. */
  home: string
  host: Home['host']
  workers: WorkerStarter
  /** For work that needs more memory than those workers can have; default: the same. */
  largeWorkers?: WorkerStarter
  tokens?: TokenStore
  /** Folder in which the demo lies; default: what is shipped with the lab. */
  bundled?: string
  hostChecks?: () => Promise<Check[]>
  /** Tries the workers before the first job, where they are of a kind that may not work here. */
  checkStart?: boolean
  jobs?: JobsOptions
  pool?: PoolOptions
  places?: PlaceWorkersOptions
}

/** Where a lab can be reached from other processes. */
export interface Reach {
  readonly address: string
  readonly token: string
  close(): Promise<void>
}

/** The backend: store, jobs and API over one home folder. Hosts differ only in what they put around it. */
export class Lab {
  readonly home: HomeFolder
  readonly router: Router
  /** Calls the router in this process, with the same checks and errors as over a wire. */
  readonly client: Client
  readonly services: Services
  readonly pool: WorkerPool
  readonly #lock: HomeLock
  readonly #store: Store
  readonly #housekeeper: Housekeeper
  #server: Reach | null = null
  #closing: Promise<void> | null = null
  #starting: Promise<void> = Promise.resolve()
  #notice: string | null = null
  readonly #since = performance.now()

  /**
   * Opens the home and takes up the jobs that are in it. Throws `home-in-use`, `database-too-new`, what stands against
   * the folder (`home-not-folder`, `home-not-allowed`, `home-path-too-long`) or against its disk (`disk-full`, …).
   */
  static async open(options: LabOptions): Promise<Lab> {
    const home = new HomeFolder(options.home)
    let lock: HomeLock | null = null
    let log: LabLog | null = null
    keepToOwner()
    try {
      home.create()
      lock = new HomeLock(home, options.host)
      log = new LabLog(home)
      const lab = new Lab(home, lock, log, options)
      if (options.checkStart === true) lab.#starting = lab.#startChecked()
      else await lab.services.jobs.start()
      lab.#housekeeper.start()
      return lab
    } catch (error) {
      log?.addError('lab-failed', error)
      lock?.release()
      throw asHomeError(error, home.path)
    }
  }

  private constructor(home: HomeFolder, lock: HomeLock, log: LabLog, options: LabOptions) {
    this.home = home
    this.#lock = lock
    const store = new Store(home.database, labVersion())
    this.#store = store
    const requests = new RequestLog(home)
    this.pool = new WorkerPool(options.workers, {
      sent: (request) => requests.add(request),
      ...options.pool,
      ...(options.largeWorkers && { large: options.largeWorkers })
    })
    const changes = new Changes()
    const underway = new Underway()
    const { node } = process.versions
    const system = `${process.platform}-${process.arch}`
    log.add('lab-started', { version: labVersion(), host: options.host, node, system, process: process.pid })
    log.follow(changes)
    const tokens = options.tokens ?? noTokens
    moveIntoSystem(store, tokens)
    const places = new Places(store, placePrograms(), options.places)
    const jobs = new Jobs(
      { store, home, pool: this.pool, changes, underway },
      {
        ...options.jobs,
        places: (id) => places.workers(id),
        fault: (thrown) => log.addError('fault', thrown),
        secrets: () => ({ token: tokens.get() ?? store.tokens.get() ?? process.env['HF_TOKEN'] ?? null })
      }
    )
    this.services = {
      home,
      store,
      jobs,
      requests,
      log,
      places,
      changes,
      underway,
      host: options.host,
      version: labVersion(),
      installation: { installed: isInstalled(), command: labCommand(), releases: releasePage() },
      tokens,
      bundled: options.bundled ?? bundledFolder(),
      hostChecks: options.hostChecks ?? (async () => []),
      notice: () => this.#notice ?? staleAddonNotice()
    }
    this.router = createRouter(this.services)
    this.#housekeeper = new Housekeeper(this.services)
    this.client = createRouterClient(this.router, { interceptors: [sendErrors] })
  }

  /** Resolves once the workers have been tried and jobs have begun. */
  get started(): Promise<void> {
    return this.#starting
  }

  /** Screens are there at once; jobs begin when the workers have been tried. */
  async #startChecked(): Promise<void> {
    const { jobs, changes } = this.services
    try {
      this.#notice = await checkStart(this.pool, { home: this.home.path, wayOut })
      if (this.#notice !== null) changes.changed('home')
      if (this.#closing === null) await jobs.start()
    } catch (error) {
      // A lab that was closed meanwhile has nothing to begin.
      if (this.#closing === null) throw error
    }
  }

  /** Says in the lock where commands of this user reach this lab; the server is closed with it. */
  announce(server: Reach): void {
    this.#server = server
    this.#lock.announce(server.address, server.token)
  }

  /** Ends the workers and lets go of the home. Unfinished jobs go on at the next start, where their kind allows. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** The workers go first, as what is under way waits for them; the database goes when nothing can ask it any more. */
  async #close(): Promise<void> {
    const { underway } = this.services
    underway.close()
    await this.#server?.close()
    await this.#housekeeper.close()
    await this.services.jobs.close()
    this.services.places.close()
    await this.#starting.catch(() => undefined)
    await underway.settled()
    this.#store.close()
    this.services.log.add('lab-stopped', { seconds: Math.round(performance.now() - this.#since) / 1000 })
    this.#lock.release()
  }
}

const wayOut = `Install the lab again, or open it in a browser: ${openCommand()}.`

/** A token that was kept as text before moves into the system's secret store, where this host has one. */
function moveIntoSystem(store: Store, tokens: TokenStore): void {
  const plain = tokens.kind === 'system' ? store.tokens.get() : null
  if (plain === null) return
  if (tokens.get() === null) tokens.set(plain)
  store.tokens.set(null)
}

const noTokens: TokenStore = {
  kind: 'none',
  get: () => null,
  set: () => undefined
}
