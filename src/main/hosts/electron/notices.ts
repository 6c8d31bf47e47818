import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../project.ts'

/** The licences of everything that is in the installed app; in a checkout, the lab's own. */
export function noticesFile(): string {
  const shipped = join(projectFolder(), '..', 'THIRD-PARTY-NOTICES.txt')
  return existsSync(shipped) ? shipped : join(projectFolder(), 'LICENSE')
}
