import { endProcess } from '../../src/main/hosts/end-process.ts'
import { runSuites, type Load } from '../command-line.ts'
import type { CampaignOptions } from './campaign.ts'

/** `npm run campaign -- <suite> [--short] [--json]`: a file a suite, which exports `suite: Campaign`. */
const suites: Record<string, readonly Load<CampaignOptions>[]> = {
  cluster: [() => import('./cluster.ts')],
  desktop: [() => import('./desktop.ts')],
  precision: [() => import('./precision.ts')],
  robustness: [() => import('./robustness.ts')],
  statistics: [() => import('./statistics.ts')]
}

const asked = process.argv.slice(2)
await runSuites('campaign -- <suite…> [--short] [--json]', suites, asked, { short: asked.includes('--short') })
await endProcess()
