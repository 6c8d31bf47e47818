import { setMode } from 'mode-watcher'
import type { SavedFile } from '../../../main/contract/saved-file.ts'
import type { DoctorReport, Settings } from '../../../main/contract/settings.ts'
import type { Client } from '../api/client.ts'
import type { LabState } from './lab.svelte.ts'
import { Resource } from './resource.svelte.ts'

/** The settings and what the screen does with them: every change is saved at once. */
export class SettingsPage {
  savedAt = $state(0)
  checking = $state(false)
  diagnosing = $state(false)
  readonly doctor: Resource<DoctorReport>
  readonly #client: Client
  readonly #lab: LabState

  constructor(client: Client, lab: LabState) {
    this.#client = client
    this.#lab = lab
    this.doctor = new Resource(() => client.lab.doctor({}))
  }

  async save(change: Partial<Settings>): Promise<void> {
    if (change.theme) setMode(change.theme)
    const saved = await this.#lab.attempt(() => this.#client.lab.saveSettings(change))
    if (!saved) return
    this.#lab.settings.set(saved)
    this.savedAt = Date.now()
    // Texts are chosen when the page is loaded, from what the host writes into it.
    if (change.language) location.reload()
  }

  /** A token goes into the system's secret store; as plain text only where the user agreed. */
  async saveToken(token: string | null, plain: boolean): Promise<boolean> {
    const saved = await this.#lab.attempt(() => this.#client.lab.saveToken({ token, plain }))
    if (!saved) return false
    this.#lab.settings.set(saved)
    return true
  }

  async check(): Promise<void> {
    this.checking = true
    await this.doctor.load()
    this.checking = false
  }

  /** The zip for somebody who helps; null where that failed, which has been said then. */
  async diagnose(): Promise<SavedFile | null> {
    this.diagnosing = true
    const file = await this.#lab.attempt(() => this.#client.lab.diagnostics())
    this.diagnosing = false
    return file
  }
}

/** An address of the web, or nothing at all. */
export function isAddress(text: string): boolean {
  if (text === '') return true
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol)
  } catch {
    return false
  }
}
