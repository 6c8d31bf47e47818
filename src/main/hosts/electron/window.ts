import type { BrowserWindow } from 'electron'
import { developmentPage } from './pages.ts'
import { startAddress, type ElectronParts } from './parts.ts'

const leastSecondsBetweenCrashes = 10

/** The one window: sandboxed, isolated, without Node. It shows itself when it has something to show. */
export function openMainWindow({ app, BrowserWindow }: ElectronParts, preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'ReCross Lab',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged
    }
  })
  window.once('ready-to-show', () => window.show())
  comeBack(window)
  void window.loadURL(developmentPage(app.isPackaged) ?? startAddress)
  return window
}

/** A page whose process died is loaded again, but not over and over: the backend and its jobs go on all the while. */
function comeBack(window: BrowserWindow): void {
  let last = -Infinity
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || Date.now() - last < leastSecondsBetweenCrashes * 1000) return
    last = Date.now()
    window.webContents.reload()
  })
}
