import type { BrowserWindow } from 'electron'
import { join } from 'node:path'
import type { Lab } from '../lab.ts'
import { projectFolder } from '../project.ts'
import type { ElectronParts } from './parts.ts'
import { unfinishedJobs } from './unfinished.ts'
import { words } from './words.ts'

const answers = ['background', 'stop', 'cancel'] as const
type Answer = (typeof answers)[number]

/**
 * Closing the window and quitting while jobs are unfinished: a click on × must not end a night's work. Asks, unless the
 * user has settled it; a shutdown of the system is never held up. Quitting waits until the workers are gone.
 */
export class Leaving {
  readonly #parts: ElectronParts
  readonly #lab: Lab
  readonly #window: BrowserWindow
  #tray: InstanceType<ElectronParts['Tray']> | null = null
  #asking = false
  /** Nobody is asked any more: the user has decided, or the system goes down. */
  #decided = false
  #closed = false

  constructor(parts: ElectronParts, lab: Lab, window: BrowserWindow) {
    this.#parts = parts
    this.#lab = lab
    this.#window = window
    const { app, powerMonitor } = parts
    window.on('close', (event) => {
      if (this.#decided || !this.#hasWork()) return
      event.preventDefault()
      void this.#leave()
    })
    // Windows says it to the window, the others to the power monitor.
    window.on('session-end', () => this.#endNow())
    powerMonitor.on('shutdown', () => this.#endNow())
    app.on('window-all-closed', () => app.quit())
    app.on('before-quit', (event) => {
      if (this.#closed) return
      event.preventDefault()
      if (!this.#decided && this.#hasWork()) return void this.#leave()
      this.#decided = true
      void lab.close().finally(() => {
        this.#closed = true
        this.#tray?.destroy()
        app.quit()
      })
    })
  }

  /** Shows the window again, also from the background. */
  show(): void {
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  async #leave(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    const answer = await this.#answer().finally(() => (this.#asking = false))
    if (answer === 'background') this.#goToBackground()
    if (answer === 'stop') this.#endNow()
  }

  async #answer(): Promise<Answer> {
    const { store, changes } = this.#lab.services
    const { whenClosed } = store.settings.get()
    if (whenClosed !== 'ask') return whenClosed
    const { response, checkboxChecked } = await this.#parts.dialog.showMessageBox(this.#window, {
      type: 'question',
      title: words.leave.title,
      message: words.leave.message(unfinishedJobs(this.#lab)),
      detail: words.leave.detail,
      buttons: answers.map((name) => words.leave[name]),
      defaultId: 0,
      cancelId: 2,
      checkboxLabel: words.leave.remember,
      noLink: true
    })
    const answer = answers[response] ?? 'cancel'
    if (checkboxChecked && answer !== 'cancel') {
      store.settings.save({ whenClosed: answer })
      changes.changed('settings')
    }
    return answer
  }

  #goToBackground(): void {
    this.#window.hide()
    if (this.#tray !== null) return
    const { app, Menu, nativeImage, Tray } = this.#parts
    const icon = nativeImage
      .createFromPath(join(projectFolder(), 'build', 'icon.png'))
      .resize({ width: 22, height: 22 })
    this.#tray = new Tray(icon)
    this.#tray.setToolTip(words.product)
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: words.tray.open, click: () => this.show() },
        { label: words.tray.quit, click: () => app.quit() }
      ])
    )
    this.#tray.on('click', () => this.show())
  }

  #endNow(): void {
    this.#decided = true
    this.#parts.app.quit()
  }

  #hasWork(): boolean {
    return unfinishedJobs(this.#lab) > 0
  }
}
