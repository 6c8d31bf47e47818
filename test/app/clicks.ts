import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'

const documents = readFileSync(join(import.meta.dirname, '../../docs/performance.md'), 'utf8')

/** How many clicks docs/performance.md says that a way takes. */
export function clicksSaid(way: string): number {
  const row = documents.split('\n').find((line) => line.startsWith(`| ${way} |`))
  if (row === undefined) throw new Error(`docs/performance.md says nothing of "${way}".`)
  return Number(row.split('|')[2])
}

/** Counts what the page itself sees of clicks from now on, over every address of it. */
export async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = { clicks: 0 }
    Object.assign(window, { counted })
    addEventListener('click', (event) => (counted.clicks += event.isTrusted ? 1 : 0), { capture: true })
  })
  return () => page.evaluate(() => (window as unknown as { counted: { clicks: number } }).counted.clicks)
}
