import type { Place } from '../contract/places.ts'
import type { Database } from './database.ts'
import { RecordTable } from './record-table.ts'

export class PlacesTable extends RecordTable<Place> {
  constructor(db: Database) {
    super(db, 'places', 'place', { json: ['settings', 'check'] })
  }
}
