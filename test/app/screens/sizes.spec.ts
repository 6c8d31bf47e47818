import { addresses as all } from './addresses.ts'
import { checkAxe, expect, picture, settle, test } from './fixture.ts'

/** One of each layout: these are pictured too. */
const addresses = [
  'start',
  'data/ds-upstream',
  'compare/e-paper',
  'compare/e-paper?tab=examples',
  'compare/pick',
  'experiments/e-live',
  'jobs/j-live',
  'settings',
  'experiments/new'
]
const name = (address: string): string => address.replace(/[/?=]/g, '-')

test.describe('1920 × 1080', () => {
  test.use({ viewport: { width: 1920, height: 1080 } })
  test('nothing is lost and nothing is stretched', async ({ page, open }) => {
    for (const address of addresses) {
      await open(address)
      await picture(page, `wide-${name(address)}`)
    }
  })
})

/** 200 % zoom of 1280 × 800 is a page of 640 × 400 CSS pixels. */
test.describe('zoom 200 %', () => {
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 })
  test('everything can be reached without scrolling sideways', async ({ page, open }) => {
    for (const address of new Set([...addresses, ...Object.values(all)])) {
      await open(address)
      await settle(page)
      const overflow = await page.evaluate(() => {
        const main = document.querySelector('main')
        return Math.max(
          document.documentElement.scrollWidth - innerWidth,
          main ? main.scrollWidth - main.clientWidth : 0
        )
      })
      expect(overflow, address).toBeLessThanOrEqual(1)
      if (!addresses.includes(address)) continue
      await picture(page, `zoom-${name(address)}`)
      await checkAxe(page)
    }
  })
  test('what has the focus is not covered by a bar that stays at the bottom', async ({ page, open }) => {
    await open('experiments/new')
    await page.getByRole('radio', { name: /Thorough/ }).focus()
    const box = (await page.getByText('Ten rounds.').boundingBox())!
    const bar = (await page.getByRole('button', { name: 'Next' }).boundingBox())!
    expect(box.y + box.height).toBeLessThan(bar.y)
    await picture(page, 'zoom-wizard')
  })
})

test('what is drawn stays where it is while more arrives', async ({ page, open }) => {
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean }
        if (!shift.hadRecentInput) shifts.push(shift.value)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  for (const address of Object.values(all)) {
    await open(address)
    await settle(page)
    const total = await page.evaluate(() =>
      (window as unknown as { shifts: number[] }).shifts.reduce((a, b) => a + b, 0)
    )
    // Web Vitals call anything below 0.1 good.
    expect(total, address).toBeLessThan(0.05)
  }
})
