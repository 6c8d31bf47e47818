import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clicksSaid, countClicks } from '../clicks.ts'
import { expect, lab, test } from './fixture.ts'

const pictures = join(import.meta.dirname, '../../../test-results/lab')

interface Shown {
  comparison: { cells: { targetId: string | null; column: string; summary: { mean: number } | null }[] }
}

test('the demo, from first start to an exported report, with the numbers of the command line', async ({
  page,
  running,
  enter
}) => {
  const begin = Date.now()
  const click = (name: string, role: 'button' | 'link' = 'button') => page.getByRole(role, { name }).first().click()
  await enter()
  const counted = await countClicks(page)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('without a single label')
  await page.screenshot({ path: join(pictures, 'first-start.png') })

  await click('Run the demo')
  await expect(page.getByRole('heading', { name: /^Demo/, level: 1 })).toBeVisible({ timeout: 120_000 })
  await expect(page.getByText(/ of [1-9]\d* runs finished/)).toBeVisible({ timeout: 120_000 })
  await page.waitForTimeout(5000)
  await page.screenshot({ path: join(pictures, 'demo-running.png') })
  await expect(page.getByRole('link', { name: 'Compare the results' })).toBeVisible({ timeout: 1_500_000 })
  await click('Compare the results', 'link')
  await expect(page.getByRole('cell').first()).toBeVisible({ timeout: 120_000 })
  const seconds = (Date.now() - begin) / 1000
  const clicks = await counted()
  expect(clicks).toBe(clicksSaid('first start → the demo’s comparison'))
  test.info().annotations.push({
    type: 'figure',
    description: `first start to comparison: ${seconds.toFixed(0)} s, ${clicks} clicks`
  })
  console.log(`first start to comparison: ${seconds.toFixed(0)} s, ${clicks} clicks`)
  await page.screenshot({ path: join(pictures, 'demo-comparison.png') })

  const id = page.url().split('/').at(-1) ?? ''
  const shown = JSON.parse(await lab(running.home, ['experiment', 'show', id])) as Shown | Shown['comparison']
  const { cells } = 'comparison' in shown ? shown.comparison : shown
  const rows = page.locator('main table').first().locator('tbody tr')
  const means = cells.flatMap((cell) => (cell.summary ? [cell.summary.mean.toFixed(1)] : []))
  expect(means.length).toBeGreaterThan(0)
  const text = (await rows.allInnerTexts()).join('\n')
  for (const mean of means) expect(text).toContain(mean)

  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Report (HTML)' }).click()
  const report = await readFile(await (await download).path(), 'utf8')
  expect(report).toContain('<html')
  for (const mean of means.slice(0, 3)) expect(report).toContain(mean)
})
