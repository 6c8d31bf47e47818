import type { Column } from '../../../contract/comparison.ts'
import { marks } from '../../../contract/marks.ts'
import { strategies } from '../../../contract/strategies.ts'
import { element } from './svg.ts'

/** The class that gives a column its colour; an ablation has its strategy's colour and a hollow mark. */
export function seriesClass(column: Pick<Column, 'strategy' | 'ablatedGroup'>): string {
  return `series ${column.strategy}${column.ablatedGroup === null ? '' : ' hollow'}`
}

/** A mark whose shape tells the strategy too, for people who do not see its colour; the screens use the same ones. */
export function mark(column: Pick<Column, 'strategy' | 'ablatedGroup'>, x: number, y: number): string {
  const { path, hollow } = marks[strategies[column.strategy].look.mark]
  const place = `translate(${x.toFixed(1)} ${y.toFixed(1)})`
  return element('path', { class: hollow ? 'mark open' : 'mark', d: path, transform: place })
}

/** The legend as HTML: a swatch with the mark, the name, and what papers call it where that is another name. */
export function legend(columns: readonly Column[], escape: (text: string) => string): string {
  const entries = columns.map((column) => {
    const { known } = strategies[column.strategy]
    const also = known === null ? '' : ` <span class="known">${escape(known)}</span>`
    return `<li class="${seriesClass(column)}"><svg viewBox="0 0 16 16" aria-hidden="true">${mark(column, 8, 8)}</svg>${escape(column.label)}${also}</li>`
  })
  return `<ul class="legend">${entries.join('')}</ul>`
}

/** The colours of all strategies as CSS variables, for one theme. */
export function seriesColours(theme: 'light' | 'dark'): string {
  return Object.entries(strategies)
    .map(([name, { look }]) => `--${name}: ${look[theme]};`)
    .join(' ')
}

/** Each series takes the colour of its strategy. */
export function seriesRules(): string {
  return Object.keys(strategies)
    .map((name) => `.series.${name} { --series: var(--${name}); }`)
    .join(' ')
}
