/** What a word of the field means, in one sentence. */
export interface Term {
  name: string
  means: string
}
