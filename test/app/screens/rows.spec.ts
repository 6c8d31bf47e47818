import { expect, settle, test } from './fixture.ts'

test('rows of the list of jobs always say something: at their first paint, far down, and after another question', async ({
  page,
  open
}) => {
  // Looks at every frame that is painted.
  await page.addInitScript(() => {
    const seen = { empty: 0, frames: 0 }
    Object.assign(window, { seen })
    const look = (): void => {
      const rows = [...document.querySelectorAll<HTMLElement>('[role=group] div[style*="height: 64px"]')]
      if (rows.length > 0) seen.frames++
      seen.empty += rows.filter((row) => row.textContent.trim() === '' && !row.querySelector('.skeleton')).length
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await page.setViewportSize({ width: 1024, height: 640 })
  await open('jobs', 'huge')
  const list = page.getByRole('group', { name: 'Jobs', exact: true })
  const rows = list.locator('div[style*="height: 64px"]')
  await expect(rows.first()).not.toBeEmpty()
  const skeletons = list.locator('.skeleton')
  await list.locator('> div').press('End')
  await expect(skeletons).toHaveCount(0)
  await expect(rows.last()).not.toBeEmpty()
  const search = page.getByRole('searchbox')
  await search.fill('round')
  await settle(page)
  await expect(rows.first()).not.toBeEmpty()
  await expect(skeletons).toHaveCount(0)
  const seen = await page.evaluate(() => (window as unknown as { seen: { empty: number; frames: number } }).seen)
  expect(seen.empty).toBe(0)
  expect(seen.frames).toBeGreaterThan(0)
})
