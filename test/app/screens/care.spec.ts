import { checkAxe, expect, picture, test, type Theme } from './fixture.ts'

/** What cleans and deletes, in both themes and languages: the home's care in the settings, and the question before a deletion. */
const languages = {
  'en-GB': {
    look: 'What takes how much',
    verify: 'Verify everything',
    more: 'More',
    delete: 'Delete…',
    clean: /^Free /
  },
  'de-DE': {
    look: 'Was wie viel braucht',
    verify: 'Alles prüfen',
    more: 'Mehr',
    delete: 'Löschen…',
    clean: / freigeben$/
  }
} as const

for (const locale of Object.keys(languages) as (keyof typeof languages)[]) {
  test.describe(locale, () => {
    test.use({ locale })
    const words = languages[locale]
    for (const theme of ['light', 'dark'] satisfies Theme[]) {
      const suffix = `${locale.slice(0, 2)}-${theme}`

      test(`the home is looked after, ${theme}`, async ({ page, open }) => {
        await open('settings', 'usual', theme)
        await page.getByRole('button', { name: words.look }).click()
        await page.getByRole('button', { name: words.verify }).click()
        const clean = page.getByRole('button', { name: words.clean })
        await expect(clean).toBeVisible()
        await clean.scrollIntoViewIfNeeded()
        await picture(page, `care-${suffix}`, { full: true })
        await checkAxe(page)
        await clean.click()
        await expect(clean).toHaveCount(0)
      })

      test(`data are deleted, ${theme}: the question says what goes with them`, async ({ page, open }) => {
        await open('data/ds-upstream', 'usual', theme)
        await page.getByRole('button', { name: words.more, exact: true }).click()
        await page.getByRole('menuitem', { name: words.delete }).click()
        await expect(page.getByRole('alertdialog')).toBeVisible()
        await picture(page, `delete-${suffix}`)
        await checkAxe(page)
      })
    }
  })
}
