import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { lookAtHub } from '../data/download/look-at-hub.ts'
import { removeInsideNow } from '../files/remove.ts'
import { defineJob } from './job.ts'

const keptMilliseconds = 3_600_000

/**
 * Looks at a dataset on the hub. What it fetches for that stays for an hour after the last look, so that another choice of
 * columns does not fetch it again.
 */
export const job = defineJob({
  kind: 'look-at-hub',
  async run({ input, home, log, signal }) {
    const scratch = join(home, 'scratch')
    removeOldLooks(scratch)
    const name = createHash('sha256')
      .update(JSON.stringify([input.mirror, input.repo, input.revision]))
      .digest('hex')
    const fetched = join(scratch, `hub-${name.slice(0, 16)}`)
    mkdirSync(fetched, { recursive: true })
    utimesSync(fetched, new Date(), new Date())
    const unpacked = mkdtempSync(join(scratch, 'preview-'))
    try {
      return await lookAtHub(input, { fetched, unpacked }, { signal, log })
    } finally {
      removeInsideNow(scratch, unpacked)
    }
  }
})

function removeOldLooks(scratch: string): void {
  for (const name of readdirSync(scratch)) {
    if (!/^hub-[0-9a-f]{16}$/.test(name)) continue
    const path = join(scratch, name)
    const seen = statSync(path, { throwIfNoEntry: false })
    if (seen && Date.now() - seen.mtimeMs > keptMilliseconds) removeInsideNow(scratch, path)
  }
}
