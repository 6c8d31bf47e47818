import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Job, JobStatus } from '../../src/main/contract/jobs.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { Lab, type LabOptions } from '../../src/main/hosts/lab.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'

/** A home folder that goes with the test. */
export function newHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'recross-home-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** A real lab with real workers in a fresh home, closed with the test. */
export async function openLab(options: Partial<LabOptions> = {}): Promise<Lab> {
  const home = options.home ?? newHome()
  const lab = await Lab.open({ host: 'cli', workers: forkStarter(workerEntry()), ...options, home })
  onTestFinished(() => lab.close())
  return lab
}

/** Waits until what the start of a lab cleans by itself is done, so that it takes nothing that a test leaves. */
export async function cleaned(lab: Lab): Promise<void> {
  await until(
    () => lab.services.store.cleanings.last(),
    (at) => at !== null
  )
}

/** Waits until a job has one of these states, and returns it. */
export async function untilJob(lab: Lab, id: string, ...status: JobStatus[]): Promise<Job> {
  return until(
    () => lab.services.jobs.get(id),
    (job) => status.includes(job.status)
  )
}

/** Asks again until the answer is right. */
export async function until<T>(ask: () => T | Promise<T>, right: (answer: T) => boolean, seconds = 240): Promise<T> {
  const end = Date.now() + seconds * 1000
  while (true) {
    const answer = await ask()
    if (right(answer)) return answer
    if (Date.now() > end) throw new Error(`Waited ${seconds} s in vain; last seen: ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
