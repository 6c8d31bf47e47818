import { checkAxe, expect, picture, test } from './fixture.ts'

for (const theme of ['light', 'dark'] as const)
  test(`comparisons are planned before the start, ${theme}: named, counted, on the command line`, async ({
    page,
    open
  }) => {
    await open('experiments/new?from=e-paper&step=strategies', 'usual', theme)
    const pairs = page.getByRole('group', { name: 'Which comparisons is it made for?' })
    await expect(pairs.getByRole('status')).toContainText('None is named')
    await pairs.getByRole('checkbox', { name: 'Semantic against Random' }).check()
    await pairs.getByRole('checkbox', { name: 'Dense against Zero-shot' }).check()
    await expect(pairs.getByRole('status')).toContainText('2 of')
    await checkAxe(page)
    await picture(page, `planned-${theme}`, { full: true })
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Next' }).click()
    await expect(page.getByRole('heading', { name: 'Plan', level: 2 })).toBeVisible()
    await expect(page.getByText(/--planned .*semantic:random/).first()).toBeVisible()
  })
