import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './fixture.ts'
import { HubServer } from '../../data/hub-double.ts'

const pictures = join(import.meta.dirname, '../../../test-results/screens')
const card = `---
pretty_name: Harbour reviews
license: cc-by-4.0
language: en
configs:
- config_name: short
  data_files: [{ split: train, path: short/*.csv }, { split: held_out, path: held/short.csv }]
- config_name: long
  data_files: [{ split: train, path: long/*.csv }]
dataset_info:
  config_name: short
  features:
  - { name: stars, dtype: { class_label: { names: [bad, good] } } }
---
# Harbour reviews
Reviews of harbours, in two lengths.
`
const rows = (of: string, count: number) =>
  [
    'title,body,stars',
    ...Array.from({ length: count }, (_, n) => `the title ${n},"${of} review, of harbour ${n}",${n % 2}`)
  ].join('\n')

test('a data set of the hub: configuration, split, role, columns and words are chosen before it is downloaded', async ({
  page,
  enter,
  running
}) => {
  const hub = await HubServer.open()
  const file = (path: string, content: string) =>
    hub.files.set(`acme/reviews/${path}`, { content: Buffer.from(content) })
  file('README.md', card)
  file('short/one.csv', rows('a short', 30))
  file('short/two.csv', rows('another short', 25))
  file('held/short.csv', rows('a held', 14))
  file('long/one.csv', rows('a long', 30))
  await running.client.lab.saveSettings({ mirror: hub.address })
  const next = () => page.getByRole('button', { name: 'Next' }).click()

  await enter('data/new')
  await page.getByText('Hugging Face', { exact: true }).click()
  await next()
  await page.getByRole('textbox').fill('acme/reviews')
  await next()
  await expect(page.getByText('Harbour reviews', { exact: true })).toBeVisible()
  await expect(page.getByText('cc-by-4.0')).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'short' })).toBeChecked()
  await expect(page.getByRole('checkbox', { name: 'long' })).not.toBeChecked()
  await expect(page.getByLabel('Split')).toHaveValue('train')
  await page.screenshot({ path: join(pictures, 'hub-parts.png'), fullPage: true })
  await next()
  // Which text is the input cannot be told; nobody goes on before it is said.
  await expect(page.getByText(/Say which columns hold the input/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Next' })).toBeDisabled()
  await page.getByLabel('Column with the input').selectOption('body')
  await page.getByLabel('Column with the answer').selectOption('stars')
  const table = page.getByRole('region', { name: 'The first rows' })
  await expect(table).toContainText('another short review, of harbour 0')
  await expect(table).toContainText('good')
  await page.getByRole('button', { name: 'Put them before the input' }).click()
  await expect(table).toContainText('the title 0')
  await page.screenshot({ path: join(pictures, 'hub-check.png'), fullPage: true })
  await next()
  await page.getByLabel('Name in the lab').fill('Short reviews')
  await next()
  await expect(page.getByText(/download acme\/reviews --dataset --config short --split train/)).toBeVisible()
  await page.screenshot({ path: join(pictures, 'hub-review.png'), fullPage: true })
  expect(hub.requests.filter(({ path }) => /storage.*csv/.test(path)).length).toBe(1)
  await page.getByRole('button', { name: 'Download' }).click()
  await page.getByRole('link', { name: 'Open the data' }).click({ timeout: 60_000 })
  await expect(page.getByRole('heading', { name: 'Short reviews', level: 1 })).toBeVisible()
  const [data] = await running.client.data.list({})
  expect(data).toMatchObject({ kind: 'upstream', examples: 55, licence: 'cc-by-4.0' })
  // Files of one configuration are one task.
  expect(await running.client.data.tasks({ id: data!.id })).toMatchObject([{ task: 'short', examples: 55 }])
  expect(await running.client.data.example({ id: data!.id, exampleId: 2 })).toMatchObject({
    input: 'the title 1\na short review, of harbour 1',
    outputs: ['good']
  })

  // The same as a target: the split that is held out, with query sets that leave the test.
  await enter('data/new')
  await page.getByText('Hugging Face', { exact: true }).click()
  await next()
  await page.getByRole('textbox').fill('acme/reviews')
  await next()
  await page.getByText('A target task', { exact: true }).click()
  await page.getByLabel('Split').selectOption('held_out')
  await next()
  await page.getByLabel('Column with the input').selectOption('body')
  await page.getByLabel('Column with the answer').selectOption('stars')
  await page.getByLabel('Go on as it is').check()
  await next()
  await page.getByLabel('Name in the lab').fill('Held reviews')
  await page.getByText('Draw query sets from these rows').click()
  await page.getByLabel('Queries per set').fill('4')
  await page.getByLabel('Sets', { exact: true }).fill('1')
  await page.screenshot({ path: join(pictures, 'hub-target.png'), fullPage: true })
  await next()
  await page.getByRole('button', { name: 'Download' }).click()
  await page.getByRole('link', { name: 'Open the data' }).click({ timeout: 60_000 })
  const [target] = await running.client.targets.list({})
  expect(target).toMatchObject({ name: 'Held reviews', testExamples: 10 })
  hub.close()
})

