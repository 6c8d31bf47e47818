import type { z } from 'zod'
import { settingsSchema, type Settings } from '../contract/settings.ts'
import type { Database } from './database.ts'

/** What the user sets. The token itself is not among them: hosts keep it. */
export type StoredSettings = Omit<Settings, 'hasToken' | 'tokenStore'>

const stored = settingsSchema.omit({ hasToken: true, tokenStore: true })

/** What is absent or undefined stays as it is. */
export type SettingsChange = z.infer<ReturnType<typeof stored.partial>>

export const defaultSettings: StoredSettings = {
  provider: 'auto',
  threads: 0,
  mirror: null,
  proxy: null,
  releases: null,
  theme: 'system',
  language: 'system',
  keepAwake: true,
  whenClosed: 'ask',
  cleanByItself: true,
  keepUploadsDays: 7,
  keepDownloadsDays: 7,
  keepJobsDays: 90,
  keepBackupsDays: 30,
  offline: false,
  welcomed: false
}

export class SettingsTable {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  get(): StoredSettings {
    const rows = this.#db.all(this.#db.query.selectFrom('settings').selectAll())
    const found = Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]))
    // A value that this version does not understand falls back to the default.
    const known = stored.safeParse({ ...defaultSettings, ...found })
    return known.success ? known.data : defaultSettings
  }

  save(changes: SettingsChange): StoredSettings {
    const { query } = this.#db
    this.#db.transaction(() => {
      for (const [key, value] of Object.entries(stored.partial().parse(changes))) {
        if (value === undefined) continue
        const row = { key, value: JSON.stringify(value) }
        this.#db.run(
          query
            .insertInto('settings')
            .values(row)
            .onConflict((c) => c.column('key').doUpdateSet(row))
        )
      }
    })
    return this.get()
  }
}
