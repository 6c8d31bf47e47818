import type { BrowserWindow, MenuItemConstructorOptions } from 'electron'
import type { Lab } from '../lab.ts'
import { installCommand } from './command-on-path.ts'
import { noticesFile } from './notices.ts'
import type { ElectronParts } from './parts.ts'
import { words } from './words.ts'

/** The menu of the application, on all systems: zoom, reload and versions are in it and nowhere else. */
export function setMenu(parts: ElectronParts, lab: Lab): void {
  const { app, Menu, shell } = parts
  const mac = process.platform === 'darwin'
  const about: MenuItemConstructorOptions = { label: words.menu.about, click: () => app.showAboutPanel() }
  const file: MenuItemConstructorOptions[] = [
    { label: words.menu.folder, click: () => void shell.openPath(lab.home.path) },
    ...(app.isPackaged ? [{ label: words.menu.command, click: () => void installCommand(parts) }] : []),
    { type: 'separator' },
    { role: mac ? 'close' : 'quit' }
  ]
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' }
  ]
  const help: MenuItemConstructorOptions[] = [
    { label: words.menu.licences, click: () => void shell.openPath(noticesFile()) },
    ...(mac ? [] : [about])
  ]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(mac ? [{ role: 'appMenu' } as const] : []),
      { label: words.menu.file, submenu: file },
      { role: 'editMenu', label: words.menu.edit },
      { label: words.menu.view, submenu: view },
      ...(mac ? [{ role: 'windowMenu' } as const] : []),
      { role: 'help', label: words.menu.help, submenu: help }
    ])
  )
  app.setAboutPanelOptions({
    applicationName: words.product,
    applicationVersion: app.getVersion(),
    copyright: 'MIT licence',
    credits: aboutVersions(),
    version: aboutVersions()
  })
}

/** Copy, paste and the like for the text under the pointer: Chromium brings no menu of its own. */
export function offerTextMenu({ Menu }: ElectronParts, window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, { isEditable, selectionText, editFlags }) => {
    const items: MenuItemConstructorOptions[] = isEditable
      ? [
          { role: 'undo', enabled: editFlags.canUndo },
          { role: 'redo', enabled: editFlags.canRedo },
          { type: 'separator' },
          { role: 'cut', enabled: editFlags.canCut },
          { role: 'copy', enabled: editFlags.canCopy },
          { role: 'paste', enabled: editFlags.canPaste },
          { type: 'separator' },
          { role: 'selectAll', enabled: editFlags.canSelectAll }
        ]
      : selectionText.trim() === ''
        ? []
        : [{ role: 'copy' }]
    if (items.length > 0) Menu.buildFromTemplate(items).popup({ window })
  })
}

function aboutVersions(): string {
  const { electron, chrome, node } = process.versions
  return `Electron ${electron ?? '?'}, Chromium ${chrome ?? '?'}, Node ${node}`
}
