import { LabError } from './error.ts'
import type { MiningReport } from './minings.ts'

/** What was mined is not fit to train on, and why. */
export function gateClosed(name: string, checks: MiningReport['gate']['checks']): LabError {
  const reasons = checks.filter(({ holds }) => holds === false)
  return new LabError(
    'gate-closed',
    `What was mined in "${name}" is not fit to train on, so nothing is trained. ${reasons.map(({ text }) => text).join(' ')} ` +
      'Mine differently, or train all the same knowingly; that is then kept with the model.',
    { details: { reasons: reasons.map((check) => check.name) } }
  )
}
