import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { lookAtHub } from '../data/download/look-at-hub.ts'
import { removeInsideNow } from '../files/remove.ts'
import { defineJob } from './job.ts'
import { keptLook } from './kept-looks.ts'

/** Looks at a dataset on the hub. */
export const job = defineJob({
  kind: 'look-at-hub',
  async run({ input, home, log, signal }) {
    const scratch = join(home, 'scratch')
    const fetched = keptLook(home, [input.mirror, input.repo, input.revision])
    const unpacked = mkdtempSync(join(scratch, 'preview-'))
    try {
      return await lookAtHub(input, { fetched, unpacked }, { signal, log })
    } finally {
      removeInsideNow(scratch, unpacked)
    }
  }
})
