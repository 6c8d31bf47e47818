/** Tables that a checkpoint holds twice although they are one. */
import { architectureOf, type ModelConfig } from './architectures/index.ts'
import type { Notes } from './closed.ts'
import type { LocatedParameter } from './locate.ts'
import type { Checkpoint } from './weights/checkpoint.ts'

/**
 * The parameters without the copies of tied tables, so that training changes one table and not two. Copies that differ stay: as
 * Transformers 5 does it, and unlike version 4, the file wins over the configuration.
 */
export async function withoutTiedCopies(
  config: ModelConfig,
  parameters: readonly LocatedParameter[],
  checkpoint: Pick<Checkpoint, 'read' | 'info'>,
  notes: Notes
): Promise<LocatedParameter[]> {
  if (!architectureOf(config).tied(config)) return [...parameters]
  const kept: LocatedParameter[] = []
  for (const parameter of parameters) {
    const original = parameters.find(({ name }) => name === parameter.insteadOf)
    if (parameter.source === null || !original?.source) kept.push(parameter)
    else if (!(await same(checkpoint, parameter.source, original.source))) {
      kept.push(parameter)
      notes.push(
        `config.json ties ${parameter.source} to ${original.source}, but the file holds different numbers for both. ` +
          'They are used as they are, as Transformers 5 does; version 4 used the second for both.'
      )
    }
  }
  return kept
}

/** The same by what config.json says alone, before there are any numbers to compare. */
export function untiedParameters(
  config: ModelConfig,
  parameters: readonly LocatedParameter[]
): readonly LocatedParameter[] {
  if (!architectureOf(config).tied(config)) return parameters
  const has = new Set(parameters.filter(({ source }) => source !== null).map(({ name }) => name))
  return parameters.filter(({ source, insteadOf }) => source === null || insteadOf === null || !has.has(insteadOf))
}

async function same(checkpoint: Pick<Checkpoint, 'read' | 'info'>, a: string, b: string): Promise<boolean> {
  if (a === b || checkpoint.info(a).storage === checkpoint.info(b).storage) return true
  const [one, other] = [await checkpoint.read(a), await checkpoint.read(b)]
  return Buffer.from(one.buffer, one.byteOffset, one.byteLength).equals(
    Buffer.from(other.buffer, other.byteOffset, other.byteLength)
  )
}
