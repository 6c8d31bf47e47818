import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeWholeNow } from '../../files/durable.ts'
import { removeInsideNow } from '../../files/remove.ts'

/** A job that this process works on. */
export interface Claim {
  /** Has no other worker taken it over? */
  holds(): boolean
  release(): void
}

const beatMilliseconds = 1000
/** A holder whose beat stands still for so many looks of the watcher is gone. The watcher's own clock counts, not that of files. */
const silentLooks = 20

interface Holder {
  host: string
  pid: number
  beat: number
}

/**
 * Takes the job of a folder for this process: `holder-<n>.json` is made by one process only, and whoever has the highest number
 * has the job. A job that somebody else holds is waited for; one whose holder died is taken over. Null once `over` says that
 * the other one has brought it to its end.
 */
export async function takeJob(folder: string, over: () => boolean): Promise<Claim | null> {
  let seen = ''
  let still = 0
  for (;;) {
    if (over()) return null
    const number = highest(folder)
    const holder = number === 0 ? null : readHolder(folder, number)
    const text = `${number} ${JSON.stringify(holder)}`
    still = text === seen ? still + 1 : 0
    seen = text
    if (number === 0 || isGone(folder, holder, number) || still >= silentLooks) {
      const claim = claimNumber(folder, number + 1)
      if (claim !== null) return claim
    }
    await sleep(beatMilliseconds)
  }
}

function claimNumber(folder: string, number: number): Claim | null {
  const path = nameOf(folder, number)
  const own: Holder = { host: hostname(), pid: process.pid, beat: 0 }
  try {
    writeFileSync(path, JSON.stringify(own), { flag: 'wx', mode: 0o600, flush: true })
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw thrown
  }
  const holds = () => !existsSync(nameOf(folder, number + 1))
  const beat = setInterval(() => {
    own.beat++
    try {
      if (holds()) writeWholeNow(path, JSON.stringify(own))
    } catch {
      // A full disk: the job itself will say so.
    }
  }, beatMilliseconds)
  beat.unref()
  return {
    holds,
    release() {
      clearInterval(beat)
      // The number stays taken; an empty holder is one that has let go.
      if (holds()) writeWholeNow(path, 'null')
    }
  }
}

function isGone(folder: string, holder: Holder | null, number: number): boolean {
  if (holder === null) return existsSync(nameOf(folder, number))
  if (holder.host !== hostname()) return false
  try {
    process.kill(holder.pid, 0)
    // A number that was given to another process meanwhile: its beat will stand still.
    return false
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function readHolder(folder: string, number: number): Holder | null {
  try {
    return JSON.parse(readFileSync(nameOf(folder, number), 'utf8')) as Holder | null
  } catch {
    // It is being written at this moment.
    return { host: '', pid: 0, beat: -1 }
  }
}

function highest(folder: string): number {
  const numbers = readdirSync(folder).map((name) => Number(/^holder-(\d+)\.json$/.exec(name)?.[1] ?? 0))
  const [last = 0, ...older] = numbers.filter((number) => number > 0).sort((a, b) => b - a)
  for (const number of older.slice(1)) removeInsideNow(folder, nameOf(folder, number))
  return last
}

function nameOf(folder: string, number: number): string {
  return join(folder, `holder-${number}.json`)
}
