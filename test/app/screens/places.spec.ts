import { checkAxe, expect, picture, settle, test, type Theme } from './fixture.ts'

const addresses = {
  'places-jobs': 'jobs',
  'places-job-waiting': 'jobs/j-wait-1',
  'places-job-on-node': 'jobs/j-live',
  'places-experiment': 'experiments/e-live',
  'places-settings': 'settings'
}

test('jobs of a cluster read as waiting in its queue, with turn and reason, and name their node once they run', async ({
  page,
  open
}) => {
  await open('jobs', 'cluster')
  const row = (title: RegExp) => page.getByRole('option', { name: title }).or(page.getByRole('button', { name: title }))
  const waits = row(/semantic, round 2/).first()
  await expect(waits).toContainText('Waiting')
  await expect(waits).toContainText('number 2 of yours, others are before it')
  await expect(waits).not.toContainText('Running')
  await expect(row(/semantic, round 4/).first()).toContainText('being sent to campus')
  const runs = row(/lexical, round 2/).first()
  await expect(runs).toContainText('Running')
  await expect(runs).toContainText('on node017')
  await expect(page.getByRole('region', { name: 'Jobs' }).getByText('1 running')).toBeVisible()
})

// Light in English and dark in German: all words and all colours once.
for (const [language, theme] of [
  ['en', 'light'],
  ['de', 'dark']
] satisfies [string, Theme][])
  test.describe(language, () => {
    test.use({ locale: language })
    for (const [name, address] of Object.entries(addresses))
      test(name, async ({ page, open }) => {
        await open(address, 'cluster', theme)
        await settle(page)
        if (name === 'places-settings') {
          const campus = page.getByRole('listitem').filter({ hasText: 'login.campus' })
          const words = language === 'de' ? ['Ändern: campus', 'Was dort liegt'] : ['Change: campus', 'What lies there']
          await campus.getByRole('button', { name: words[0]! }).click()
          await campus.getByRole('button', { name: words[1]! }).click()
          await expect(campus.getByRole('cell', { name: '90aa01b2' })).toBeVisible()
        }
        await picture(page, `${name}-${language}`, { full: name === 'places-settings' })
        await checkAxe(page)
      })
  })
