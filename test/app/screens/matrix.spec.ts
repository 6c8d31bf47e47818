import type { Page } from '@playwright/test'
import { addresses } from './addresses.ts'
import { expect, test } from './fixture.ts'

/**
 * Every address at every size, in usual and forced colours, in both languages: nothing stands out of the page, no text is cut without
 * a way to read it, no control is where nobody can reach it, and what a colour alone says is said otherwise too.
 */
const sizes = [
  { width: 1920, height: 1080 },
  { width: 1024, height: 640 }
]
const colours = ['none', 'active'] as const

for (const locale of ['en-GB', 'de-DE']) {
  test.describe(locale, () => {
    test.use({ locale })
    test('every address, size and set of colours', async ({ page, open }) => {
      const found: string[] = []
      await open('methods')
      for (const [name, address] of Object.entries(addresses)) {
        await page.evaluate((hash) => (location.hash = hash), `#/${address}`)
        await shown(page)
        for (const size of sizes) {
          await page.setViewportSize(size)
          for (const forcedColors of colours) {
            await page.emulateMedia({ forcedColors })
            const where = `${name}, ${size.width}, ${forcedColors === 'active' ? 'forced' : 'usual'} colours`
            found.push(...(await faults(page)).map((fault) => `${where}: ${fault}`))
          }
        }
      }
      expect(found).toEqual([])
    })
  })
}

/** Until the screen of the address is there and nothing of it loads any more. */
async function shown(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const { screen } = document.querySelector('main')!.dataset
    const [path = ''] = location.hash.slice(2).split('?')
    const there = screen === path || screen === 'not-found' || (screen === 'jobs' && path.startsWith('jobs/'))
    return there && document.querySelector('.skeleton') === null && document.fonts.status === 'loaded'
  })
}

/** What is wrong with the page as it is drawn now. */
function faults(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const hidden = (of: Element): boolean => of.closest('.sr-only, option') !== null
    // Charts draw themselves anew in the frame after their box has changed.
    for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame)
    const found = new Set<string>()
    const main = document.querySelector('main')!
    const over = Math.max(document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth)
    if (over > 1) found.add(`the page is ${over} pixels too wide`)
    const said = (of: Element): string =>
      `${of.tagName.toLowerCase()} "${(of.textContent.trim() || of.getAttribute('aria-label') || '').slice(0, 50)}"`
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const style = getComputedStyle(element)
      const box = element.getBoundingClientRect()
      // What is there for screen readers alone takes a pixel.
      if (box.width <= 1 || box.height <= 1 || style.visibility === 'hidden' || hidden(element)) continue
      const titled = element.closest('[title]') !== null
      const texts = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
      const cuts = style.overflowX === 'hidden' || style.overflowX === 'clip'
      if (cuts && texts && !titled && element.scrollWidth > element.clientWidth + 1) found.add(`cut: ${said(element)}`)
      if (element instanceof HTMLSelectElement && !titled) {
        const canvas = new OffscreenCanvas(1, 1).getContext('2d')!
        canvas.font = style.font
        const { width } = canvas.measureText(element.selectedOptions[0]?.text ?? '')
        const room = element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight)
        if (width > room + 1)
          found.add(`cut by ${Math.round(width - room)} pixels: select "${element.selectedOptions[0]?.text}"`)
      }
      if (matchMedia('(forced-colors: active)').matches && style.forcedColorAdjust !== 'none') {
        // A colour that the page sets for this one thing says something; so does a bar that is nothing but its background.
        if (element.style.background !== '' || element.style.backgroundColor !== '')
          found.add(
            `its colour is lost: ${element.tagName.toLowerCase()} title="${element.title}" ${element.className}`
          )
        const usual = /(^| )bg-(?!surface|canvas|sunken|line)/.test(element.getAttribute('class') ?? '')
        const bare = element.childElementCount === 0 && !texts && style.borderTopWidth === '0px'
        if (usual && bare && style.outlineStyle === 'none')
          found.add(
            `nothing is left of it: ${element.tagName.toLowerCase()} title="${element.title}" ${element.className}`
          )
      }
      if (!element.matches('a[href], button, input, select, textarea, [role=button], [role=tab]')) continue
      // What scrolls can be scrolled to; what cuts or the page's edge keeps a control away.
      for (let around = element.parentElement; around !== null; around = around.parentElement) {
        const outer = getComputedStyle(around)
        if (outer.overflowX === 'auto' || outer.overflowX === 'scroll') break
        const edge = around.getBoundingClientRect()
        const clips = outer.overflowX === 'hidden' || outer.overflowX === 'clip' || around === document.body
        if (clips && (box.right > edge.right + 2 || box.left < edge.left - 2)) {
          found.add(`out of reach: ${said(element)}`)
          break
        }
      }
    }
    return [...found]
  })
}
