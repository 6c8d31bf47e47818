import type { JobInput } from '../../contract/jobs.ts'
import { gateClosed } from '../../contract/gate.ts'
import { MiningFolder } from './mined-set.ts'

type Trained = Pick<JobInput<'train-reranker'>, 'minings' | 'override' | 'overridden'>
export type KnownMining = Omit<Trained['minings'][number], 'gateOpen' | 'folder'> & { gateOpen: boolean }

/**
 * The minings of a training with what their reports say. Of one that was still being mined when the training was asked for, this is
 * the first moment at which its gate can be looked at.
 * @throws LabError `gate-closed`, `mining-damaged`
 */
export async function judgedMinings({
  minings,
  override,
  overridden
}: Trained): Promise<{ minings: KnownMining[]; overridden: boolean }> {
  const known: KnownMining[] = []
  let closed = overridden
  for (const { folder, gateOpen, ...about } of minings) {
    if (gateOpen !== null) {
      known.push({ ...about, gateOpen })
      continue
    }
    const { gate, sets } = await new MiningFolder(folder).report()
    known.push({ ...about, sets, gateOpen: gate.open })
    if (gate.open) continue
    if (!override) throw gateClosed(about.name, gate.checks)
    closed = true
  }
  return { minings: known, overridden: closed }
}
