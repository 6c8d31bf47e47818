import type { z } from 'zod'
import type { indexRefs } from './refs.ts'

/** The models that made these indices, and that embed what is searched in them. */
export function encodersOf(indices: z.output<typeof indexRefs>): string[] {
  return indices.map(({ encoder }) => encoder.modelId)
}

/** The id, where one is given. */
export function given(id: string | undefined): string[] {
  return id === undefined ? [] : [id]
}
