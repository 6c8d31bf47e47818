import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { LabError } from '../../src/main/contract/error.ts'
import { toWireError } from '../../src/main/contract/wire-error.ts'

/** Any schema's error, at any depth: as a cause it is a line, and is left out where the message has said it. */
const faulty = fc.constantFrom(
  z.object({ size: z.number() }).safeParse({ size: 'many' }).error!,
  z.object({ a: z.object({ b: z.literal(1) }), c: z.string() }).safeParse({ a: { b: 2 } }).error!,
  z.union([z.string(), z.object({ x: z.boolean() })]).safeParse(5).error!
)

test('the document that a schema throws reaches nobody', () => {
  fc.assert(
    fc.property(faulty, fc.boolean(), fc.boolean(), (schema, says, wrapped) => {
      const said = says ? schema.issues.map(({ message }) => message).join('; ') : 'The file is wrong'
      const cause = wrapped ? new Error('Not read', { cause: schema }) : schema
      const { cause: line } = toWireError(new LabError('model-file-invalid', `${said}.`, { cause }))
      if (says && !wrapped) expect(line).toBeNull()
      else expect(line).not.toMatch(/[[{\n]/)
      for (const { message } of schema.issues) expect(`${said} ${line}`).toContain(message)
    })
  )
})
