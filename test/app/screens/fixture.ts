import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test as base, type Page } from '@playwright/test'
import { startFake } from '../../renderer/fake/server.ts'
import type { Scenario } from '../../renderer/fake/router.ts'

type Fake = Awaited<ReturnType<typeof startFake>>
/** `system`: as the browser says, which a test changes while the page is open. */
export type Theme = 'light' | 'dark' | 'system'

const pictures = join(import.meta.dirname, '../../../test-results/screens')

/** A page on the fake backend that fails its test on any console error. */
export const test = base.extend<
  { open: (address: string, scenario?: Scenario, theme?: Theme) => Promise<void> },
  { fake: Fake }
>({
  fake: [
    async ({}, use) => {
      const fake = await startFake()
      await use(fake)
      await fake.close()
    },
    { scope: 'worker' }
  ],
  open: async ({ page, fake }, use) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      // A socket that is refused is reported by the browser itself; the page cannot prevent that.
      if (message.type() === 'error' && !message.text().includes('WebSocket connection')) errors.push(message.text())
    })
    await use(async (address, scenario = 'usual', theme = 'light') => {
      await page.addInitScript((mode) => {
        if (location.protocol !== 'about:') localStorage.setItem('mode-watcher-mode', mode)
      }, theme)
      // A blank page between, so that another address of the same page is loaded anew.
      await page.goto('about:blank')
      await page.goto(`${fake.url}/?scenario=${scenario}#/${address}`)
      await page.locator('main h1').first().waitFor({ state: 'attached' })
    })
    expect(errors).toEqual([])
  }
})

export { expect }

export async function settle(page: Page): Promise<void> {
  await page
    .locator('.skeleton')
    .first()
    .waitFor({ state: 'detached', timeout: 5000 })
    .catch(() => undefined)
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(250)
}

/** What is still loading is waited for, but where the loading itself is what the picture shows. */
export async function picture(page: Page, name: string, { full = false, loading = false } = {}): Promise<void> {
  if (!loading) await settle(page)
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: full })
}

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** By all rules, or by some: those of colours are all that another theme can break. */
export async function checkAxe(page: Page, rules?: string[]): Promise<void> {
  const axe = new AxeBuilder({ page })
  const found = await (rules === undefined ? axe.withTags(standards) : axe.withRules(rules)).analyze()
  expect(
    found.violations.map((violation) => ({
      id: violation.id,
      help: violation.help,
      nodes: violation.nodes
        .slice(0, 4)
        .map((node) => node.html.slice(0, 160) + ' | ' + (node.failureSummary ?? '').slice(0, 200))
    }))
  ).toEqual([])
}
