import { installersIn } from '../data/installers.ts'
import { defineJob } from './job.ts'

/** Looks at the installers in a folder; their checksums need them read from end to end. */
export const job = defineJob({
  kind: 'check-installers',
  async run({ input: { folder, version } }) {
    const { platform, arch } = process
    return { installers: await installersIn(folder, { version, platform, arch }) }
  }
})
