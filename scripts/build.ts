import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const sources = ['src', 'native', 'package.json', 'electron.vite.config.ts', 'svelte.config.js']
const results = [
  'out/main/index.js',
  'out/main/server.js',
  'out/main/cli.js',
  'out/main/worker.js',
  'out/main/file-worker.js',
  'out/main/place-agent.js',
  'out/renderer/index.html'
]

/** Builds the bundles where a source is newer than they are. Returns whether they are there. */
export function buildIfStale(): boolean {
  if (!isStale()) return true
  process.stderr.write('Building …\n')
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [electronVite, 'build'], {
    cwd: root,
    encoding: 'utf8'
  })
  if (status !== 0) process.stderr.write(`${stdout}${stderr}\nThe build failed.\n`)
  return status === 0
}

function isStale(): boolean {
  const built = results.map((name) => join(root, name))
  if (!built.every(existsSync)) return true
  const oldest = Math.min(...built.map((path) => statSync(path).mtimeMs))
  return sources.some((name) => newest(join(root, name)) > oldest)
}

function newest(path: string): number {
  const { mtimeMs, isDirectory } = describe(path)
  if (!isDirectory) return mtimeMs
  const names = readdirSync(path).filter((name) => name !== 'build' && name !== 'node_modules')
  return names.reduce((latest, name) => Math.max(latest, newest(join(path, name))), mtimeMs)
}

function describe(path: string): { mtimeMs: number; isDirectory: boolean } {
  const info = statSync(path)
  return { mtimeMs: info.mtimeMs, isDirectory: info.isDirectory() }
}

if (import.meta.main) process.exitCode = buildIfStale() ? 0 : 1
