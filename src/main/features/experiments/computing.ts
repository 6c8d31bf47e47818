import { totalmem } from 'node:os'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import type { TuneSettings } from '../../contract/run-settings.ts'
import type { Model } from '../../contract/models.ts'
import type { Place } from '../../contract/places.ts'
import { tuningBytes } from '../../costs/memory.ts'
import type { Processor } from '../../machine/computed-on.ts'

/**
 * Up to this many weights a second core gains next to nothing: a step is a few hundred small kernels, and dividing each
 * of them costs what it saves. Measured with the demo's model: 27.2 ms a step on one core, 25.4 ms on two.
 */
const smallModel = 16e6

/** Where nothing is said of the tuning: all weights, as the lab tunes by default. */
const usual = { method: 'full', batchSize: 4, maxInputTokens: 512, maxOutputTokens: 64 } as const

export interface Computing {
  provider: ExperimentSpec['provider']
  /** Cores that a run takes; null: all. */
  cores: number | null
  /** How many runs go side by side. */
  atOnce: number
}

/** What the runs of an experiment may share: cores, and memory in bytes. */
export interface Machine {
  cores: number
  memory?: number
}

/**
 * On what the runs of an experiment compute. Runs of a small model take one core each, as many side by side as there are
 * cores, or as fit into half the memory; those of larger ones take everything, one after the other. Nor does a small model
 * gain from a graphics processor, so that `auto` is the CPU for it, but where half precision was asked for, which needs one.
 */
export function computingOf(
  { provider, tune }: Pick<ExperimentSpec, 'provider'> & { tune?: Partial<TuneSettings> },
  model: Pick<Model, 'parameters' | 'hiddenSize'>,
  { cores: all, memory = totalmem() }: Machine
): Computing {
  const onCpu = provider === 'cpu' || (provider === 'auto' && tune?.precision !== 'half')
  const small = model.parameters <= smallModel && onCpu
  if (!small) return { provider, cores: null, atOnce: 1 }
  const fitting = Math.max(1, Math.floor(memory / 2 / tuningBytes(model, { ...usual, ...tune })))
  const cores = Math.ceil(all / fitting)
  return { provider: 'cpu', cores, atOnce: Math.floor(all / cores) }
}

/** That of the place when it was last looked at; nodes of a cluster may differ, and a run keeps its own with its versions. */
export function processorOf({ id, check }: Place): Processor {
  return check?.hello ?? { platform: 'unknown', processor: `unknown processor of ${id}` }
}
