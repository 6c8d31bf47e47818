import { marks } from '../../../main/contract/marks.ts'
import { strategies, strategyNames, type StrategyName } from '../../../main/contract/strategies.ts'

/** A CSS colour that follows the theme. */
export function strategyColour(strategy: StrategyName): string {
  return `var(--s-${strategy})`
}

/** The colours of all strategies, written into the page once: the table of strategies is their only home. */
export function addStrategyColours(page: Document): void {
  const variables = (theme: 'light' | 'dark') =>
    strategyNames.map((name) => `--s-${name}: ${strategies[name].look[theme]};`).join(' ')
  const style = page.createElement('style')
  style.textContent = `:root { ${variables('light')} } .dark { ${variables('dark')} }`
  page.head.append(style)
}

export function strategyShape(strategy: StrategyName): (typeof marks)[keyof typeof marks] {
  return marks[strategies[strategy].look.mark]
}

/** How an ECharts symbol is filled: a hollow one is a ring, so that it differs without colour too. */
export function strategyStyle(strategy: StrategyName) {
  const color = strategyColour(strategy)
  return strategyShape(strategy).hollow
    ? { color: 'transparent', borderColor: color, borderWidth: 2.5 }
    : { color, opacity: 0.85 }
}

/** The strategy's mark as an ECharts symbol. */
export function strategySymbol(strategy: StrategyName): string {
  return `path://${strategyShape(strategy).path}`
}
