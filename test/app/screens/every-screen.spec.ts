import { addresses } from './addresses.ts'
import { checkAxe, picture, settle, test } from './fixture.ts'

/** In light, looked at by axe and pictured; then the same page in dark, where colours alone are other ones. */
for (const [name, address] of Object.entries(addresses)) {
  test(`${name}, light and dark`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: 'light' })
    await open(address, 'usual', 'system')
    await picture(page, `${name}-light`)
    await checkAxe(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await settle(page)
    await picture(page, `${name}-dark`)
    await checkAxe(page, ['color-contrast'])
  })
}
