import type { BenchResult } from '../../suite.ts'
import type { CampaignOptions } from '../campaign.ts'

/**
 * One kind of attack: its counts, and what must hold of them. `short` takes a few seconds and is part of `npm test`.
 * What goes wrong is counted and told in `detail`, so that one loss does not hide the others.
 */
export interface RobustnessPart {
  name: string
  run(report: (result: BenchResult) => void, options: CampaignOptions): Promise<void>
}
