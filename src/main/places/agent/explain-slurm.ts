import type { ErrorCode } from '../../contract/error-codes.ts'
import { LabError, messageOf } from '../../contract/error.ts'

/** What Slurm says, what it means, and the way out. The first row that fits. */
const rows: readonly { when: RegExp; code: ErrorCode; message: string }[] = [
  {
    when: /invalid partition/i,
    code: 'slurm-partition',
    message: 'Slurm knows no such partition. Check the place: it lists the partitions there are.'
  },
  {
    when: /invalid account|account.*(not|invalid)/i,
    code: 'slurm-account',
    message:
      'Slurm knows no such account, or you may not use it. Ask your cluster for the name of your account, and put it into the place.'
  },
  {
    when: /time limit/i,
    code: 'slurm-time',
    message:
      'The partition does not allow so much time. Ask for less: jobs go on from where they were, so that a short limit only means more turns.'
  },
  {
    when: /node configuration|not available|more processors|memory specification/i,
    code: 'slurm-size',
    message:
      'No node of the partition has so many cores, so much memory or such graphics processors. Ask for less, or choose another partition.'
  },
  { when: /MaxArraySize|array/i, code: 'slurm-array', message: 'Slurm does not take an array of this size.' },
  {
    when: /QOS|limit|AssocGrp|MaxSubmit/i,
    code: 'slurm-limit',
    message:
      'Your account has as many jobs or as much of the cluster as it may have. Wait until some are done; the lab tries again.'
  },
  {
    when: /munge|authentication|credential/i,
    code: 'slurm-credential',
    message:
      'Slurm does not accept the credential of this machine (munge). Its clock may be wrong; tell your administrator.'
  },
  {
    when: /unable to contact|connection refused|timed out|communication/i,
    code: 'slurm-unreachable',
    message: 'The controller of Slurm does not answer. The lab goes on asking; what runs there runs on.'
  },
  {
    when: /ENOENT/,
    code: 'slurm-missing',
    message:
      'There is no Slurm on this machine: sbatch was not found. Use the login node of the cluster, or choose a place of another kind.'
  }
]

export function explainSlurm(thrown: unknown): LabError {
  const said = [messageOf(thrown), stderrOf(thrown)].join('\n').trim()
  const row = rows.find(({ when }) => when.test(said))
  return new LabError(
    row?.code ?? 'slurm-failed',
    row?.message ?? `Slurm did not do what it was asked: ${said.split('\n').at(-1)}`,
    {
      cause: said
    }
  )
}

/** What a command that failed has written to its error output, as far as the error carries it. */
function stderrOf(thrown: unknown): string {
  const said = typeof thrown === 'object' && thrown !== null && 'stderr' in thrown ? thrown.stderr : ''
  return typeof said === 'string' || Buffer.isBuffer(said) ? said.toString() : ''
}
