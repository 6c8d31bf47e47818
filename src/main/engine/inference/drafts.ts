/**
 * Drafts of what an answer will say next, from the input's own words (Saxena, "Prompt lookup decoding", 2023): where the last ids of the
 * answer stand in the input, it may go on as the input does. All drafted ids are read in one step, and those stay that the model would
 * have chosen itself: the answer is the same, and a step writes several ids of it.
 */
const longestMatch = 3
const longestDraft = 8
/**
 * With more answers side by side a step is limited by arithmetic, and not by reading weights: each drafted id then costs as much as one
 * that is written.
 */
const mostRows = 4

export class Drafts {
  readonly #source: readonly number[]
  /** As long as drafts are right they become longer. */
  #length = longestDraft / 2

  constructor(source: readonly number[]) {
    this.#source = source
  }

  /** Whether drafts pay with so many answers side by side. */
  static pay(rows: number): boolean {
    return rows <= mostRows
  }

  /** Ids that may follow these, at most so many; none where the input says nothing. */
  propose(written: readonly number[], most: number): readonly number[] {
    const length = Math.min(this.#length, most)
    if (length < 1) return []
    // After drafts that were wrong, a single id that both have in common is no reason for another.
    const least = this.#length === 1 ? 2 : 1
    for (let match = Math.min(longestMatch, written.length); match >= least; match--) {
      const found = this.#find(written.slice(-match))
      if (found !== null) return this.#source.slice(found, found + length)
    }
    return []
  }

  /** How many of so many drafted ids were right. */
  learn(drafted: number, right: number): void {
    if (drafted === 0) return
    if (right === drafted) this.#length = Math.min(longestDraft, 2 * this.#length)
    else if (right === 0) this.#length = Math.max(1, this.#length >> 1)
  }

  /** Behind the first place in the input where these ids stand, something following; null where they do not. */
  #find(ids: readonly number[]): number | null {
    for (let start = 0; start + ids.length < this.#source.length; start++) {
      if (ids.every((id, at) => this.#source[start + at] === id)) return start + ids.length
    }
    return null
  }
}
