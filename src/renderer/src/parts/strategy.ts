import type { StrategyName } from '../../../main/contract/experiments.ts'

/** All strategies in the order in which they are always shown. */
export const strategyOrder: readonly StrategyName[] = ['zero-shot', 'random', 'lexical', 'semantic', 'dense']

/** A CSS colour that follows the theme. */
export function strategyColour(strategy: StrategyName): string {
  return `var(--s-${strategy})`
}

/** How an ECharts symbol is filled: zero-shot is a ring, so that it differs from semantic without colour too. */
export function strategyStyle(strategy: StrategyName) {
  const color = strategyColour(strategy)
  return strategy === 'zero-shot'
    ? { color: 'transparent', borderColor: color, borderWidth: 2.5 }
    : { color, opacity: 0.85 }
}

/** The strategy's mark as an ECharts symbol. */
export const strategySymbols: Record<StrategyName, string> = {
  'zero-shot': 'circle',
  random: 'triangle',
  semantic: 'circle',
  dense: 'diamond',
  lexical: 'rect'
}
