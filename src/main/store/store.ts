import { dirname } from 'node:path'
import { Bin } from './bin.ts'
import { Cleanings } from './cleanings.ts'
import { Database } from './database.ts'
import { Datasets } from './datasets.ts'
import { Drafts } from './drafts.ts'
import { Experiments } from './experiments.ts'
import { Indices } from './indices.ts'
import { JobHistory } from './job-history.ts'
import { JobsTable } from './jobs.ts'
import { Labels } from './labels.ts'
import { Leaks } from './leaks.ts'
import { Measurements } from './measurements.ts'
import { Minings } from './minings.ts'
import { Models } from './models.ts'
import { PlacesTable } from './places.ts'
import { QuerySets } from './query-sets.ts'
import { Runs } from './runs.ts'
import { Scores } from './scores.ts'
import { SettingsTable } from './settings.ts'
import { Targets } from './targets.ts'
import { takeTokenOut, TokenFile } from './token-file.ts'

/** Everything in lab.db. Only the backend holds one; all calls are synchronous and short. */
export class Store {
  readonly database: Database
  readonly settings: SettingsTable
  readonly tokens: TokenFile
  readonly bin: Bin
  readonly cleanings: Cleanings
  readonly labels: Labels
  readonly drafts: Drafts
  readonly measurements: Measurements
  readonly datasets: Datasets
  readonly targets: Targets
  readonly querySets: QuerySets
  readonly leaks: Leaks
  readonly models: Models
  readonly minings: Minings
  readonly places: PlacesTable
  readonly indices: Indices
  readonly experiments: Experiments
  readonly runs: Runs
  readonly scores: Scores
  readonly jobs: JobsTable
  readonly jobHistory: JobHistory

  /** `path` of lab.db; its folder must exist. `version` of the lab: another than the last one copies the file first. */
  constructor(path: string, version?: string) {
    const db = new Database(path, version)
    this.database = db
    this.settings = new SettingsTable(db)
    this.tokens = new TokenFile(dirname(path))
    takeTokenOut(path, this.tokens)
    this.bin = new Bin(db)
    this.cleanings = new Cleanings(db)
    this.labels = new Labels(db)
    this.drafts = new Drafts(db)
    this.measurements = new Measurements(db)
    this.datasets = new Datasets(db)
    this.targets = new Targets(db)
    this.querySets = new QuerySets(db)
    this.leaks = new Leaks(db)
    this.models = new Models(db)
    this.minings = new Minings(db)
    this.places = new PlacesTable(db)
    this.indices = new Indices(db)
    this.experiments = new Experiments(db)
    this.runs = new Runs(db)
    this.scores = new Scores(db)
    this.jobs = new JobsTable(db)
    this.jobHistory = new JobHistory(db)
  }

  transaction<T>(work: () => T): T {
    return this.database.transaction(work)
  }

  /** Gives the room of deleted rows back to the disk. */
  compact(): void {
    this.database.compact()
  }

  close(): void {
    this.database.close()
  }
}
