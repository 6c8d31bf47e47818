import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openMessage } from '../../contract/bridge.ts'
import { messageOf } from '../../contract/error.ts'
import { findHome } from '../../store/home.ts'
import { hostChecks } from '../host-checks.ts'
import { Lab } from '../lab.ts'
import { projectFolder, rendererFolder, workerEntry } from '../project.ts'
import { LabServer } from '../server/server.ts'
import type { ElectronParts } from './parts.ts'
import { servePorts } from './ports.ts'
import { registerScheme, serveScreens } from './protocol.ts'
import { denyEverything } from './restrictions.ts'
import { systemTokenStore } from './token-store.ts'
import { utilityStarter } from './utility-starter.ts'
import { openMainWindow } from './window.ts'

/** Opens the lab in a window. Returns the lab, or null where another instance shows it or it could not be opened. */
export async function startDesktop(parts: ElectronParts, argv: readonly string[]): Promise<Lab | null> {
  const { app, dialog } = parts
  if (!app.requestSingleInstanceLock()) {
    sayOpen()
    app.quit()
    return null
  }
  // This would take the switch away that lets the window open as root, in a container. The page itself asks for its sandbox.
  if (!argv.includes('--no-sandbox')) app.enableSandbox()
  registerScheme(parts)
  denyEverything(parts)
  await app.whenReady()
  setMenu(parts)

  let lab: Lab
  try {
    lab = await Lab.open({
      home: findHome(homeOption(argv)),
      host: 'electron',
      workers: utilityStarter(parts, workerEntry()),
      tokens: systemTokenStore(parts),
      hostChecks
    })
  } catch (error) {
    sayOpen()
    dialog.showErrorBox('ReCross Lab cannot start', messageOf(error))
    app.exit(1)
    return null
  }

  serveScreens(parts, rendererFolder())
  servePorts(parts, lab.router)
  const window = openMainWindow(parts, join(projectFolder(), 'out', 'preload', 'index.cjs'))
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  app.on('window-all-closed', () => app.quit())
  closeBeforeQuit(parts, lab)
  window.once('ready-to-show', sayOpen)
  await letCommandsIn(lab)
  return lab
}

/** `npm start` waits for this word; without it, it opens the lab in the browser. */
function sayOpen(): void {
  process.send?.(openMessage)
}

/** macOS takes copy, paste and quit from the menu; elsewhere the window has none. */
function setMenu({ Menu }: ElectronParts): void {
  const roles = ['appMenu', 'editMenu', 'windowMenu'] as const
  Menu.setApplicationMenu(
    process.platform === 'darwin' ? Menu.buildFromTemplate(roles.map((role) => ({ role }))) : null
  )
}

/** Commands in a terminal work on the lab that is open here, as they do on a served one. The window does without. */
async function letCommandsIn(lab: Lab): Promise<void> {
  try {
    lab.announce(await LabServer.start({ router: lab.router, renderer: rendererFolder() }))
  } catch (error) {
    process.stderr.write(`Commands cannot reach this lab: ${messageOf(error)}\n`)
  }
}

/** Quitting waits until the workers are gone and the home is let go of. */
function closeBeforeQuit({ app }: ElectronParts, lab: Lab): void {
  let closed = false
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void lab.close().finally(() => {
      closed = true
      app.quit()
    })
  })
}

function homeOption(argv: readonly string[]): string | undefined {
  // Chromium's own switches are among the arguments.
  const { values } = parseArgs({ args: [...argv], options: { home: { type: 'string' } }, strict: false })
  return typeof values.home === 'string' ? values.home : undefined
}
