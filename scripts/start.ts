import { spawn } from 'node:child_process'
import { projectFolder } from '../src/main/hosts/project.ts'
import { buildIfStale } from './build.ts'
import { findElectron } from './electron.ts'
import { launchElectron, passSignalsOn } from './launch.ts'

/** `npm start`: the lab in Electron's window where one can be opened, else the same lab in the browser. */
const patience = 120_000
const wantsBrowser = process.argv.includes('--browser')
const rest = process.argv.slice(2).filter((argument) => argument !== '--browser')

if (!buildIfStale()) process.exit(1)
const electron = wantsBrowser ? { reason: 'asked for the browser' } : await findElectron()
const launched =
  'path' in electron
    ? await launchElectron({ command: electron.path, args: [projectFolder(), ...rest], cwd: projectFolder(), patience })
    : electron
if ('exitCode' in launched) process.exitCode = launched.exitCode
else openInBrowser(launched.reason)

function openInBrowser(reason: string): void {
  process.stdout.write(`Opening the lab in the browser: ${reason}.\n`)
  // Chromium's own switches mean nothing to the server.
  const options = rest.filter((argument) => argument !== '--no-sandbox')
  const child = spawn(process.execPath, ['out/main/server.js', '--open', ...options], {
    cwd: projectFolder(),
    stdio: 'inherit'
  })
  passSignalsOn(child)
  child.on('error', ({ message }) => {
    process.stderr.write(`${message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code) => (process.exitCode = code ?? 1))
}
