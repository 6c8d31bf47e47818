import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { folderCodes, jobFileSchema, type JobFile } from '../../contract/job-folder.ts'
import type { WireError } from '../../contract/jobs.ts'
import { workSchemas, type WorkKind } from '../../contract/work.ts'
import type { FromWorker } from '../../contract/worker-messages.ts'
import { toWireError } from '../../contract/wire-error.ts'
import { asDiskError, isDiskProblem } from '../../files/disk-error.ts'
import { writeWholeNow } from '../../files/durable.ts'
import { hashedFiles } from '../../files/hashed-files.ts'
import { paths } from '../../files/portable.ts'
import { JobRunner } from '../runner.ts'
import { arrangeHome } from './arrange-home.ts'
import { takeJob, type Claim } from './claim.ts'
import { ProgressFile } from './progress-file.ts'

const lookMilliseconds = 250

/**
 * Runs the job of a folder, or goes on with it, and gives the code to end with. It shares the runner with the local workers; only
 * messages travel otherwise: what the job says goes into progress.jsonl, what the lab wants lies beside it as `pause` and `cancel`.
 */
export async function runFolder(path: string): Promise<number> {
  const folder = resolve(path)
  const has = (name: string) => existsSync(join(folder, name))
  if (has('result.json')) return folderCodes.done
  if (has('error.json')) return folderCodes.failed
  if (has('cancel')) return end(folder, fail(folder, cancelledError(), true))
  if (has('pause')) return end(folder, folderCodes.again)
  let claim: Claim | null = null
  try {
    const job = readJob(folder)
    // The same job may have been started twice: the second one waits for what becomes of the first.
    claim = await takeJob(folder, () => has('result.json') || has('error.json'))
    if (claim === null) return has('result.json') ? folderCodes.done : folderCodes.failed
    await arrangeHome(folder, job)
    return await runJob(folder, job, claim)
  } catch (thrown) {
    const error = toWireError(asDiskError(thrown, folder))
    process.stderr.write(`${error.message}\n`)
    // A disk without room is nobody's fault: the job can go on when there is some.
    if (isDiskProblem(error.code)) return end(folder, folderCodes.again)
    return end(folder, fail(folder, error, false))
  } finally {
    letGo(claim)
  }
}

function letGo(claim: Claim | null): void {
  try {
    claim?.release()
  } catch {
    // A full disk: whoever comes next sees that the beat stands still.
  }
}

function runJob(folder: string, job: JobFile, claim: Claim): Promise<number> {
  const home = join(folder, 'home')
  const own = join(home, job.folder)
  const progress = new ProgressFile(join(folder, 'progress.jsonl'))
  const { promise, resolve: finish } = Promise.withResolvers<number>()
  const runner = new JobRunner((message) => void take(message))
  const handBack = () => runner.take({ type: 'hand-back', id: job.id })

  const look = setInterval(() => {
    // Another worker has taken the job over, because this one was silent for too long: what it does from now on is lost.
    if (!claim.holds()) process.exit(folderCodes.stopped)
    if (existsSync(join(folder, 'cancel'))) runner.take({ type: 'cancel', id: job.id })
    else if (existsSync(join(folder, 'pause'))) handBack()
  }, lookMilliseconds)
  // A scheduler sends this shortly before the time is up.
  process.on('SIGUSR1', handBack)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => settle(folderCodes.stopped))

  async function take(message: FromWorker): Promise<void> {
    try {
      switch (message.type) {
        case 'paused':
          return settle(folderCodes.again)
        case 'result': {
          const files = await hashedFiles(own)
          const result = { version: 1, output: paths.pack(message.output, home), files, host: hostname() }
          if (claim.holds()) writeWholeNow(join(folder, 'result.json'), JSON.stringify(result))
          return settle(folderCodes.done)
        }
        case 'cancelled':
          return settle(fail(folder, cancelledError(), true))
        case 'error':
          if (isDiskProblem(message.error.code)) {
            progress.add({ type: 'log', id: job.id, level: 'warn', text: message.error.message })
            return settle(folderCodes.again)
          }
          return settle(fail(folder, message.error, false))
        default:
          return progress.add(message)
      }
    } catch (thrown) {
      // Nothing can be written: the job is not lost, and somebody has to make room.
      process.stderr.write(`${toWireError(thrown).message}\n`)
      settle(folderCodes.again)
    }
  }

  function settle(code: number): void {
    clearInterval(look)
    progress.close()
    finish(end(folder, code))
  }

  progress.add({ type: 'log', id: job.id, level: 'info', text: `A worker on ${hostname()} has taken the job up.` })
  const { id, kind, threads } = job
  const input = paths.unpack(job.input, home)
  runner.take({ type: 'start', id, kind: kind as WorkKind, input, folder: own, home, threads })
  return promise
}

/** @throws LabError `bad-job-folder` */
function readJob(folder: string): JobFile {
  const path = join(folder, 'job.json')
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new LabError(
      'bad-job-folder',
      `${path} cannot be read. It is written by the lab; name the folder of a job.`,
      {
        cause
      }
    )
  }
  const job = jobFileSchema.safeParse(content)
  const problems = job.success ? [] : job.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  if (job.success && !(job.data.kind in workSchemas)) problems.push(`kind: "${job.data.kind}" is unknown here`)
  if (job.success && problems.length === 0) return job.data
  throw new LabError(
    'bad-job-folder',
    `${path} is no job that this version of the lab can run: ${problems.join('; ')}. Put the same version on both machines.`,
    { details: { problems } }
  )
}

function fail(folder: string, error: WireError, cancelled: boolean): number {
  writeWholeNow(join(folder, 'error.json'), JSON.stringify({ cancelled, error }))
  return folderCodes.failed
}

/** Leaves word of how it ended, for whoever did not start this process. */
function end(folder: string, code: number): number {
  try {
    writeWholeNow(join(folder, 'ended.json'), JSON.stringify({ code }))
  } catch {
    // The code itself says it as well.
  }
  return code
}

function cancelledError(): WireError {
  return { code: 'cancelled', message: 'The job was cancelled.', details: {}, cause: null }
}
