import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { availableParallelism, cpus, hostname, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { messageOf } from '../../contract/error.ts'
import type { Hello } from '../../contract/places.ts'
import type { Slurm } from './slurm.ts'

const run = promisify(execFile)

/** What this machine is, for the check of a place. */
export async function hello(root: string, slurm: Slurm): Promise<Hello> {
  const disk = await statfs(root)
  let scheduler: Hello['slurm'] = null
  let slurmProblem = 'There is no Slurm on this machine: sinfo was not found. Name the login node of the cluster.'
  try {
    scheduler = await slurm.describe()
  } catch (thrown) {
    slurmProblem = messageOf(thrown)
  }
  return {
    host: hostname(),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeBytes: disk.bavail * disk.bsize,
    gpus: await graphicsProcessors(),
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    slurm: scheduler,
    slurmProblem: scheduler === null ? slurmProblem : null
  }
}

async function graphicsProcessors(): Promise<string[]> {
  try {
    const { stdout } = await run('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { timeout: 20_000 })
    return stdout.split('\n').filter((line) => line !== '')
  } catch {
    return []
  }
}
