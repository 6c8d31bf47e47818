import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../src/main/contract/error.ts'
import type { Campaign } from '../campaign.ts'

export type Report = Parameters<Campaign['run']>[0]

/** Which parts of the long form run, by name and with commas between; default: all of them. */
const wanted = process.env['RECROSS_CLUSTER_PARTS']?.split(',') ?? null

/** One part of the campaign, where it is wanted. */
export async function part(report: Report, name: string, minutes: number, work: () => Promise<void>): Promise<void> {
  if (wanted === null || wanted.includes(name)) await guarded(report, name, minutes, work)
}

/** What the work throws, or that it is not over after so many minutes, is a figure that does not hold, and what comes next follows. */
export async function guarded(report: Report, name: string, minutes: number, work: () => Promise<void>): Promise<void> {
  try {
    await within(minutes, work())
  } catch (thrown) {
    const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown)
    process.stderr.write(`${name}: ${detail}\n`)
    report({ name: `${name} comes to its end`, value: 0, unit: '', aim: '1', holds: false, detail: messageOf(thrown) })
  }
}

/** Throws when the work takes longer; it is then left to itself, with what it has begun. */
export async function within<T>(minutes: number, work: Promise<T>): Promise<T> {
  const guard = new AbortController()
  const late = sleep(minutes * 60_000, undefined, { signal: guard.signal }).then(() => {
    throw new Error(`It was not over after ${minutes} minutes.`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    guard.abort()
    late.catch(() => undefined)
    // What the work throws after its time is nobody's any more.
    work.catch(() => undefined)
  }
}
