/** How far the sealing of a dataset file is. */
export interface SealProgress {
  phase: 'source items' | 'full text' | 'merging full text' | 'saving'
  done: number
  total: number
}
