import type { ErrorCode } from '../contract/error-codes.ts'
import { LabError } from '../contract/error.ts'

/** Why Slurm holds a job that it has taken, where waiting will not help, and the way out. The first row that fits. */
const rows: readonly { when: RegExp; code: ErrorCode; message: string }[] = [
  {
    when: /^PartitionTimeLimit/,
    code: 'slurm-time',
    message:
      'The partition does not allow so much time: Slurm takes the job and never starts it. Set a shorter limit; jobs go on from where they were.'
  },
  {
    when: /^(PartitionNodeLimit|BadConstraints|(Assoc|QOS)MaxCpu\w*PerJob|(Assoc|QOS)MaxMem\w*PerJob)/,
    code: 'slurm-size',
    message:
      'No node of the partition is as the place asks for it (cores, memory, graphics processors, further options): Slurm takes the job and never starts it. Ask for less, or choose another partition.'
  },
  {
    when: /^Invalid(Account|QOS)/,
    code: 'slurm-account',
    message: 'Slurm does not know the account or the quality of service (QOS), or you may not use it.'
  },
  {
    when: /^(JobHeld|PartitionDown|PartitionInactive|ReqNodeNotAvail|Nodes required|NodeDown)/,
    code: 'slurm-nodes-down',
    message:
      'The nodes that fit are switched off, drained or reserved, or the partition takes nothing now. Choose another partition, or try again when your cluster says that they are back.'
  }
]

/** Null where it is only a matter of time. */
export function neverStarts(reason: string): LabError | null {
  const row = rows.find(({ when }) => when.test(reason))
  return row === undefined ? null : new LabError(row.code, row.message, { cause: reason })
}
