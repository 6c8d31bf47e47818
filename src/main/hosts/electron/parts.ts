/** The parts of Electron that this host calls, with Electron's own types. Tests give a double of just these. */
export type ElectronParts = Pick<
  typeof import('electron'),
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeImage'
  | 'nativeTheme'
  | 'Notification'
  | 'powerMonitor'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'safeStorage'
  | 'screen'
  | 'session'
  | 'shell'
  | 'Tray'
  | 'utilityProcess'
>

/** The scheme of the screens: files of the built renderer, never file://. */
export const scheme = 'app'
export const startAddress = `${scheme}://lab/index.html`
