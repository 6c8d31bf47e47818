import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from './project.ts'

/**
 * Path of Electron's program where it has been fetched, or lies unpacked in ELECTRON_OVERRIDE_DIST_PATH. Looks at files
 * only: importing `electron` from plain Node would start a download.
 */
export function electronBinary(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string | null {
  const fetched = join(projectFolder(), 'node_modules', 'electron')
  const folder = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(fetched, 'dist')
  const path = join(folder, programs[platform] ?? 'electron')
  // The package notes the program's name when all of the archive has been unpacked.
  const whole = folder !== join(fetched, 'dist') || existsSync(join(fetched, 'path.txt'))
  return whole && existsSync(path) ? path : null
}

/** Where the program lies in Electron's archive. */
const programs: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe'
}
