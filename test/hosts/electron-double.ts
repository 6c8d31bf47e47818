import { EventEmitter } from 'node:events'
import { fork } from 'node:child_process'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { MessagePortMain } from 'electron'
import type { ElectronParts } from '../../src/main/hosts/electron/parts.ts'

/**
 * A double of the parts of Electron that the desktop host calls. What is real: ports (Node's own), worker processes
 * (child_process), encryption is a plain reversal. What is recorded: windows, handlers, decisions.
 */
export class ElectronDouble {
  readonly app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    quits: 0,
    firstInstance: true,
    sandboxed: false,
    exitCode: null as number | null,
    requestSingleInstanceLock: (_told: unknown) => this.app.firstInstance,
    getVersion: () => '0.0.0',
    about: null as object | null,
    setAboutPanelOptions: (options: object) => void (this.app.about = options),
    showAboutPanel: () => undefined,
    enableSandbox: () => void (this.app.sandboxed = true),
    whenReady: async () => undefined,
    getPath: () => this.userData,
    exit: (code: number) => void (this.app.exitCode = code),
    quit: () => {
      this.app.quits++
      let prevented = false
      this.app.emit('before-quit', { preventDefault: () => (prevented = true) })
      if (!prevented) this.app.emit('will-quit')
    }
  })
  readonly ipcMain = Object.assign(new EventEmitter(), {
    handlers: new Map<string, (event: unknown, ...rest: unknown[]) => unknown>(),
    handle: (name: string, handler: (event: unknown, ...rest: unknown[]) => unknown) =>
      void this.ipcMain.handlers.set(name, handler)
  })
  readonly protocol = {
    schemes: [] as { scheme: string; privileges: object }[],
    handler: null as ((request: Request) => Promise<Response>) | null,
    registerSchemesAsPrivileged: (schemes: { scheme: string; privileges: object }[]) =>
      void this.protocol.schemes.push(...schemes),
    handle: (_scheme: string, handler: (request: Request) => Promise<Response>) =>
      void (this.protocol.handler = handler)
  }
  readonly session = {
    request: null as RequestHandler | null,
    check: null as CheckHandler | null,
    defaultSession: {
      setPermissionRequestHandler: (handler: RequestHandler) => void (this.session.request = handler),
      setPermissionCheckHandler: (handler: CheckHandler) => void (this.session.check = handler),
      setDevicePermissionHandler: () => undefined
    }
  }
  readonly shell = { opened: [] as string[], openExternal: async (url: string) => void this.shell.opened.push(url) }
  readonly dialog = {
    errors: [] as string[],
    /** What was asked, and what the user of the test answers: the number of a button. */
    asked: [] as { message: string; buttons?: string[] }[],
    answer: { response: 0, checkboxChecked: false },
    showMessageBox: async (...given: unknown[]) => {
      this.dialog.asked.push(given.at(-1) as { message: string })
      return this.dialog.answer
    },
    showErrorBox: (_title: string, text: string) => void this.dialog.errors.push(text),
    showOpenDialog: async () => ({ canceled: false, filePaths: ['/data/chosen.json'] })
  }
  readonly Menu = {
    current: undefined as unknown,
    setApplicationMenu: (menu: unknown) => void (this.Menu.current = menu),
    buildFromTemplate: (template: unknown) => template
  }
  readonly nativeTheme = { themeSource: 'system', shouldUseDarkColors: false }
  readonly powerMonitor = new EventEmitter()
  readonly powerSaveBlocker = {
    active: new Set<number>(),
    start: () => {
      const id = this.powerSaveBlocker.active.size + 1
      this.powerSaveBlocker.active.add(id)
      return id
    },
    stop: (id: number) => void this.powerSaveBlocker.active.delete(id)
  }
  readonly screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }
  readonly notifications: { title: string; body: string }[] = []
  readonly trays: TrayDouble[] = []
  readonly windows: WindowDouble[] = []
  secretsAvailable = true

  readonly userData: string

  constructor(userData: string) {
    this.userData = userData
  }

  get parts(): ElectronParts {
    const { windows, trays, notifications } = this
    class Tray extends TrayDouble {
      constructor() {
        super()
        trays.push(this)
      }
    }
    class Notification extends EventEmitter {
      static isSupported() {
        return true
      }
      readonly #said: { title: string; body: string }
      constructor(said: { title: string; body: string }) {
        super()
        this.#said = said
      }
      show() {
        notifications.push(this.#said)
      }
    }
    class BrowserWindow extends WindowDouble {
      static fromWebContents() {
        return windows[0] ?? null
      }
      constructor(options: WindowOptions) {
        super(options)
        windows.push(this)
      }
    }
    const parts = {
      app: this.app,
      BrowserWindow,
      dialog: this.dialog,
      ipcMain: this.ipcMain,
      Menu: this.Menu,
      nativeImage: { createFromPath: () => ({ resize: () => ({}) }) },
      nativeTheme: this.nativeTheme,
      Notification,
      powerMonitor: this.powerMonitor,
      powerSaveBlocker: this.powerSaveBlocker,
      screen: this.screen,
      Tray,
      protocol: this.protocol,
      session: this.session,
      shell: this.shell,
      safeStorage: {
        isEncryptionAvailable: () => this.secretsAvailable,
        getSelectedStorageBackend: () => 'gnome_libsecret',
        encryptString: (text: string) => Buffer.from([...text].reverse().join('')),
        decryptString: (bytes: Buffer) => [...bytes.toString()].reverse().join('')
      },
      utilityProcess: { fork: forkUtility }
    }
    return parts as unknown as ElectronParts
  }

  /** What the preload script does for a page at this address: hands one end of a channel to the main process. */
  connect(url = 'app://lab/index.html', parent: object | null = null): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.ipcMain.emit('recross-lab-port', { senderFrame: { url, parent }, ports: [mainPort(port2)] })
    return port1
  }
}

