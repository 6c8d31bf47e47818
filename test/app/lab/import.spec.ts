import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from './fixture.ts'

const good = (n: number): string =>
  JSON.stringify({ input_text: `Is review ${n} good or bad? The soup was warm.`, output_text: 'good' })
const lines = [
  ...Array.from({ length: 40 }, (_, n) => good(n)),
  '{"input_text": "cut off he',
  ...Array.from({ length: 20 }, (_, n) => good(100 + n)),
  JSON.stringify({ input_text: 'A question without its answer' })
]

test('a file with bad lines: the check says so and mends it at a click, the lines kept aside', async ({
  page,
  enter
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'recross-import-'))
  const file = join(folder, 'reviews.jsonl')
  await writeFile(file, lines.join('\n'))
  const next = () => page.getByRole('button', { name: 'Next' }).click()

  await enter('data/new')
  await page.getByText('A file on this computer').click()
  await next()
  await page.locator('input[type=file]').setInputFiles(file)
  await expect(page.getByRole('textbox')).toHaveValue(/reviews\.jsonl$/)
  await next()
  await expect(page.getByRole('region', { name: 'The first rows' })).toContainText('Is review 0 good or bad?')
  // Nobody goes past the check before something is done about the bad lines.
  await expect(page.getByRole('button', { name: 'Next' })).toBeDisabled()
  await page.getByRole('button', { name: 'Set up to 2 such rows aside' }).click()
  await next()
  await expect(page.getByLabel('Name in the lab')).toHaveValue('reviews')
  await next()
  await expect(page.getByText('--skip-bad-lines 2')).toBeVisible()
  await page.getByRole('button', { name: 'Import' }).click()
  await page.getByRole('link', { name: 'Open the data' }).click({ timeout: 60_000 })
  await expect(page.getByRole('heading', { name: 'reviews', level: 1 })).toBeVisible()
  await expect(page.getByText('60', { exact: true }).first()).toBeVisible()
  await page.getByRole('tab', { name: /Rejected lines/ }).click()
  await expect(page.getByText('line 41')).toBeVisible()
  await expect(page.getByText('line 62')).toBeVisible()
  await page.getByRole('tab', { name: 'Browse' }).click()
  await page.getByRole('searchbox').fill('review 119')
  await page.getByText('Is review 119 good or bad?').first().click()
  await expect(page.getByText('Expected answer')).toBeVisible()
  await rm(folder, { recursive: true })
})

test('templates as PromptSource writes them: rows as they come out, then as many examples as templates are drawn', async ({
  page,
  enter,
  running
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'recross-import-'))
  const file = join(folder, 'nli_train.csv')
  const rows = Array.from({ length: 20 }, (_, n) => `the premise ${n},the hypothesis ${n},${n % 2}`)
  await writeFile(file, ['premise,hypothesis,label', ...rows].join('\n'))
  const next = () => page.getByRole('button', { name: 'Next' }).click()
  const template = (name: string, jinja: string) =>
    `  ${name}: !Template\n    answer_choices: No ||| Yes\n    jinja: '${jinja}'\n    name: ${name}\n`
  const source = `templates:\n${template('asks', '{{premise}} So {{hypothesis}}? ||| {{answer_choices[label]}}')}${template('turned', '{{hypothesis}} if {{premise}}? ||| {{answer_choices[label]}}')}`

  await enter('data/new')
  await page.getByText('A file on this computer').click()
  await next()
  await page.locator('input[type=file]').setInputFiles(file)
  await next()
  await page.getByLabel('Column with the input').selectOption('{{}}')
  await page.getByLabel('Template, or the templates.yaml').fill('{{ premise | shout }} ||| {{ label }}')
  await expect(page.getByText(/line 1: the filter "shout" is outside/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Next' })).toBeDisabled()
  await page.getByLabel('Template, or the templates.yaml').fill(source)
  const table = page.getByRole('region', { name: 'The first rows' })
  await expect(table).toContainText('the premise 1 So the hypothesis 1?')
  await expect(table).toContainText('turned')
  await page.getByLabel('Templates per row').fill('1')
  await page.getByLabel('Templates per row').press('Tab')
  await page.screenshot({
    path: join(import.meta.dirname, '../../../test-results/screens/get-data-templates.png'),
    fullPage: true
  })
  await next()
  await next()
  await expect(page.getByText(/--prompts-per-row 1 --prompt-seed 42/)).toBeVisible()
  await page.getByRole('button', { name: 'Import' }).click()
  await page.getByRole('link', { name: 'Open the data' }).click({ timeout: 60_000 })
  const [data] = await running.client.data.list({})
  expect(data).toMatchObject({ examples: 20 })
  const example = await running.client.data.example({ id: data!.id, exampleId: 2 })
  expect(example.sourceId).toMatch(/^nli\|train\|(asks|turned)\|#1$/)
  expect(example).toMatchObject({ outputs: ['Yes'], choices: ['No', 'Yes'] })
  await rm(folder, { recursive: true })
})
