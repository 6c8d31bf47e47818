import type { Campaign } from './campaign.ts'
import { part as door } from './robustness/door.ts'
import { part as homes } from './robustness/homes.ts'
import { hostileFiles } from './robustness/hostile-files.ts'
import { fullDisks, kills } from './robustness/interruptions.ts'
import { part as oddHomes } from './robustness/odd-homes.ts'
import type { RobustnessPart } from './robustness/part.ts'

/** What must not be able to hurt the lab: a new kind of attack is a file in robustness/ and a name here. */
const parts: readonly RobustnessPart[] = [homes, oddHomes, kills, fullDisks, hostileFiles, door]

export const suite: Campaign = {
  name: 'robustness',
  async run(report, options) {
    for (const part of parts) {
      const started = performance.now()
      await part.run(report, options)
      const seconds = (performance.now() - started) / 1000
      report({ name: `${part.name}: time`, value: seconds, unit: 's', aim: null, holds: null })
    }
  }
}
