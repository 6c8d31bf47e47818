import type { Migration } from '../migration.ts'

/** A job that builds an index names its data set; until now only the path of the data did, whose folder is the set's id. */
export const indexJobsNameTheirData: Migration = {
  number: 12,
  name: 'index jobs name their data',
  up: (sqlite) => {
    const jobs = sqlite
      .prepare(
        `select seq, json_extract(input, '$.dataset') as path from jobs
         where kind = 'build-index' and json_extract(input, '$.datasetId') is null`
      )
      .all() as { seq: number; path: string | null }[]
    const update = sqlite.prepare(`update jobs set input = json_set(input, '$.datasetId', ?) where seq = ?`)
    for (const { seq, path } of jobs) update.run(/datasets[/\\]([^/\\]+)/.exec(path ?? '')?.[1] ?? '', seq)
  }
}
