import { folderCodes } from '../../contract/job-folder.ts'
import { notShared } from '../not-shared.ts'
import type { Commands } from './commands.ts'
import { explainSlurm } from './explain-slurm.ts'
import { filesAreLate } from './protocol.ts'

/** A job as the scheduler sees it. */
export interface Task {
  state: 'waiting' | 'running' | 'ended'
  /** The node, the reason why it waits, or how it ended. */
  where: string
  /** Its turn among this user's waiting tasks, from 1. */
  position?: number
  /** When Slurm expects it to start. */
  expected?: string
}

/** A task in the queue; `batch`: the name that the lab gave its array, where it has one. */
export interface Queued extends Task {
  batch: string | null
}

/** How the script of a task ends where the node does not see what the login node has put there. */
export const notSeenCode = 76
/** How a task ended that wants to go on later. */
export const putBack = 'PUT_BACK'
const commentMark = 'recross-lab:'
const waiting = new Set(['PENDING', 'CONFIGURING', 'REQUEUED', 'SUSPENDED', 'REQUEUE_HOLD', 'SPECIAL_EXIT'])

/** The option of sbatch that gives an array its name. */
export function commentOf(batch: string): string {
  return `--comment=${commentMark}${batch}`
}

/** Every task of this user, by one call. Throws what Slurm says, in plain words. */
export async function queue(commands: Commands): Promise<Map<string, Queued>> {
  try {
    const said = await commands.soon('squeue', ['--me', '-h', '-r', '-S', '-p,i', '-o', '%i|%T|%N|%r|%S|%k'])
    let turn = 0
    return new Map<string, Queued>(
      said
        .split('\n')
        .filter((line) => line !== '')
        .map((line): [string, Queued] => {
          const [id = '', state = '', node = '', reason = '', start = '', comment = ''] = line.split('|')
          const batch = comment.startsWith(commentMark) ? comment.slice(commentMark.length) : null
          if (!waiting.has(state)) return [id, { state: 'running', where: node, batch }]
          const expected = start === 'N/A' || start === '' ? {} : { expected: start.replace('T', ' ') }
          return [id, { state: 'waiting', where: reason, position: ++turn, ...expected, batch }]
        })
    )
  } catch (thrown) {
    throw explainSlurm(thrown)
  }
}

/** What Slurm remembers of a task that is not in its queue any more: `TIMEOUT`, `OUT_OF_MEMORY`, …; empty where it has forgotten. */
export async function whyEnded(commands: Commands, task: string): Promise<string> {
  const controller = await answerOf(commands, 'scontrol', ['show', 'job', task, '-o'])
  if (controller !== '')
    return endOf(
      / Reason=DependencyNeverSatisfied/.test(controller) ? 'DEPENDENCY' : /\bJobState=(\w+)/.exec(controller)?.[1],
      /\bExitCode=(\d+):/.exec(controller)?.[1],
      /\bBatchHost=(\S+)/.exec(controller)?.[1]
    )
  const asked = ['-n', '-X', '-P', '-o', 'State,ExitCode,NodeList', '-j', task]
  const [state, code, node] = (await answerOf(commands, 'sacct', asked)).split('\n')[0]!.split('|')
  return endOf(/^\w+/.exec(state ?? '')?.[0], code?.split(':')[0], node)
}

function endOf(state = '', code = '', node = ''): string {
  if (state !== 'COMPLETED' && state !== 'FAILED') return state
  if (Number(code) === notSeenCode) return `${notShared} ${node}`.trim()
  if (Number(code) === folderCodes.again) return putBack
  return [folderCodes.done, folderCodes.failed].includes(Number(code) as 0 | 1) ? filesAreLate : state
}

async function answerOf(commands: Commands, program: string, options: readonly string[]): Promise<string> {
  try {
    return (await commands.soon(program, options)).trim()
  } catch {
    // scontrol forgets after some minutes; sacct exists only where there is an accounting database.
    return ''
  }
}
