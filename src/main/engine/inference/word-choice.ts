/** Tells next words without the whole head. It stands here for the sessions that keep one and for what makes it of them. */
export interface WordChoice {
  /**
   * For each of the hidden states `[rows, width]` the word that the head chooses; null where this does not tell.
   * @param asked rows whose next word is asked for; where it is not, this does not tell
   * @param banned words that must not be chosen, by row
   */
  choose(
    hidden: Float32Array,
    asked: readonly number[],
    banned: (row: number) => ReadonlySet<number>
  ): Promise<(number | null)[]>
}
