import { addresses } from './addresses.ts'
import { checkAxe, picture, settle, test, type Theme } from './fixture.ts'

/** In light and dark, looked at by axe and pictured. */
for (const theme of ['light', 'dark'] satisfies Theme[]) {
  for (const [name, address] of Object.entries(addresses)) {
    test(`${name}, ${theme}`, async ({ page, open }) => {
      await open(address, 'usual', theme)
      await settle(page)
      await picture(page, `${name}-${theme}`)
      await checkAxe(page)
    })
  }
}
