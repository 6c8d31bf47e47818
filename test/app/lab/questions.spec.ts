import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Locator } from '@playwright/test'
import { readWorkbook } from '../../../src/main/data/import/read-xlsx.ts'
import { workbook } from '../../../src/main/files/workbook.ts'
import { expect, test, type Page } from './fixture.ts'

/** From a sheet of questions to answers: own examples as CSV, own questions as Excel, nobody has answered them. */
const root = join(import.meta.dirname, '../../..')
const demo = join(root, 'data/demo')
const pictures = join(root, 'test-results/questions')
/** What docs/experiments.md promises; the click that opens the system's dialog for a file counts, the dialog itself does not. */
const promised = Number(
  /in (\d+) clicks/.exec(await readFile(join(root, 'docs/experiments.md'), 'utf8'))?.[1] ?? Number.NaN
)

test.use({ actionTimeout: 60_000 })

const questions = Array.from(
  { length: 12 },
  (_, n) => `What does guest ${n} say of the ${['bed', 'soup', 'staff', '=1+1'][n % 4]}?`
)

/** Some of the demo's examples as somebody would keep them: a question and an answer a line. */
async function ownExamples(): Promise<string> {
  const all = JSON.parse(gunzipSync(await readFile(join(demo, 'upstream.json.gz'))).toString('utf8')) as [
    string,
    string[]
  ][]
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const some = all.filter((_, at) => at % Math.ceil(all.length / 24) === 0)
  return ['question,answer', ...some.map(([input, [output = '']]) => `${cell(input)},${cell(output)}`)].join('\n')
}

async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}

test('own examples and a sheet of questions become answers of tuned models, and a sheet again', async ({
  page,
  running,
  enter
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'recross-questions-'))
  const examples = join(folder, 'my examples.csv')
  const sheet = join(folder, 'questions.xlsx')
  await writeFile(examples, await ownExamples())
  await writeFile(sheet, await workbook([{ name: 'Guests', rows: [['question'], ...questions.map((one) => [one])] }]))
  // The models that come with the lab.
  for (const [name, from] of [
    ['Small base', 'model'],
    ['Small encoder', 'encoder']
  ] as const)
    await running.client.models.install({ name, folder: join(demo, from) })
  await expect.poll(async () => (await running.client.models.list()).length).toBe(2)

  let clicks = 0
  const click = async (what: Locator) => {
    await what.first().click()
    clicks++
  }
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const next = () => click(button('Next'))
  const pick = async (file: string) => {
    const chooser = page.waitForEvent('filechooser')
    await click(page.getByText('Choose a file', { exact: true }))
    await (await chooser).setFiles(file)
    await expect(page.getByRole('textbox').first()).toHaveValue(/\.(csv|xlsx)$/)
  }

  await enter('start')
  await click(page.getByRole('link', { name: /Get data/ }))
  await click(page.getByText('A file on this computer'))
  await next()
  await pick(examples)
  await next()
  await expect(page.getByRole('region', { name: 'The first rows' })).toBeVisible()
  await look(page, '1-examples')
  await next()
  await next()
  await click(button('Import'))
  await expect(button('Add another')).toBeVisible({ timeout: 60_000 })

  await click(button('Add another'))
  await click(page.getByText('A file on this computer'))
  await next()
  await pick(sheet)
  await next()
  // Questions alone are for a target, and the check says so beside the button that makes them one.
  await expect(button('Next')).toBeDisabled()
  await look(page, '2-questions')
  await click(button('These are questions to be answered: a target task'))
  await expect(page.getByRole('region', { name: 'The first rows' })).toContainText('What does guest 0 say')
  await next()
  await look(page, '3-purpose')
  await next()
  await click(button('Import'))
  const create = page.locator('main').getByRole('link', { name: 'New experiment' })
  await create.waitFor({ timeout: 60_000 })
  await look(page, '4-made')
  await click(create)
  await look(page, '5-preset')
  await click(page.getByText('Quick look', { exact: true }))
  await click(page.getByRole('navigation', { name: 'Steps' }).getByText('Plan'))
  await expect(button('Start the experiment')).toBeEnabled({ timeout: 120_000 })
  await look(page, '6-plan')
  await click(button('Start the experiment'))
  await expect(page.getByRole('link', { name: 'Compare the results' })).toBeVisible({ timeout: 600_000 })
  await look(page, '7-experiment')
  await click(page.getByRole('link', { name: 'Compare the results' }))
  await expect(page.getByRole('button', { name: 'See the answers side by side' })).toBeVisible()
  await look(page, '8-answers')
  await click(button('Export'))
  await look(page, '9-export')
  const saved = page.waitForEvent('download')
  await click(page.getByRole('menuitem', { name: 'Every answer (Excel)' }))
  const book = join(folder, 'answers.xlsx')
  await (await saved).saveAs(book)
  console.log(`from a sheet to answers: ${clicks} clicks`)
  expect(clicks).toBeLessThanOrEqual(promised)
  expect(promised).toBeLessThanOrEqual(25)

  const rows: Record<string, string>[] = []
  const opened = { path: book, name: 'answers.xlsx', bytes: 1 } as Parameters<typeof readWorkbook>[0]
  for await (const batch of readWorkbook(opened, { sheet: 'Every answer' }, { bytes: 0 }))
    rows.push(...batch.map(({ value }) => value as Record<string, string>))
  const strategies = ['zero-shot', 'random', 'semantic', 'dense']
  for (const strategy of strategies) {
    const own = rows.filter((row) => row['strategy'] === strategy && row['round'] === '1')
    expect(own.map((row) => row['input']).sort()).toEqual([...questions].sort())
    expect(own.every((row) => typeof row['answer'] === 'string' && row['right_answers'] === '')).toBe(true)
  }
  expect(new Set(rows.map((row) => row['strategy']))).toEqual(new Set(strategies))
  await rm(folder, { recursive: true })

  // The same page in German, dark and small.
  await running.client.lab.saveSettings({ language: 'de', theme: 'dark' })
  await page.setViewportSize({ width: 1024, height: 640 })
  await page.reload()
  await expect(page.getByRole('button', { name: 'Die Antworten nebeneinander sehen' })).toBeVisible()
  await look(page, '10-answers-de-dark')
})
