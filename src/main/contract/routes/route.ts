import { oc } from '@orpc/contract'
import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'

/** What routes are made of. Errors that a person can act on cross as LAB_ERROR with their code. */
export const route = oc.errors({
  LAB_ERROR: {
    data: z.object({
      /** Names the kind of mistake, and never changes. */
      code: z.string(),
      /** What a program may want to know: names, numbers, paths. */
      details: z.record(z.string(), z.unknown()),
      /** What led to it, in a line; null: nothing else. */
      cause: textOrNone
    })
  }
})

/** Input of routes about one thing. */
export const id = z.object({
  /** Id of the thing. */
  id: z.string()
})

/** Input of routes that ask for nothing. */
export const none = z.object({}).default({})

/** A page of a list: at most `limit` things, from number `offset` on, counted from 0. */
export const page = { limit: z.int().min(1).max(1000).default(50), offset: z.int().min(0).default(0) }
