import type { StrategyName } from './strategies.ts'

/** By this name the demo's experiment is found again. Apart from the rest, so that the screens need no schemas for it. */
export const demoName = 'Demo: is retrieval worth it?'

/** What the sources of the demo's data and models begin with. */
export const demoSource = 'bundled:demo/'

/** What the demo compares: doing nothing, chance, the paper's two kinds of retrieval, and the second put into order by a reranker. */
export const demoStrategies = [
  'zero-shot',
  'random',
  'semantic',
  'dense',
  'recross'
] as const satisfies readonly StrategyName[]
