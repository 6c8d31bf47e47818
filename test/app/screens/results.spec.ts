import { checkAxe, expect, picture, settle, test, type Theme } from './fixture.ts'

for (const theme of ['light', 'dark'] satisfies Theme[]) {
  test(`answers are scored again and taken apart, ${theme}`, async ({ page, open }) => {
    await open('compare/e-paper?tab=score', 'usual', theme)
    await expect(page.getByRole('heading', { name: 'Right answer (rows)' })).toBeVisible()
    await page.getByText('it means the right label').click()
    await page.getByRole('button', { name: 'Score again' }).click()
    await expect(page.getByText('Say what is to be looked for.')).toBeVisible()
    await page.getByRole('textbox', { name: 'Labels and their words' }).fill('yes = yes\nno')
    await expect(page.getByText('Line 2 is no label with words.')).toBeVisible()
    await page.getByRole('textbox', { name: 'Labels and their words' }).fill('yes = yes, true\nno = no')
    await page.getByRole('button', { name: 'Score again' }).click()
    await expect(page.getByText('Share of right answers, 0 to 100')).toBeVisible()
    await settle(page)
    await picture(page, `compare-rescored-${theme}`, { full: true })
    await checkAxe(page)
  })
}

test('a chart is kept as SVG without variables, and as PNG', async ({ page, open }) => {
  await open('compare/e-paper')
  for (const [item, ending] of [
    ['As SVG, for print', 'svg'],
    ['As PNG, for slides', 'png']
  ] as const) {
    await page.getByRole('button', { name: 'Save picture' }).first().click()
    const waiting = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: item }).click()
    const download = await waiting
    expect(download.suggestedFilename()).toBe(`Scores with their spread.${ending}`)
    const stream = await download.createReadStream()
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    if (ending === 'svg') expect(bytes.toString()).not.toContain('var(')
    else expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    expect(bytes.length).toBeGreaterThan(2000)
  }
})

test('a study file is opened, mended where it is wrong, and taken', async ({ page, open }) => {
  await open('experiments/new')
  await page.locator('input[type=file]').setInputFiles({
    name: 'study.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from('study: 1\nrouds: 5\n')
  })
  await expect(page.getByText('Did you mean "rounds"?')).toBeVisible()
  await picture(page, 'study-faults-light')
  await checkAxe(page)
  await page.getByRole('button', { name: /line 2/ }).click()
  await page.keyboard.type('rounds: 5')
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(page.getByRole('heading', { name: 'Plan' })).toBeVisible()
  await picture(page, 'study-taken-light')
})
