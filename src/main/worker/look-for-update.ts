import { readReleasePage } from '../data/download/release-page.ts'
import { defineJob } from './job.ts'

/** Asks a release page for the newest version, when the user wants to know. */
export const job = defineJob({
  kind: 'look-for-update',
  async run({ input: { address, proxy }, log, signal }) {
    return readReleasePage(address, { proxy, log, signal })
  }
})
