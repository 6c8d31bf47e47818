import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Services } from './services.ts'

/** Beside the user's downloads where there is such a folder, and not taken yet. */
export function freePath({ home }: Services, name: string, ending = ''): string {
  const downloads = join(homedir(), 'Downloads')
  const parent = existsSync(downloads) ? downloads : existsSync(homedir()) ? homedir() : home.path
  for (let number = 1; ; number++) {
    const path = join(parent, `${number === 1 ? name : `${name}-${number}`}${ending}`)
    if (!existsSync(path)) return path
  }
}
