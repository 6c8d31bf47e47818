import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { removeInsideNow } from '../files/remove.ts'

const keptMilliseconds = 3_600_000

/**
 * The folder for what a look at the hub fetches. It stays for an hour after the last look, so that another look does not fetch it
 * again; `of` says what was looked at.
 */
export function keptLook(home: string, of: readonly (string | null)[]): string {
  const scratch = join(home, 'scratch')
  removeOldLooks(scratch)
  const name = createHash('sha256').update(JSON.stringify(of)).digest('hex')
  const fetched = join(scratch, `hub-${name.slice(0, 16)}`)
  mkdirSync(fetched, { recursive: true })
  utimesSync(fetched, new Date(), new Date())
  return fetched
}

function removeOldLooks(scratch: string): void {
  for (const name of readdirSync(scratch)) {
    if (!/^hub-[0-9a-f]{16}$/.test(name)) continue
    const path = join(scratch, name)
    const seen = statSync(path, { throwIfNoEntry: false })
    if (seen && Date.now() - seen.mtimeMs > keptMilliseconds) removeInsideNow(scratch, path)
  }
}
