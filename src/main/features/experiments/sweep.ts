import { LabError } from '../../contract/error.ts'
import type { ExperimentSpec, Sweep, Variant } from '../../contract/experiments.ts'
import { setAt } from '../../naming/setting-path.ts'

/** More would be a table that nobody reads, and a family of tests in which nothing shows. */
const mostVariants = 100

/** What cannot be varied: it says what the experiment is made of, and has columns or rows of its own. */
const fixed: Readonly<Record<string, string>> = {
  name: 'an experiment has one name',
  targetIds: 'targets stand side by side anyway',
  strategies: 'strategies stand side by side anyway',
  rounds: 'every value gets the same rounds',
  ablateGroups: 'each group is left out in turn anyway',
  planned: 'it says what is tested, not what is computed',
  sweep: 'a sweep has no sweeps',
  place: 'it says where to compute, not what',
  indexPlace: 'it says where to compute, not what'
}

/** Every combination of the values of a sweep; one that changes nothing where there is none. Throws `bad-spec`. */
export function variantsOf(sweep: readonly Sweep[]): Variant[] {
  for (const { path } of sweep) {
    const why = fixed[path.split('.')[0]!]
    if (why !== undefined) throw new LabError('bad-spec', `"${path}" cannot be varied: ${why}.`, { details: { path } })
  }
  const paths = sweep.map(({ path }) => path)
  const twice = paths.find((path, at) => paths.indexOf(path) !== at)
  if (twice !== undefined) throw new LabError('bad-spec', `"${twice}" is varied twice. Name all its values together.`)
  const count = sweep.reduce((product, { values }) => product * values.length, 1)
  if (count > mostVariants)
    throw new LabError(
      'bad-spec',
      `The values that are varied have ${count} combinations; ${mostVariants} is the most. Ask for fewer.`
    )
  return sweep.reduce<Variant[]>(
    (all, { path, values }) => all.flatMap((one) => unique(values).map((value) => [...one, { path, value }])),
    [[]]
  )
}

/** The experiment with the values of one variant, and nothing left to vary. Throws `bad-spec` for settings that there are not. */
export function specOfVariant(spec: ExperimentSpec, variant: Variant): ExperimentSpec {
  const own = structuredClone({ ...spec, sweep: [] })
  for (const { path, value } of variant) setAt(own, path, structuredClone(value))
  return own
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}
