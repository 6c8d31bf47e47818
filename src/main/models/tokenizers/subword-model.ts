/** Cuts one word into pieces of the vocabulary. */
export interface SubwordModel {
  readonly ids: ReadonlyMap<string, number>
  /** Appends the ids of a word to `out`. */
  tokenize(word: string, out: number[]): void
}
