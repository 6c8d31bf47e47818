import type { Mining } from '../contract/minings.ts'
import type { Database } from './database.ts'
import { RecordTable } from './record-table.ts'

export class Minings extends RecordTable<Mining> {
  constructor(db: Database) {
    super(db, 'minings', 'mining', { json: ['settings', 'report'] })
  }
}
