import type { Campaign } from './campaign.ts'
import { allocator } from './desktop/allocator.ts'
import { installedSize } from './desktop/installed-size.ts'
import { starts } from './desktop/starts.ts'
import { realWindow } from './desktop/real-window.ts'

/** What the desktop app must bear: Electrons that do not start, its allocator, the real window where one is set up, its size. */
export const suite: Campaign = {
  name: 'desktop',
  async run(report, options) {
    for (const part of [starts, allocator, installedSize, realWindow]) await part(report, options)
  }
}
