import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { chooseMessage, openedMessage, portMessage, type Bridge } from '../main/contract/bridge.ts'

/**
 * All that a page gets from Electron: one port to the backend, and paths of files that the user picked. The page has no
 * Node, and the backend checks everything that comes through the port.
 */
const bridge: Bridge = {
  pathOf: (file) => webUtils.getPathForFile(file),
  choose: (what) => ipcRenderer.invoke(chooseMessage, what) as Promise<string[]>,
  onOpened: (listener) => {
    ipcRenderer.on(openedMessage, (_event, paths: string[]) => listener(paths))
    ipcRenderer.send(openedMessage)
  }
}
contextBridge.exposeInMainWorld('recross', bridge)

window.addEventListener('message', (event) => {
  const [port] = event.ports
  if (event.source !== window || event.data !== portMessage || port === undefined) return
  ipcRenderer.postMessage(portMessage, null, [port])
})
