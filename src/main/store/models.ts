import type { Model } from '../contract/models.ts'
import type { Database } from './database.ts'
import { RecordTable } from './record-table.ts'

export class Models extends RecordTable<Model> {
  constructor(db: Database) {
    super(db, 'models', 'model', { json: ['reranker', 'retriever', 'foundRate'], paths: ['source'] })
  }

  findByFingerprint(fingerprint: string): Model | undefined {
    const query = this.db.query.selectFrom('models').selectAll().where('fingerprint', '=', fingerprint)
    const row = this.db.first(query.orderBy('createdAt'))
    return row === undefined ? undefined : this.decode(row)
  }
}
