/** Inputs are cut at so many tokens when nothing else is asked for. */
export const defaultIndexTokens = 512

/**
 * The one rule for where an index cuts its inputs, in experiments, on the command line and in the wizard: where it was asked to,
 * but never beyond what the encoder reads.
 * @param limit of the encoder: positions, max_seq_length, model_max_length, whichever is the shortest; null: none
 */
export function indexTokens(asked: number, limit: number | null): number {
  return limit === null ? asked : Math.min(asked, limit)
}
