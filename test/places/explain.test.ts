import { expect, test } from 'vitest'
import { explainSlurm } from '../../src/main/places/agent/explain-slurm.ts'
import { explainLoss } from '../../src/main/places/explain-loss.ts'
import { isLoss } from '../../src/main/places/link.ts'

/** As `execFile` throws it: its message repeats the whole command, whose own words must not be read as what Slurm says. */
function thrownBy(stderr: string): Error {
  const command = 'sbatch --array=0-5%2 --account=not-mine --gres=gpu:1 --qos=limit --comment=recross-lab:ab munge'
  return Object.assign(new Error(`Command failed: ${command}\n${stderr}`), { stderr, code: 1 })
}

test.each([
  ['sbatch: error: invalid partition specified: nope', 'slurm-partition'],
  [
    'sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified',
    'slurm-account'
  ],
  ['sbatch: error: Batch job submission failed: Invalid qos specification', 'slurm-account'],
  [
    "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
    'slurm-limit'
  ],
  ['sbatch: error: AssocMaxSubmitJobLimit', 'slurm-limit'],
  [
    'sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)',
    'slurm-time'
  ],
  ['sbatch: error: Batch job submission failed: Requested node configuration is not available', 'slurm-size'],
  ['sbatch: error: Memory specification can not be satisfied', 'slurm-size'],
  ['sbatch: error: Invalid generic resource (gres) specification', 'slurm-size'],
  ['sbatch: error: Batch job submission failed: Invalid job array specification', 'slurm-array'],
  ['sbatch: error: Batch job submission failed: Invalid authentication credential', 'slurm-credential'],
  [
    'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)',
    'slurm-unreachable'
  ],
  ['slurm_load_jobs error: Zero Bytes were transmitted or received', 'slurm-unreachable'],
  ['slurm_load_jobs error: Socket timed out on send/recv operation', 'slurm-unreachable'],
  ['sbatch: error: Batch job submission failed: Job dependency problem', 'slurm-failed']
])('what Slurm says is told in plain words: %s', (said, code) => {
  const told = explainSlurm(thrownBy(said))
  expect(told.code).toBe(code)
  expect(told.message).not.toMatch(/--array|Command failed/)
  expect(told.cause).toBe(said)
})

test('a command that is not there, or that takes too long, is told apart from what it says', () => {
  expect(explainSlurm(Object.assign(new Error('spawn squeue ENOENT'), { code: 'ENOENT' })).code).toBe('slurm-missing')
  const late = Object.assign(new Error('spawnSync sbatch ETIMEDOUT'), { code: 'ETIMEDOUT', stderr: '' })
  expect(explainSlurm(late).code).toBe('slurm-unreachable')
  const killed = Object.assign(new Error('Command failed: squeue --me'), { killed: true, stderr: '' })
  expect(isLoss(explainSlurm(killed))).toBe(true)
})

test.each([
  ['@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@\nHost key verification failed.', 'place-host-key-changed'],
  ['No ED25519 host key is known for login and you have requested strict checking.', 'place-host-key-unknown'],
  ['me@login: Permission denied (publickey).', 'place-no-access'],
  ['ssh: Could not resolve hostname nowhere: Name or service not known', 'place-unknown-host'],
  ['client_loop: send disconnect: Broken pipe', 'place-unreachable'],
  ['ssh: connect to host login port 22: No route to host', 'place-unreachable'],
  ["node: /lib64/libc.so.6: version `GLIBC_2.28' not found", 'place-other-system'],
  ['', 'place-lost']
])('what ssh says is told in plain words: %s', (said, code) => {
  const told = explainLoss('login', said)
  expect(told.code).toBe(code)
  expect(told.message).toContain('login')
})
