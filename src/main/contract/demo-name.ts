import type { StrategyName } from './strategies.ts'

/** By this name the demo's experiment is found again. Apart from the rest, so that the screens need no schemas for it. */
export const demoName = 'Demo: is retrieval worth it?'

/** What the sources of the demo's data and models begin with. */
export const demoSource = 'bundled:demo/'

/** What the demo compares: doing nothing, chance, and the paper's two kinds of retrieval. */
export const demoStrategies = ['zero-shot', 'random', 'semantic', 'dense'] as const satisfies readonly StrategyName[]
