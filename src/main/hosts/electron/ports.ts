import { RPCHandler } from '@orpc/server/message-port'
import type { WebFrameMain } from 'electron'
import { sendErrors, type Router } from '../../api/index.ts'
import { chooseMessage, portMessage } from '../../contract/bridge.ts'
import { isOurFrame } from './pages.ts'
import type { ElectronParts } from './parts.ts'

/** Connects a page that asks with its port to the router. Asks of any other page are not answered. */
export function servePorts({ app, BrowserWindow, dialog, ipcMain }: ElectronParts, router: Router): void {
  const handler = new RPCHandler(router, { clientInterceptors: [sendErrors] })
  const trusted = (frame: WebFrameMain | null) => isOurFrame(frame, app.isPackaged)

  ipcMain.on(portMessage, (event) => {
    const [port] = event.ports
    if (port === undefined || !trusted(event.senderFrame)) return
    handler.upgrade(port, { context: {} })
    port.start()
  })

  ipcMain.handle(chooseMessage, async (event, what: unknown) => {
    const window = BrowserWindow.fromWebContents(event.sender)
    if (window === null || !trusted(event.senderFrame)) return []
    const properties = what === 'folder' ? (['openDirectory'] as const) : (['openFile', 'multiSelections'] as const)
    const { filePaths } = await dialog.showOpenDialog(window, { properties: [...properties] })
    return filePaths
  })
}
