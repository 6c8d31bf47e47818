import type { Dataset } from '../contract/data.ts'
import type { Database } from './database.ts'
import { RecordTable } from './record-table.ts'

export class Datasets extends RecordTable<Dataset> {
  constructor(db: Database) {
    super(db, 'datasets', 'dataset', { paths: ['source'] })
  }

  findByHash(contentHash: string, kind: Dataset['kind']): Dataset | undefined {
    const row = this.db.first(
      this.db.query
        .selectFrom('datasets')
        .selectAll()
        .where('contentHash', '=', contentHash)
        .where('kind', '=', kind)
        .orderBy('createdAt')
    )
    return row === undefined ? undefined : this.decode(row)
  }
}
