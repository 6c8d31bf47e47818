import type { ExperimentSpec, Variant } from '../../contract/experiments.ts'
import { isTuned } from '../../contract/strategies.ts'
import { variantKey } from '../../contract/sweep.ts'
import { specOfVariant, variantsOf } from './sweep.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import { neededIndices, type NeededIndex } from './needed-indices.ts'
import { normalise, resolveSpec, type ResolvedSpec } from './resolve.ts'
import { prepareRuns, type PreparedRun } from './run-inputs.ts'
import { upstreamLeft } from './upstream-left.ts'

/** One combination of the values of a sweep, with the things that it names. */
export interface PreparedVariant {
  variant: Variant
  resolved: ResolvedSpec
  indices: NeededIndex[]
  runs: PreparedRun[]
  /** Upstream examples that the filters leave. */
  left: number
}

export interface PreparedExperiment {
  /** As it was asked for: with its sweep, zero-shot in front. */
  spec: ExperimentSpec
  /** One where nothing is varied. */
  variants: PreparedVariant[]
  /** The runs of all variants in the order in which they are computed. One that is the same for every value stands once. */
  runs: PreparedRun[]
}

/** The variants of an experiment, looked up. Throws as `resolveSpec` and `upstreamLeft` do, for the first value that does not fit. */
export function resolveVariants(
  asked: ExperimentSpec,
  store: Store,
  home: HomeFolder
): Pick<PreparedVariant, 'variant' | 'resolved' | 'left'>[] {
  const spec = normalise(asked)
  return variantsOf(spec.sweep).map((variant) => {
    const resolved = resolveSpec(specOfVariant(spec, variant), store)
    return { variant, resolved, left: upstreamLeft(resolved, home) }
  })
}

/** Everything that an experiment computes, with what decides its numbers. */
export function prepareExperiment(asked: ExperimentSpec, store: Store, home: HomeFolder): PreparedExperiment {
  const variants = resolveVariants(asked, store, home).map(({ variant, resolved, left }) => {
    const indices = neededIndices(resolved, store, home)
    return { variant, resolved, indices, left, runs: prepareRuns(resolved, indices, home) }
  })
  return { spec: normalise(asked), variants, runs: inOrder(variants).map(({ run }) => run) }
}

/** Zero-shot first, then round by round, so that one can compare soonest; runs without a group come last. */
function inOrder(variants: readonly PreparedVariant[]): { run: PreparedRun; at: number }[] {
  const all = variants.flatMap(({ variant, runs }, at) =>
    runs.flatMap((run) => {
      const twins = variants.map((other) => other.runs.find(({ planned }) => planned.key === run.planned.key))
      const same = twins.every((twin) => twin?.fingerprint === run.fingerprint)
      if (same) return at === 0 ? [{ run, at }] : []
      return [{ run: run.as(variant, `${run.planned.key} [${variantKey(variant)}]`), at }]
    })
  )
  const rank = ({ run: { planned } }: (typeof all)[number]): number =>
    !isTuned(planned.strategy) ? -1 : planned.ablatedGroup === null ? planned.round : 1000 + planned.round
  return all.sort((a, b) => rank(a) - rank(b) || a.at - b.at)
}
