import type { Browser, Page } from 'playwright'
import { newPage, type Report } from './host-process.ts'
import { sized } from './size.ts'
import { median } from '../src/main/sums/sums.ts'

/** A list's name, its address, and words that stand in a row of its first page. */
type List = readonly [name: string, address: string, row: string]

const turns = sized(5, 1)

/**
 * How long each list takes from the call of its address to the frame that shows its first rows: within a page that is open, as
 * a click on the rail does, and with the whole page loaded anew.
 */
export async function listsOnScreen(
  browser: Browser,
  entrance: URL,
  lists: readonly List[],
  report: Report
): Promise<void> {
  const page = await newPage(browser)
  await page.goto(entrance.href)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  for (const [name, address, row] of lists) {
    const opened: number[] = []
    const loaded: number[] = []
    for (let turn = 0; turn < turns; turn++) {
      await page.evaluate(() => (location.hash = '#/methods'))
      await page.locator('[data-screen="methods"] h1').waitFor()
      opened.push(await untilPainted(page, row, `#/${address}`))
      await page.goto('about:blank')
      await page.goto(`${entrance.origin}/#/${address}`, { waitUntil: 'commit' })
      loaded.push(await untilPainted(page, row))
    }
    const value = median(opened)
    const longest = Math.max(...opened).toFixed(0)
    const detail = `median of ${turns}, longest ${longest} ms; with the whole page loaded anew ${median(loaded).toFixed(0)} ms`
    report({ name: `on the screen: ${name}`, value, unit: 'ms', aim: 'under 300 ms', holds: value < 300, detail })
  }
  await page.context().close()
}

/** Milliseconds from the call of the address, or from the navigation to this page, to the frame that shows the row. */
function untilPainted(page: Page, row: string, hash: string | null = null): Promise<number> {
  return page.evaluate(
    async ({ row, hash }) => {
      const start = hash === null ? 0 : performance.now()
      if (hash !== null) location.hash = hash
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
      while (document.querySelector('main')?.textContent.includes(row) !== true) await frame()
      await frame()
      return performance.now() - start
    },
    { row, hash }
  )
}
