import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { WebContents } from 'electron'
import { openedMessage } from '../../contract/bridge.ts'
import { isOurFrame } from './pages.ts'
import type { ElectronParts } from './parts.ts'

/**
 * Files and folders that the lab was opened with: named on its command line, dropped on its icon, or chosen with "Open with".
 * They wait until the page asks for them; the page looks at each and starts the wizard that takes it.
 */
export class OpenedFiles {
  #waiting: string[] = []
  #page: WebContents | null = null

  /** Must be called before the app is ready: macOS tells of the first file then. */
  listen({ app, ipcMain }: ElectronParts): void {
    app.on('open-file', (event, path) => {
      event.preventDefault()
      this.add([path])
    })
    ipcMain.on(openedMessage, (event) => {
      if (!isOurFrame(event.senderFrame, app.isPackaged)) return
      this.#page = event.sender
      this.#send()
    })
  }

  add(paths: readonly string[]): void {
    this.#waiting.push(...paths)
    this.#send()
  }

  #send(): void {
    if (this.#page === null || this.#page.isDestroyed() || this.#waiting.length === 0) return
    this.#page.send(openedMessage, this.#waiting)
    this.#waiting = []
  }
}

/** The files among the arguments of a start, as absolute paths. A checkout's first one is the app itself. */
export function filesAmong(argv: readonly string[], packaged: boolean, folder = process.cwd()): string[] {
  const { positionals } = parseArgs({
    args: [...argv],
    options: { home: { type: 'string' } },
    strict: false,
    allowPositionals: true
  })
  return positionals
    .slice(packaged ? 0 : 1)
    .map((path) => resolve(folder, path))
    .filter((path) => existsSync(path))
}
