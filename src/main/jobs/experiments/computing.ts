import type { ExperimentSpec } from '../../contract/experiments.ts'
import type { Model } from '../../contract/models.ts'

/**
 * Up to this many weights a second core gains next to nothing: a step is a few hundred small kernels, and dividing each
 * of them costs what it saves. Measured with the demo's model: 27.2 ms a step on one core, 25.4 ms on two.
 */
const smallModel = 16e6

/**
 * On what the runs of an experiment compute. Runs of a small model take one core each, as many side by side as there are
 * cores; those of larger ones take everything, one after the other. Nor does a small model gain from a graphics
 * processor, so that `auto` is the CPU for it.
 */
export function computingOf(
  { provider }: Pick<ExperimentSpec, 'provider'>,
  { parameters }: Pick<Model, 'parameters'>
): { provider: ExperimentSpec['provider']; cores: 1 | null } {
  const small = parameters <= smallModel && (provider === 'cpu' || provider === 'auto')
  return small ? { provider: 'cpu', cores: 1 } : { provider, cores: null }
}
