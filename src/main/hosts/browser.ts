import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeWholeNow } from '../files/durable.ts'

export interface Browser {
  name: string
  path: string
}

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser'
]
const fixedPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'
  ],
  win32: ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].flatMap((place) =>
    ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].map((root) => join(process.env[root] ?? 'C:\\', place))
  )
}

/** An installed browser that can show an app window. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): Browser | null {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const places = [
    ...(env['CHROMIUM'] === undefined ? [] : [env['CHROMIUM']]),
    ...(fixedPlaces[process.platform] ?? []),
    ...names.flatMap((name) => folders.map((folder) => join(folder, name)))
  ]
  const path = places.find((place) => existsSync(place))
  return path === undefined ? null : { name: path.split(/[\\/]/).at(-1) ?? path, path }
}

/** True where there is a screen to open a window on. */
export function hasScreen(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  return [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((name) => name !== undefined && name !== '')
}

/**
 * Opens an address as an app window where a Chromium is there, else in the default browser. Says what it did, and the address
 * only where a person has to type it: what is printed ends up in logs.
 */
export function openWindow(address: string, home: string): string {
  if (!hasScreen()) return `No screen here. Open ${address}`
  const browser = findBrowser()
  const [command, ...options] = browser === null ? opener() : [browser.path]
  const shown = withoutSecret(address, home)
  const child = spawn(command, browser === null ? [...options, shown] : [`--app=${shown}`], {
    detached: true,
    stdio: 'ignore'
  })
  child.on('error', () => process.stderr.write(`Could not start ${command}. Open ${address}\n`))
  child.unref()
  return `Opened in ${browser?.name ?? 'your browser'}.`
}

/**
 * What may stand in the browser's command line. Linux shows it to every user of the machine, but there the server takes a code
 * from its own user's programs only; Windows shows it to nobody else. Elsewhere it is a file that only this user can read, which
 * leads to the address; not on Linux, as browsers from its app stores may not read hidden folders.
 */
function withoutSecret(address: string, home: string): string {
  if (process.platform === 'win32' || existsSync('/proc/net/tcp')) return address
  const path = join(home, 'open.html')
  const page = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${address}"><title>ReCross Lab</title>`
  writeWholeNow(path, page)
  return pathToFileURL(path).href
}

function opener(): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open']
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
