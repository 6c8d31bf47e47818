import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { ErrorCode } from '../../src/main/contract/error-codes.ts'
import { LabError } from '../../src/main/contract/error.ts'
import { experimentSpecSchema } from '../../src/main/contract/experiments.ts'
import { miningSettingsSchema } from '../../src/main/contract/minings.ts'
import { rerankerSettingsSchema } from '../../src/main/contract/reranking.ts'
import { retrieverSettingsSchema } from '../../src/main/contract/retrievers.ts'
import { tuneSettingsSchema } from '../../src/main/contract/run-settings.ts'
import { presetSpec } from '../../src/main/features/experiments/presets.ts'
import { exitCodeOf, exitCodes } from '../../src/main/hosts/cli/exit-codes.ts'
import { withSettings } from '../../src/main/hosts/cli/set-values.ts'

/** Settings that `--set` and the like reach, as they are where nobody sets any. */
const reached: Record<string, { schema: z.ZodType; usual: () => Record<string, unknown> }> = {
  tune: { schema: tuneSettingsSchema, usual: () => ({ ...presetSpec('paper').tune }) },
  mining: { schema: miningSettingsSchema, usual: () => ({ ...miningSettingsSchema.parse({}) }) },
  reranker: { schema: rerankerSettingsSchema, usual: () => ({ ...rerankerSettingsSchema.parse({}) }) },
  retriever: { schema: retrieverSettingsSchema, usual: () => ({ ...retrieverSettingsSchema.parse({}) }) },
  experiment: {
    schema: experimentSpecSchema,
    usual: () =>
      structuredClone({ ...presetSpec('paper'), name: 'x', models: { base: 'b' }, datasetId: 'd', targetIds: ['t'] })
  }
}

/** Every setting by its path, those inside of others too. */
function pathsOf(settings: object, before = ''): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    const path = `${before}${name}`
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? pathsOf(value, `${path}.`) : []
    return [path, ...inner]
  })
}

describe.each(Object.entries(reached))('--set of %s', (_name, { schema, usual }) => {
  test.each(pathsOf(usual()))('%s refuses as wrong usage what it cannot be', (path) => {
    const code = codeOf(() => withSettings(schema, usual(), [`${path}=[{}]`]))
    expect({ path, code, exit: exitCodeOf(code as ErrorCode) }).toEqual({
      path,
      code: 'bad-option',
      exit: exitCodes.usage
    })
  })

  test('of settings with parts only those change that are named, and one that there is not is told', () => {
    for (const path of pathsOf(usual()).filter((one) =>
      pathsOf(usual()).some((other) => other.startsWith(`${one}.`))
    )) {
      expect(
        codeOf(() => withSettings(schema, usual(), [`${path}={"no":1}`])),
        path
      ).toBe('no-such-setting')
      expect(withSettings(schema, usual(), [`${path}={}`])).toEqual(withSettings(schema, usual(), []))
    }
  })

  test('a setting that there is not, and text that sets nothing', () => {
    expect(codeOf(() => withSettings(schema, usual(), ['no.such=1']))).toBe('no-such-setting')
    for (const text of ['epochs', '=1', ''])
      expect(codeOf(() => withSettings(schema, usual(), [text]))).toBe('bad-option')
    expect(() => withSettings(schema, usual(), [])).not.toThrow()
  })
})

function codeOf(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (thrown) {
    return thrown instanceof LabError ? thrown.code : `crash: ${String(thrown)}`
  }
}
