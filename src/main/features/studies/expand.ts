import { LabError, problemsOf } from '../../contract/error.ts'
import { experimentSpecSchema, type ExperimentSpec } from '../../contract/experiments.ts'
import type { Study } from '../../contract/study.ts'

const mostVariants = 200

/** One study for every combination of the values that `vary` names. Throws `bad-study`. */
export function variantsOf({ vary, ...study }: Study): { label: string; changes: [string, unknown][] }[] {
  const paths = Object.entries(vary ?? {})
  const count = paths.reduce((product, [, values]) => product * values.length, 1)
  if (count > mostVariants)
    throw new LabError(
      'bad-study',
      `"vary" asks for ${count} experiments; ${mostVariants} is the most. Ask for fewer values.`
    )
  const combinations = paths.reduce<[string, unknown][][]>(
    (all, [path, values]) => all.flatMap((one) => values.map((value) => [...one, [path, value] as [string, unknown]])),
    [[]]
  )
  const name = study.name ?? ''
  return combinations.map((changes) => ({
    label: [name, ...changes.map(([path, value]) => `${path}=${JSON.stringify(value)}`)].filter(Boolean).join(', '),
    changes
  }))
}

/** Throws `bad-study`, naming every field that is wrong. */
export function checkSpec(spec: unknown): ExperimentSpec {
  const checked = experimentSpecSchema.safeParse(spec)
  if (checked.success) return checked.data
  const problems = problemsOf(checked.error)
  throw new LabError('bad-study', `This is no whole experiment. ${problems.join('; ')}.`, { details: { problems } })
}
