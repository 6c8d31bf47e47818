import type { BenchResult } from '../../suite.ts'
import type { CampaignOptions } from '../campaign.ts'

export type DesktopPart = (report: (result: BenchResult) => void, options: CampaignOptions) => Promise<void> | void
