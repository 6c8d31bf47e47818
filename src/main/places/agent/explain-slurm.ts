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
    when: /invalid qos/i,
    code: 'slurm-account',
    message:
      'Slurm knows no such quality of service (QOS), or your account may not use it. Take it out of the place’s further options, or ask your cluster for its name.'
  },
  {
    when: /invalid account|account.*(not|invalid)/i,
    code: 'slurm-account',
    message:
      'Slurm knows no such account, or you may not use it. Ask your cluster for the name of your account, and put it into the place.'
  },
  {
    when: /accounting\/QOS policy|MaxSubmit|AssocGrp|AssocMax|QOSMax|QOSGrp|temporarily unable to accept|Resource temporarily unavailable/i,
    code: 'slurm-limit',
    message:
      'Your account has as many jobs or as much of the cluster as it may have. Wait until some are done; the lab tries again.'
  },
  {
    when: /time limit/i,
    code: 'slurm-time',
    message:
      'The partition does not allow so much time. Ask for less: jobs go on from where they were, so that a short limit only means more turns.'
  },
  {
    when: /node configuration|not available|more processors|memory specification|gres|feature specification/i,
    code: 'slurm-size',
    message:
      'No node of the partition has so many cores, so much memory or such graphics processors. Ask for less, or choose another partition.'
  },
  { when: /MaxArraySize|array/i, code: 'slurm-array', message: 'Slurm does not take an array of this size.' },
  {
    when: /munge|authentication|credential/i,
    code: 'slurm-credential',
    message:
      'Slurm does not accept the credential of this machine (munge). Its clock may be wrong; tell your administrator.'
  },
  {
    when: /unable to contact|connection (refused|reset)|timed out|ETIMEDOUT|communication|zero bytes|transport endpoint|unexpected message|receive failure|standby|protocol version has changed/i,
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
  const said = saidBy(thrown)
  const row = rows.find(({ when }) => when.test(said))
  const message = row?.message ?? `Slurm did not do what it was asked: ${said.split('\n').at(-1)}`
  return new LabError(row?.code ?? 'slurm-failed', message, { cause: said })
}

/** What the command has written to its error output; else what became of it, without its words, which name accounts, arrays and more. */
function saidBy(thrown: unknown): string {
  const stderr = typeof thrown === 'object' && thrown !== null && 'stderr' in thrown ? thrown.stderr : ''
  const written = typeof stderr === 'string' || Buffer.isBuffer(stderr) ? stderr.toString().trim() : ''
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : ''
  const timedOut = typeof thrown === 'object' && thrown !== null && 'killed' in thrown && thrown.killed === true
  if (timedOut || code === 'ETIMEDOUT') return [written, 'The command timed out.'].join('\n').trim()
  return written === '' ? messageOf(thrown).replace(/^Command failed: (\S+)[^]*/, '$1 failed.') : written
}
