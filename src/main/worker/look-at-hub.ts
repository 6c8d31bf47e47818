import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { lookAtHub } from '../data/download/look-at-hub.ts'
import { removeInsideNow } from '../files/remove.ts'
import { defineJob } from './job.ts'

/** Looks at a dataset on the hub; what it fetches for that lies in a folder of its own, and is removed. */
export const job = defineJob({
  kind: 'look-at-hub',
  async run({ input, home, log, signal }) {
    const scratch = mkdtempSync(join(home, 'scratch', 'hub-'))
    try {
      return await lookAtHub(input, scratch, { signal, log })
    } finally {
      removeInsideNow(join(home, 'scratch'), scratch)
    }
  }
})
