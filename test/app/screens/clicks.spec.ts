import { clicksSaid, countClicks } from '../clicks.ts'
import { expect, test } from './fixture.ts'

/** What docs/performance.md says of clicks is what it takes. The demo is counted where it is run, in the real lab. */
test('the same experiment with another seed is started', async ({ page, open }) => {
  await open('experiments/e-paper')
  const clicks = await countClicks(page)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Run again with another seed' }).click()
  await page.getByRole('button', { name: 'Start the experiment' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('seed')
  expect(await clicks()).toBe(clicksSaid('a finished experiment → the same with another seed, started'))
})

test('the best model of an experiment is on disk', async ({ page, open }) => {
  await open('experiments/e-paper')
  const clicks = await countClicks(page)
  await page.getByRole('link', { name: 'Use it' }).click()
  await page.getByRole('tab', { name: 'Take a model out' }).click()
  await expect(page.getByLabel('Folder on this computer')).toHaveValue(/-hf$/)
  await page.getByRole('button', { name: 'Write it' }).click()
  await expect(page.getByText(/^Written to/)).toBeVisible()
  expect(await clicks()).toBe(clicksSaid('a finished experiment → its best model on disk'))
})
