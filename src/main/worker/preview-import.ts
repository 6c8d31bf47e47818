import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { removeInsideNow } from '../files/remove.ts'
import { previewImport } from '../data/import/preview.ts'
import { defineJob } from './job.ts'

/** Answers how a file would be understood; entries of archives are unpacked into a folder of its own, and removed. */
export const job = defineJob({
  kind: 'preview-import',
  async run({ input, home }) {
    const scratch = mkdtempSync(join(home, 'scratch', 'preview-'))
    try {
      return await previewImport(input, scratch)
    } finally {
      removeInsideNow(join(home, 'scratch'), scratch)
    }
  }
})
