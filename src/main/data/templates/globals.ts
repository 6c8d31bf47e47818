/** Functions that a template may call. */
export const globalNames: readonly string[] = ['range', 'zip', 'dict', 'choice', 'namespace']
