import type { z } from 'zod'
import { LabError } from '../../contract/error.ts'
import { setAt, valueAt } from '../../naming/setting-path.ts'

/** `tune.learningRate=1e-4`: values are JSON where they can be, else text. Throws `bad-option`, `no-such-setting`. */
export function applySetting(spec: Record<string, unknown>, setting: string): void {
  const at = setting.indexOf('=')
  if (at < 1)
    throw new LabError('bad-option', `"${setting}" is no setting. Write it as path=value, e.g. tune.epochs=1.`)
  setParts(spec, setting.slice(0, at), parseValue(setting.slice(at + 1)))
}

/** Of settings that have parts, those that are named; the others stay. */
function setParts(spec: Record<string, unknown>, path: string, value: unknown): void {
  if (!isGroup(value) || !isGroup(valueAt(spec, path))) return setAt(spec, path, value)
  for (const [name, part] of Object.entries(value)) setParts(spec, `${path}.${name}`, part)
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Settings with what the command line sets. Throws `no-such-setting`, and `bad-option` where a value is not what its setting takes. */
export function withSettings<T extends z.ZodType>(
  schema: T,
  settings: Record<string, unknown>,
  given: readonly string[]
): z.output<T> {
  for (const setting of given) applySetting(settings, setting)
  const checked = schema.safeParse(settings)
  if (checked.success) return checked.data
  refuseSet(checked.error.issues, given)
  throw checked.error
}

/** Throws `bad-option` where what is wrong was set on the command line, as `path=value`. */
export function refuseSet(
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
  given: readonly string[]
): void {
  for (const { path, message } of issues) {
    const name = path.map(String).join('.')
    const setting = given.find((one) => {
      const set = one.slice(0, one.indexOf('='))
      return name === set || name.startsWith(`${set}.`)
    })
    if (setting === undefined) continue
    const list = /expected array, received string/.test(message)
      ? ` Write a list: ${setting.slice(0, setting.indexOf('='))}='["first","second"]'.`
      : ''
    throw new LabError('bad-option', `"${setting}" does not fit its setting. ${message}.${list}`, {
      details: { path: name }
    })
  }
}

export function parseValue(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
