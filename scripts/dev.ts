import { spawn } from 'node:child_process'
import { createServer as createNetServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'vite'
import config from '../electron.vite.config.ts'
import { openWindow } from '../src/main/hosts/browser.ts'
import { projectFolder } from '../src/main/hosts/project.ts'
import { newToken } from '../src/main/hosts/server/entrance.ts'
import { findHome } from '../src/main/store/home.ts'
import { findElectron } from './electron.ts'

/** `npm run dev`: the lab with hot reload, in Electron where that can be had, else in the browser. */
const rest = process.argv.slice(2)

const electron = await findElectron()
if ('path' in electron) {
  const cli = join(projectFolder(), 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  spawn(process.execPath, [cli, 'dev', '--watch', ...rest], { stdio: 'inherit', cwd: projectFolder() })
} else {
  process.stdout.write(`Developing in the browser: ${electron.reason}.\n`)
  await developInBrowser()
}

/** The backend runs from source and starts anew when it changes; Vite serves the screens and passes calls on to it. */
async function developInBrowser(): Promise<void> {
  const token = newToken()
  const backendPort = await freePort()
  const page = `127.0.0.1:${await serveScreens(backendPort, token)}`
  const options = ['--port', String(backendPort), '--page', page]
  const backend = spawn(
    process.execPath,
    ['--watch-path=src/main', '--watch-preserve-output', 'src/main/hosts/server/index.ts', ...options, ...rest],
    {
      cwd: projectFolder(),
      // Its stdout is the address of the built screens, which are not those that are developed.
      stdio: ['inherit', 'ignore', 'inherit'],
      env: { ...process.env, RECROSS_LAB_TOKEN: token }
    }
  )
  process.on('exit', () => backend.kill())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit())
  process.stdout.write(`${openWindow(`http://${page}/`, findHome())}\n`)
}

/** Returns the port of the page. */
async function serveScreens(backendPort: number, token: string): Promise<number> {
  if (typeof config !== 'object' || !('renderer' in config) || typeof config.renderer !== 'object') {
    throw new Error('electron.vite.config.ts has no renderer.')
  }
  const server = await createServer({
    ...config.renderer,
    configFile: false,
    server: {
      host: '127.0.0.1',
      port: 4181,
      proxy: {
        // Host and Origin pass unchanged: the backend still refuses every other page.
        '/rpc': { target: `http://127.0.0.1:${backendPort}`, ws: true, headers: { authorization: `Bearer ${token}` } }
      }
    }
  })
  await server.listen()
  const address = server.httpServer?.address()
  if (typeof address !== 'object' || address === null) throw new Error('The screens have no address.')
  return address.port
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createNetServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
