import { checkAxe, expect, picture, settle, test, type Theme } from './fixture.ts'

const pages = [
  'start',
  'data',
  'data/ds-upstream',
  'data/target/t-cb',
  'models',
  'models/m-bart0',
  'indices',
  'indices/i-dense',
  'experiments',
  'experiments/e-paper',
  'compare',
  'compare/pick',
  'jobs/j-live'
]
const named = (address: string): string => address.replaceAll('/', '-')
const lists = ['start', 'data', 'models', 'indices', 'experiments', 'compare', 'jobs', 'settings']

for (const theme of ['light', 'dark'] satisfies Theme[]) {
  const suffix = theme === 'dark' ? '-dark' : ''

  test(`a new lab, ${theme}: every screen says what to do next`, async ({ page, open }) => {
    for (const address of lists) {
      await open(address, 'empty', theme)
      await settle(page)
      await picture(page, `empty-${address}${suffix}`)
      await checkAxe(page)
    }
  })

  test(`a failing disk, ${theme}: every screen says so and offers a way on`, async ({ page, open }) => {
    for (const address of pages) {
      await open(address, 'failing', theme)
      await expect(page.getByRole('alert').first(), address).toContainText('lab.db')
      await expect(page.getByRole('button', { name: 'Try again' }).first(), address).toBeVisible()
      await picture(page, `failing-${named(address)}${suffix}`)
      await checkAxe(page)
    }
  })
}

test('nothing can be read at all: jobs and settings say so too, and so does a toast with a way out', async ({
  page,
  open
}) => {
  for (const address of ['jobs', 'settings']) {
    await open(address, 'broken')
    await expect(page.getByRole('alert').first()).toContainText('lab.db')
    await expect(page.getByRole('button', { name: 'Try again' }).first()).toBeVisible()
    await expect(page.getByRole('region', { name: /Notifications/ })).toContainText('lab.db')
    await picture(page, `failing-${address}`)
    await checkAxe(page)
  }
})

test('a slow backend: every screen keeps its shape and says that it still works', async ({ page, open }) => {
  for (const address of pages) {
    await open(address, 'slow')
    await expect(page.getByText('This is taking longer than usual').first(), address).toBeVisible()
    await picture(page, `slow-${named(address)}`, { loading: true })
    await checkAxe(page)
  }
})

test('offline by choice: what needs the network cannot be chosen, and the page says why', async ({ page, open }) => {
  for (const address of ['data/new', 'models/new']) {
    await open(address, 'offline')
    await expect(page.getByRole('radio', { name: /Hugging Face/ })).toBeDisabled()
    await expect(page.getByText('The lab is set to stay offline')).toBeVisible()
    await picture(page, `offline-${named(address)}`)
    await checkAxe(page)
  }
})

test('the lab goes away and comes back: the page says so, and is current again by itself', async ({
  page,
  open,
  fake
}) => {
  await open('experiments')
  fake.refuse(true)
  fake.cut()
  await expect(page.getByText('The lab is not answering.')).toBeVisible()
  await picture(page, 'away')
  await checkAxe(page)
  fake.refuse(false)
  // The page tries by itself too, and may be back before the button is reached.
  const button = page.getByRole('button', { name: 'Reconnect now' })
  await button.click({ timeout: 5_000 }).catch(() => expect(button).toBeHidden())
  await expect(page.getByText('The lab is not answering.')).toBeHidden()
  await expect(page.getByRole('link', { name: 'Does word overlap suffice?' })).toBeVisible()
})

test('ten thousand jobs and twenty thousand predictions are listed by what is in view', async ({ page, open }) => {
  await open('jobs', 'huge')
  await expect(page.getByText('10,019 jobs')).toBeVisible()
  await picture(page, 'huge-jobs')
  expect(await page.getByRole('group', { name: 'Jobs' }).getByRole('button').count()).toBeLessThan(40)
  await page.getByRole('searchbox').fill('Run 9999')
  await expect(page.getByText('1 job', { exact: true })).toBeVisible()
  await open('compare/e-paper?tab=examples', 'huge')
  await expect(page.getByText('20,000').first()).toBeVisible()
  const list = page.getByRole('group', { name: 'Test questions' })
  await list.locator('[tabindex="0"]').focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('region', { name: 'Answers' }).getByText('Premise')).toBeVisible()
  expect(await list.getByRole('button').count()).toBeLessThan(40)
  await picture(page, 'huge-compare')
})

test('an answer is followed to the examples it was learned from', async ({ page, open }) => {
  await open('compare/e-paper?tab=examples')
  await page.getByText('Premise').first().click()
  await page.getByRole('region', { name: 'Answers' }).getByRole('button', { name: 'Dense' }).click()
  await expect(page.getByText('What Dense was tuned on')).toBeVisible()
  await page.getByText('What Dense was tuned on').scrollIntoViewIfNeeded()
  await picture(page, 'compare-lineage')
  await checkAxe(page)
})

test('runs of two experiments are picked with the keyboard and compared, and the pick is kept', async ({
  page,
  open
}) => {
  await open('compare/e-paper')
  await page.getByRole('link', { name: 'Pick runs' }).click()
  const paper = page.getByRole('group', { name: 'The paper’s table, three tasks' })
  await paper.getByRole('checkbox', { name: 'Semantic', exact: true }).focus()
  await page.keyboard.press('Space')
  const other = page.getByRole('group', { name: 'Does word overlap suffice?' })
  const round = other.getByRole('checkbox', { name: 'Lexical, round 1' })
  await round.focus()
  await page.keyboard.press('Space')
  await expect(other.getByRole('checkbox', { name: 'Lexical', exact: true })).toHaveJSProperty('indeterminate', true)
  await expect(page.getByRole('status').filter({ hasText: 'picked' })).toContainText('of 2 experiments')
  await picture(page, 'compare-picking')
  await checkAxe(page)
  await page.getByRole('link', { name: 'Compare', exact: true }).last().click()
  await expect(page.getByRole('columnheader', { name: /Semantic.*three tasks/ }).first()).toBeVisible()
  await settle(page)
  await picture(page, 'compare-picked')
  await checkAxe(page)
  await page.getByRole('link', { name: 'Change the pick' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'picked' })).toContainText('of 2 experiments')
})

test('a term explains itself', async ({ page, open }) => {
  await open('compare/e-paper')
  await page.getByRole('button', { name: '± standard deviation' }).click()
  await expect(page.getByText('How much the score varies from round to round')).toBeVisible()
  await picture(page, 'term')
})

test('deleting shows first what would go with it', async ({ page, open }) => {
  await open('data/ds-upstream')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('Dense index of BART0')
  await picture(page, 'delete')
  await checkAxe(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'More' })).toBeFocused()
})
