import type { Index } from '../contract/models.ts'
import type { Database } from './database.ts'
import { RecordTable } from './record-table.ts'

export class Indices extends RecordTable<Index> {
  constructor(db: Database) {
    super(db, 'indices', 'index')
  }

  /** Newest first. */
  matching(where: Partial<Pick<Index, 'datasetId' | 'modelId' | 'representation' | 'over' | 'fingerprint'>>): Index[] {
    let query = this.db.query.selectFrom('indices').selectAll().orderBy('createdAt', 'desc')
    for (const name of ['datasetId', 'modelId', 'representation', 'over', 'fingerprint'] as const) {
      const value = where[name]
      if (value !== undefined) query = query.where(name, '=', value)
    }
    return this.decodeAll(this.db.all(query))
  }
}
