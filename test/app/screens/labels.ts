import type { Page } from '@playwright/test'

/** Words of charts that lie over each other or are cut by their picture, on the page as it is drawn now. */
export function clashingLabels(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    // Charts draw themselves anew in the frame after their box has changed.
    for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame)
    /** Letters touch without being unreadable. */
    const slack = 1.5
    const found = new Set<string>()
    for (const svg of document.querySelectorAll('main svg')) {
      const edge = svg.getBoundingClientRect()
      if (edge.width <= 1 || edge.height <= 1) continue
      const labels = [...svg.querySelectorAll('text')].flatMap((text) => {
        // The box of the letters alone: that of a text holds its title too, and more than a line's height.
        const range = document.createRange()
        const letters = [...text.childNodes].filter((node) => node.nodeType === 3 && node.textContent?.trim())
        const spans = letters.length > 0 ? letters : [...text.querySelectorAll('tspan')]
        if (spans.length === 0 || getComputedStyle(text).visibility === 'hidden') return []
        range.setStartBefore(spans[0]!)
        range.setEndAfter(spans.at(-1)!)
        const box = range.getBoundingClientRect()
        const said = spans
          .map((one) => one.textContent?.trim())
          .join(' ')
          .slice(0, 40)
        return box.width > 1 ? [{ box, said }] : []
      })
      for (const [at, { box, said }] of labels.entries()) {
        if (box.left < edge.left - slack || box.right > edge.right + slack)
          found.add(
            `out of its picture by ${Math.round(Math.max(edge.left - box.left, box.right - edge.right))}: "${said}"`
          )
        for (const other of labels.slice(at + 1)) {
          const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left)
          const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top)
          // A line's box is higher than its letters.
          if (wide > slack && high > 0.3 * Math.min(box.height, other.box.height))
            found.add(`"${said}" and "${other.said}" lie over each other by ${Math.round(wide)} x ${Math.round(high)}`)
        }
      }
    }
    return [...found]
  })
}

/** How many words of charts there are. */
export function labelCount(page: Page): Promise<number> {
  return page.locator('main svg text').count()
}
