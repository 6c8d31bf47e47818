import type { PlaceSettings } from '../contract/places.ts'
import type { Needs } from '../contract/worker-messages.ts'
import type { SlurmOptions } from './agent/protocol.ts'

/** What of the cluster a place's jobs meet, as it was checked. */
export interface Nodes {
  /** Memory of the largest node that may be used, in MB; null where nobody has looked. */
  memoryMegabytes: number | null
  /** Whether Slurm has graphics processors there. */
  graphics: boolean
}

/** Less is asked for nothing: clusters give as much with every core. */
const leastMegabytes = 1024
/** Estimates are rough: jobs that need about the same go as one array. */
const stepMegabytes = 512

/**
 * What Slurm is asked for, for a job that needs this, or (null) for one that needs nothing special. What the place's owner has set goes
 * before what the job is thought to need; `attempt` counts from 0 how often a job has been ended for want of memory.
 */
export function slurmOptionsOf(
  settings: PlaceSettings,
  needs: Needs | null,
  nodes: Nodes,
  { name = 'recross-lab', attempt = 0 } = {}
): SlurmOptions {
  const { partition, account, minutes, threads, extra, atOnce } = settings
  const memoryMegabytes = settings.memoryMegabytes || memoryFor(needs, nodes, attempt)
  return {
    ...{ name, partition, account, minutes, cores: threads, memoryMegabytes, extra, atOnce },
    gpus: graphicsFor(settings, needs, nodes)
  }
}

/** 0: what the partition gives. */
function memoryFor(needs: Needs | null, { memoryMegabytes: most }: Nodes, attempt: number): number {
  if (needs === null) return 0
  const wanted = (needs.memoryBytes / 1e6) * 1.25 * 2 ** attempt
  const asked = Math.max(leastMegabytes, Math.ceil(wanted / stepMegabytes) * stepMegabytes)
  // An estimate is no reason for Slurm to refuse a job: at most a whole node.
  return most === null ? asked : Math.min(asked, most)
}

/** A job takes one; that of an owner who says how many, so many. */
function graphicsFor({ gpus }: PlaceSettings, needs: Needs | null, { graphics }: Nodes): number {
  if (needs === null || needs.graphics === 'no') return 0
  if (needs.graphics === 'may') return gpus
  return Math.max(gpus, graphics ? 1 : 0)
}