type RequestHandler = (contents: unknown, permission: string, decide: (allow: boolean) => void) => void
type CheckHandler = (contents: unknown, permission: string) => boolean

interface WindowOptions {
  width: number
  height: number
  x?: number
  backgroundColor?: string
  webPreferences: Record<string, unknown>
}

class TrayDouble extends EventEmitter {
  menu: { label: string; click: () => void }[] = []
  setToolTip() {}
  setContextMenu(menu: { label: string; click: () => void }[]) {
    this.menu = menu
  }
  destroy() {
    this.emit('destroyed')
  }
}

class WindowDouble extends EventEmitter {
  readonly options: WindowOptions
  readonly webContents = Object.assign(new EventEmitter(), {
    reloads: 0,
    zoom: 0,
    reload: () => void this.webContents.reloads++,
    setZoomLevel: (level: number) => void (this.webContents.zoom = level),
    getZoomLevel: () => this.webContents.zoom
  })
  loaded = ''
  shown = false
  focused = false
  maximised = false
  progress = -1
  bounds = { x: 10, y: 20, width: 1000, height: 700 }

  constructor(options: WindowOptions) {
    super()
    this.options = options
  }

  /** What a click on × does: the window goes, unless somebody says no. */
  close(): boolean {
    let prevented = false
    this.emit('close', { preventDefault: () => (prevented = true) })
    return !prevented
  }

  async loadURL(url: string) {
    this.loaded = url
  }

  show() {
    this.shown = true
  }

  hide() {
    this.shown = false
  }

  focus() {
    this.emit('focused')
  }

  isMinimized() {
    return false
  }

  isFocused() {
    return this.focused
  }

  isDestroyed() {
    return false
  }

  isMaximized() {
    return this.maximised
  }

  maximize() {
    this.maximised = true
  }

  getNormalBounds() {
    return this.bounds
  }

  setBackgroundColor(colour: string) {
    this.options.backgroundColor = colour
  }

  setProgressBar(fraction: number) {
    this.progress = fraction
  }
}

/** Electron's main-process port: an emitter whose messages come as `{ data }`. */
function mainPort(port: MessagePort): MessagePortMain {
  const main = Object.assign(new EventEmitter(), {
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.on('message', (data: unknown) => main.emit('message', { data, ports: [] })),
    close: () => port.close()
  })
  port.on('close', () => main.emit('close'))
  return main
}

/** A utility process, played by a child process whose entry finds `process.parentPort` as Electron would give it. */
function forkUtility(entry: string) {
  const shim = new URL('./parent-port-shim.mjs', import.meta.url).href
  const child = fork(entry, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    execArgv: ['--import', shim]
  })
  const utility = Object.assign(new EventEmitter(), {
    pid: child.pid,
    stdout: child.stdout,
    stderr: child.stderr,
    postMessage: (message: unknown) => void (child.connected && child.send(message as object, () => undefined)),
    kill: () => child.kill()
  })
  child.on('message', (message) => utility.emit('message', message))
  child.on('exit', (code, signal) => utility.emit('exit', code ?? (signal === 'SIGABRT' ? 6 : 9)))
  child.on('error', () => undefined)
  return utility
}
