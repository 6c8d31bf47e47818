import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DesktopPart } from './part.ts'

const root = join(import.meta.dirname, '../../..')
const megabyte = 1e6

/** Size of the packed app where `npm run package` has been run, of its parts, and of each installer. */
export const installedSize: DesktopPart = (report) => {
  const dist = join(root, 'dist')
  const apps = existsSync(dist) ? readdirSync(dist).filter((name) => /-unpacked$|^mac/.test(name)) : []
  if (apps.length === 0) {
    const detail = 'not packed here: npm run package -- --dir'
    return report({ name: 'size of the installed app', value: 0, unit: 'MB', aim: null, holds: null, detail })
  }
  for (const app of apps) {
    const folder = join(dist, app)
    const own = ['app.asar', 'app.asar.unpacked'].map((name) => sizeOf(join(folder, 'resources', name)))
    report({
      name: `size of the installed app (${app})`,
      value: sizeOf(folder) / megabyte,
      unit: 'MB',
      aim: null,
      holds: null,
      detail: `ours ${mb(own.reduce((sum, bytes) => sum + bytes, 0))}, Node ${mb(sizeOf(join(folder, 'resources', 'node')))}`
    })
  }
  for (const name of readdirSync(dist).filter((name) => /\.(AppImage|deb|dmg|exe)$/.test(name))) {
    const value = statSync(join(dist, name)).size / megabyte
    report({ name: `size of ${name}`, value, unit: 'MB', aim: null, holds: null })
  }
}

function sizeOf(path: string): number {
  if (!existsSync(path)) return 0
  const info = statSync(path)
  if (!info.isDirectory()) return info.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}

function mb(bytes: number): string {
  return `${(bytes / megabyte).toFixed(0)} MB`
}
