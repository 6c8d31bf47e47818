import { LabError } from '../contract/error.ts'
import { nearestName } from './nearest-name.ts'

/** Sets `tune.learningRate` and the like. Throws `no-such-setting` for settings that there are not. */
export function setAt(spec: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split('.')
  let inner = spec
  for (const step of steps.slice(0, -1)) {
    const next = Object.hasOwn(inner, step) ? inner[step] : undefined
    if (typeof next !== 'object' || next === null || Array.isArray(next)) throw noSetting(path, step, inner)
    inner = next as Record<string, unknown>
  }
  const last = steps.at(-1)!
  if (!Object.hasOwn(inner, last)) throw noSetting(path, last, inner)
  inner[last] = value
}

/** What a setting is. Throws `no-such-setting` for settings that there are not. */
export function valueAt(spec: object, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, step) => {
    if (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step))
      return (inner as Record<string, unknown>)[step]
    throw noSetting(path, step, typeof inner === 'object' && inner !== null ? inner : {})
  }, spec)
}

function noSetting(path: string, step: string, inner: object): LabError {
  const known = Object.keys(inner)
  const near = nearestName(step, known)
  const advice = near === null ? `There are: ${known.join(', ')}.` : `Did you mean "${near}"?`
  return new LabError('no-such-setting', `There is no setting "${path}". ${advice}`, { details: { path, known } })
}
