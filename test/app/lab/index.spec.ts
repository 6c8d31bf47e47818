import { expect, lab, setOfJobs, test } from './fixture.ts'

test('an index whose worker is killed again and again is shown as crashed, and goes on where it was', async ({
  page,
  running,
  enter
}) => {
  await running.client.data.installDemo({})
  await enter('indices/new')
  const next = () => page.getByRole('button', { name: 'Next' }).click()
  await page.getByText('Demo upstream data', { exact: true }).click()
  await next()
  await page.getByText('By what the base model itself').click()
  await next()
  await page.getByText('Demo base model', { exact: true }).click()
  await next()
  await next()
  await expect(page.getByText('npm run lab -- index')).toBeVisible({ timeout: 120_000 })
  await page.getByRole('button', { name: 'Build' }).click()

  // The queue tries a crashed build again by itself, so it takes more than one blow.
  const kill = async (): Promise<string> => {
    const [job] = await setOfJobs(running, ['build-index'])
    if (job?.status === 'running' && (job.progress?.done ?? 0) > 0)
      for (const pid of await running.workers()) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It has ended by itself in the meantime.
        }
      }
    return job?.status ?? ''
  }
  await expect.poll(kill, { timeout: 120_000, intervals: [150] }).toBe('crashed')
  await expect(page.getByText('ended unexpectedly')).toBeVisible()
  await page.screenshot({ path: 'test-results/lab/index-crashed.png' })
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('link', { name: 'Open the index' }).click({ timeout: 180_000 })
  await expect(page.getByRole('heading', { name: 'Dense', level: 1 })).toBeVisible()

  const [index] = await running.client.indices.list({})
  const dataset = await running.client.data.get({ id: index?.datasetId ?? '' })
  expect(index?.vectors).toBe(dataset.examples)
  const [job] = await setOfJobs(running, ['build-index'])
  const log = (await running.client.jobs.log({ id: job?.id ?? '' })).map((line) => line.text).join('\n')
  test.info().annotations.push({ type: 'log', description: log })

  await page.getByLabel('Text', { exact: true }).fill('Is the following review good or bad? The room was clean.')
  await page.getByRole('button', { name: 'Find the nearest' }).click()
  await expect(page.getByText(/20 nearest in/)).toBeVisible({ timeout: 60_000 })
  await page.screenshot({ path: 'test-results/lab/index-try.png' })
  await page.getByRole('tab', { name: 'Map' }).click()
  await expect(page.getByRole('application')).toBeVisible({ timeout: 120_000 })
  await page.screenshot({ path: 'test-results/lab/index-map.png', fullPage: true })
  expect(await lab(running.home, ['jobs'])).toContain(job?.id ?? '')
})
