import type { Check, Home } from '../contract/settings.ts'
import type { Changes } from '../jobs/changes.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { LabLog } from '../jobs/lab-log.ts'
import type { RequestLog } from '../jobs/request-log.ts'
import type { Underway } from '../jobs/underway.ts'
import type { Places } from '../places/places.ts'
import type { HomeFolder } from '../store/home.ts'
import type { Store } from '../store/store.ts'

/** Where a Hugging Face token is kept. Hosts differ: a system secret store under Electron, none elsewhere. */
export interface TokenStore {
  readonly kind: 'system' | 'none'
  get(): string | null
  /** null forgets it. */
  set(token: string | null): void
}

/** Whether the lab is an installed app, and what its user types to reach its command line. */
interface Installation {
  readonly installed: boolean
  /** What stands before the words of a command: `recross-lab` or `npm run lab --`. */
  readonly command: string
  /** Address of the release page that the installation came with; null: none. */
  readonly releases: string | null
}

/** What handlers work with. A feature's file takes what it needs of it: `dataRoutes(services)`. */
export interface Services {
  readonly home: HomeFolder
  readonly store: Store
  readonly jobs: Jobs
  /** What has left this computer. */
  readonly requests: RequestLog
  /** What this lab has done. */
  readonly log: LabLog
  readonly places: Places
  readonly changes: Changes
  /** What is begun and nobody waits for goes here: the lab waits for it when it closes. */
  readonly underway: Underway
  readonly host: Home['host']
  readonly version: string
  readonly installation: Installation
  readonly tokens: TokenStore
  /** Folder of the files that are shipped with the lab: catalog, demo. */
  readonly bundled: string
  /** What only the host can look for: browser, Electron. */
  hostChecks(): Promise<Check[]>
  /** What the lab found at its start and the user should know; null: nothing. */
  notice(): string | null
}
