import { checkAxe, expect, picture, test, type Theme } from './fixture.ts'

for (const theme of ['light', 'dark'] satisfies Theme[]) {
  test(`asking what was tuned, ${theme}: empty, busy, answered, failed, not kept`, async ({ page, open }) => {
    await open('experiments/use/e-paper', 'usual', theme)
    const ask = page.getByRole('button', { name: 'Ask', exact: true })
    await expect(ask).toBeDisabled()
    await expect(page.getByText('Its weights were not kept.')).toBeVisible()
    await page.getByLabel('Your text').fill('When is the river festival?')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByText('is being asked…')).toBeVisible()
    await picture(page, `use-asking-${theme}`, { loading: true })
    await expect(page.getByText('93 % sure')).toHaveCount(3)
    await picture(page, `use-answered-${theme}`)
    await checkAxe(page)
    await page.getByLabel('Your text').fill('please fail')
    await page.getByRole('button', { name: 'Ask again' }).click()
    await expect(page.getByText('The process that was to answer died.')).toHaveCount(4)
    await picture(page, `use-failed-${theme}`)
    await checkAxe(page)
    await page.getByRole('button', { name: 'Repeat the run' }).click()
    await expect(page.getByText('The run is being repeated')).toBeVisible()
  })

  test(`a file is answered, ${theme}: chosen, at work, answered, saved`, async ({ page, open }) => {
    await open('experiments/use/e-paper?tab=file', 'usual', theme)
    await page.locator('input[type=file]').setInputFiles({
      name: 'questions.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('question\nWhen?\n')
    })
    await expect(page.getByText('File: questions.csv')).toBeVisible()
    await picture(page, `use-file-chosen-${theme}`)
    await page.getByRole('button', { name: 'Answer it' }).click()
    await picture(page, `use-file-working-${theme}`, { loading: true })
    await expect(page.getByRole('heading', { name: '40 answers' })).toBeVisible()
    await picture(page, `use-file-answered-${theme}`)
    await checkAxe(page)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as Excel' }).click()
    expect((await download).suggestedFilename()).toBe('questions-answers.xlsx')
  })

  test(`a model is taken out in three clicks, ${theme}`, async ({ page, open }) => {
    await open('experiments/e-paper', 'usual', theme)
    await page.getByRole('link', { name: 'Use it' }).click()
    await page.getByRole('tab', { name: 'Take a model out' }).click()
    await expect(page.getByLabel('Folder on this computer')).toHaveValue(/-hf$/)
    await page.getByRole('button', { name: 'Write it' }).click()
    await expect(page.getByText(/^Written to/)).toBeVisible()
    await picture(page, `use-export-done-${theme}`)
    await page.getByRole('button', { name: 'Make it a base model' }).click()
    await expect(page.getByRole('link', { name: 'New experiment with it' })).toBeVisible()
    await picture(page, `use-base-done-${theme}`)
    await checkAxe(page)
  })
}
