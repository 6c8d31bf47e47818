import type { BrowserWindow } from 'electron'
import { offerTextMenu } from './menu.ts'
import { developmentPage } from './pages.ts'
import { startAddress, type ElectronParts } from './parts.ts'
import { canvasColour } from './theme.ts'
import { keepPlace, lastPlace } from './window-place.ts'
import { words } from './words.ts'

const leastSecondsBetweenCrashes = 10

/** The one window: sandboxed, isolated, without Node. It shows itself when it has something to show. */
export function openMainWindow(parts: ElectronParts, preload: string): BrowserWindow {
  const { app, BrowserWindow } = parts
  const { maximised = false, zoom = 0, ...bounds } = lastPlace(parts)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: words.product,
    autoHideMenuBar: true,
    backgroundColor: canvasColour(parts),
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
  window.once('ready-to-show', () => {
    if (maximised) window.maximize()
    window.show()
  })
  window.webContents.once('did-finish-load', () => window.webContents.setZoomLevel(zoom))
  keepPlace(window, parts)
  offerTextMenu(parts, window)
  comeBack(window, parts)
  void window.loadURL(developmentPage(app.isPackaged) ?? startAddress)
  return window
}

/**
 * A page whose process died is loaded again: the backend and its jobs go on all the while. One that dies again at once, or
 * hangs, is the user's to decide on; a dead white window would leave no way out.
 */
function comeBack(window: BrowserWindow, { app, dialog }: ElectronParts): void {
  let last = -Infinity
  const ask = async (message: string, other: string, otherwise: () => void) => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      title: words.page.title,
      message,
      buttons: [words.page.reload, other],
      defaultId: 0,
      cancelId: 1,
      noLink: true
    })
    if (response === 0) window.webContents.reload()
    else otherwise()
  }
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    const again = performance.now() - last < leastSecondsBetweenCrashes * 1000
    last = performance.now()
    if (again) void ask(words.page.message, words.page.quit, () => app.quit())
    else window.webContents.reload()
  })
  window.on('unresponsive', () => void ask(words.page.hangs, words.page.wait, () => undefined))
}
