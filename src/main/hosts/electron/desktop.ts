import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openMessage } from '../../contract/bridge.ts'
import { messageOf } from '../../contract/error.ts'
import { findHome } from '../../store/home.ts'
import { hostChecks } from '../host-checks.ts'
import { Lab } from '../lab.ts'
import { forkStarter } from '../fork-starter.ts'
import { ownNode } from '../own-node.ts'
import { outsideArchive, projectFolder, rendererFolder, workerEntry } from '../project.ts'
import { LabServer } from '../server/server.ts'
import { Attention } from './attention.ts'
import { keepLanguage } from './language.ts'
import { Leaving } from './leaving.ts'
import { setMenu } from './menu.ts'
import { filesAmong, OpenedFiles } from './opened-files.ts'
import type { ElectronParts } from './parts.ts'
import { servePorts } from './ports.ts'
import { registerScheme, serveScreens } from './protocol.ts'
import { denyEverything } from './restrictions.ts'
import { followTheme, keepTheme } from './theme.ts'
import { systemTokenStore } from './token-store.ts'
import { utilityStarter } from './utility-starter.ts'
import { openMainWindow } from './window.ts'
import { speak, words } from './words.ts'

/** Opens the lab in a window. Returns the lab, or null where another instance shows it or it could not be opened. */
export async function startDesktop(parts: ElectronParts, argv: readonly string[]): Promise<Lab | null> {
  const { app, dialog } = parts
  const asked = homeOption(argv)
  const home = findHome(asked)
  const files = filesAmong(argv, app.isPackaged)
  if (!app.requestSingleInstanceLock({ home: asked === undefined ? null : home, files } satisfies SecondStart)) {
    sayOpen()
    app.quit()
    return null
  }
  // This would take the switch away that lets the window open as root, in a container. The page itself asks for its sandbox.
  if (!argv.includes('--no-sandbox')) app.enableSandbox()
  registerScheme(parts)
  denyEverything(parts)
  const opened = new OpenedFiles()
  opened.listen(parts)
  opened.add(files)
  await app.whenReady()

  let lab: Lab
  try {
    lab = await Lab.open({
      home,
      host: 'electron',
      workers: utilityStarter(parts, workerEntry()),
      ...largeWorkers(),
      tokens: systemTokenStore(parts),
      hostChecks,
      checkStart: true
    })
  } catch (error) {
    sayOpen()
    dialog.showErrorBox(words.cannotStart, messageOf(error))
    app.exit(1)
    return null
  }
  await show(parts, lab, opened)
  lab.started.catch((error: unknown) => dialog.showErrorBox(words.cannotStart, messageOf(error)))
  await letCommandsIn(lab)
  return lab
}

/** Puts the window, its menu and its manners around an open lab. */
async function show(parts: ElectronParts, lab: Lab, opened: OpenedFiles): Promise<void> {
  const { app, dialog } = parts
  speak(lab.services.store.settings.get().language)
  setMenu(parts, lab)
  followTheme(parts, lab)
  serveScreens(parts, rendererFolder(), () => lab.services.store.settings.get().language)
  servePorts(parts, lab.router)
  const window = openMainWindow(parts, join(projectFolder(), 'out', 'preload', 'index.cjs'))
  window.once('ready-to-show', sayOpen)
  const leaving = new Leaving(parts, lab, window)
  const { closing } = lab.services.underway
  void new Attention(parts, lab, window, () => leaving.show()).follow(closing)
  void keepTheme(parts, lab, window, closing)
  void keepLanguage(parts, lab, closing)
  app.on('second-instance', (_event, _argv, _folder, asked) => {
    leaving.show()
    const { home, files } = secondStart.parse(asked)
    opened.add(files)
    if (home === null || home === lab.home.path) return
    void dialog.showMessageBox(window, {
      type: 'info',
      title: words.otherHome.title,
      message: words.otherHome.message(home),
      detail: words.otherHome.detail(lab.home.path),
      buttons: [words.otherHome.ok],
      noLink: true
    })
  })
}

/** Electron's processes have limits of memory that the Node which comes along has not. */
function largeWorkers() {
  const node = ownNode()
  return node === null ? {} : { largeWorkers: forkStarter(workerEntry(outsideArchive()), [], node) }
}

/** What a second start tells the first one: the home folder that it was asked for, if any, and files to open. */
const secondStart = z.object({ home: z.string().nullable(), files: z.array(z.string()).default([]) })
type SecondStart = z.input<typeof secondStart>

/** `npm start` waits for this word; without it, it opens the lab in the browser. */
function sayOpen(): void {
  process.send?.(openMessage)
}

/** Commands in a terminal work on the lab that is open here, as they do on a served one. The window does without. */
async function letCommandsIn(lab: Lab): Promise<void> {
  try {
    lab.announce(
      await LabServer.start({
        router: lab.router,
        renderer: rendererFolder(),
        language: () => lab.services.store.settings.get().language
      })
    )
  } catch (error) {
    process.stderr.write(`Commands cannot reach this lab: ${messageOf(error)}\n`)
  }
}

function homeOption(argv: readonly string[]): string | undefined {
  // Chromium's own switches are among the arguments.
  const { values } = parseArgs({ args: [...argv], options: { home: { type: 'string' } }, strict: false })
  return typeof values.home === 'string' ? values.home : undefined
}
