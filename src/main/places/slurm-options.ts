import type { PlaceSettings } from '../contract/places.ts'
import type { SlurmOptions } from './agent/protocol.ts'

/** What a place asks Slurm for, for each of its jobs. */
export function slurmOptionsOf(settings: PlaceSettings, name = 'recross-lab'): SlurmOptions {
  const { partition, account, minutes, threads, memoryMegabytes, gpus, extra, atOnce } = settings
  return { name, partition, account, minutes, cores: threads, memoryMegabytes, gpus, extra, atOnce }
}
