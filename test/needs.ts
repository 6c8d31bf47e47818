declare module 'vitest' {
  interface TaskMeta {
    /** Why it was skipped, for the list at the end of all tests. */
    reason?: string
  }
}

/** Options of a test, or of a group of tests, that is left out where something is missing; the reason says what. */
export function needs(there: unknown, reason: string): { skip?: true; meta?: { reason: string } } {
  return there ? {} : { skip: true, meta: { reason } }
}