test('a model of the hub: what it is and whether it runs here is seen before it is downloaded', async ({
  page,
  enter,
  running
}) => {
  const hub = await HubServer.open()
  const demo = join(import.meta.dirname, '../../../data/demo/encoder')
  const put = (repo: string, path: string, content: Buffer) =>
    hub.files.set(`${repo}/${path}`, { content, lfs: path === 'model.safetensors' })
  for (const entry of readdirSync(demo, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(demo.length + 1).replaceAll('\\', '/')
    for (const repo of ['acme/harbour', 'acme/deeper']) put(repo, name, readFileSync(path))
  }
  put('acme/harbour', 'README.md', Buffer.from('---\nlicense: apache-2.0\nlanguage: en\n---\n# Harbour encoder\n'))
  const config = JSON.parse(readFileSync(join(demo, 'config.json'), 'utf8')) as object
  put('acme/deeper', 'config.json', Buffer.from(JSON.stringify({ ...config, num_hidden_layers: 9 })))
  await running.client.lab.saveSettings({ mirror: hub.address })
  const whole = () =>
    hub.requests.filter(({ path, range }) => path.endsWith('model.safetensors') && path.includes('storage') && !range)
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const look = (name: string) => page.screenshot({ path: join(pictures, `hub-model-${name}.png`), fullPage: true })

  await enter('models/new')
  await page.getByText('Hugging Face', { exact: true }).click()
  await button('Next').click()
  await look('empty')
  await expect(button('Next')).toBeDisabled()
  await page.getByRole('textbox').fill('acme/deeper')
  await button('Next').click()
  await expect(page.getByRole('alert')).toContainText('in model.safetensors')
  await expect(button('Next')).toBeDisabled()
  await look('refused')
  await button('Choose another model').click()
  await page.getByRole('textbox').fill('acme/harbour')
  await button('Next').click()
  await expect(page.getByText(/The lab can run it/)).toBeVisible()
  await expect(page.getByText('apache-2.0')).toBeVisible()
  await look('found')
  expect(whole()).toEqual([])
  await button('Next').click()
  await expect(page.getByText(/download acme\/harbour/)).toBeVisible()
  await look('review')
  await button('Download').click()
  await page.getByRole('link', { name: 'Open the model' }).click({ timeout: 60_000 })
  expect(whole()).toHaveLength(1)
  expect(await running.client.models.list()).toMatchObject([{ role: 'encoder', licence: 'apache-2.0' }])

  hub.close()
  await enter('models/new')
  await page.getByText('Hugging Face', { exact: true }).click()
  await button('Next').click()
  await page.getByRole('textbox').fill('acme/elsewhere')
  await button('Next').click()
  await expect(page.getByText('Looking at acme/elsewhere…')).toBeVisible()
  await look('looking')
  await expect(page.getByRole('alert')).toContainText('cannot be reached')
  await look('gone')
  // The page follows the language and the theme of the settings.
  await running.client.lab.saveSettings({ language: 'de', theme: 'dark' })
  await page.setViewportSize({ width: 1024, height: 640 })
  await page.reload()
  await expect(page.getByRole('alert')).toBeVisible()
  await look('gone-de-dark')
  await button('Aus einem Ordner einrichten').click()
  await button('Durchsuchen …').click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.screenshot({ path: join(pictures, 'folder-picker-de-dark.png') })
})
