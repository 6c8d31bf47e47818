import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import type { Services } from '../services.ts'
import { bytesUnder } from './housekeeping.ts'

/** Where this lab is, and on what computer. */
export async function homeOf(services: Services) {
  const { home, host, version, installation } = services
  const disk = await statfs(home.path)
  return {
    path: home.path,
    version,
    command: installation.command,
    host,
    freeBytes: disk.bavail * disk.bsize,
    usedBytes: await bytesUnder(home.path),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform}-${process.arch}`,
    notice: services.notice()
  }
}
