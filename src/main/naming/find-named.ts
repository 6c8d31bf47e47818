import { LabError } from '../contract/error.ts'
import { nearestName } from './nearest-name.ts'

/** What can be meant by its id or by its name. */
export interface Called {
  readonly id: string
  readonly name: string
}

/** So many names are said where nothing is near what was wanted. */
const mostNames = 8

/**
 * The thing that is meant: by its id, else by its name.
 * @param noun what such a thing is called, as in "There is no target …"
 * @throws LabError `not-found`, with the name that was probably meant; `name-ambiguous`, with the ids of all that have that name
 */
export function findNamed<T extends Called>(noun: string, things: readonly T[], wanted: string): T {
  const byId = things.find(({ id }) => id === wanted)
  if (byId !== undefined) return byId
  const called = things.filter(({ name }) => name === wanted)
  if (called.length === 1) return called[0]!
  const details = { noun, wanted }
  if (called.length > 1) {
    const ids = called.map(({ id }) => id)
    throw new LabError(
      'name-ambiguous',
      `${called.length} things answer to "${wanted}" where one ${noun} is meant. Use an id: ${ids.join(', ')}.`,
      { details: { ...details, ids } }
    )
  }
  throw new LabError('not-found', `There is no ${noun} "${wanted}". ${advice(things, wanted)}`, { details })
}

function advice(things: readonly Called[], wanted: string): string {
  if (things.length === 0) return 'There is none yet.'
  const near = nearestName(wanted, [...new Set(things.flatMap(({ id, name }) => [name, id]))])
  if (near !== null) return `Did you mean "${near}"?`
  const names = [...new Set(things.map(({ name }) => name))]
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
  return `There are: ${names.slice(0, mostNames).join(', ')}${more}.`
}
