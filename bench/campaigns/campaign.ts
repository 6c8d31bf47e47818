import type { BenchResult } from '../suite.ts'

/** An attack on the lab that is repeated many times: its results are counts and rates, each with what must hold. */
export interface Campaign {
  name: string
  /** `short`: under a minute, the form that `npm test` runs; else as long as it takes. */
  run(report: (result: BenchResult) => void, options: CampaignOptions): Promise<void>
}

export interface CampaignOptions {
  short: boolean
}
