import { expect, picture, test } from './fixture.ts'
import { clashingLabels, labelCount } from './labels.ts'

/** Every chart that has words in it, with names as no chart likes them: wide, long, of other writings. */
const charts = [
  { of: 'scores, differences and curves', address: 'compare/e-paper', columns: true },
  { of: 'score and time', address: 'compare/e-paper?tab=time', columns: false },
  { of: 'a job with its loss', address: 'jobs/j-live', columns: false }
]
const widths = [1920, 1024, 420]

for (const { of, address, columns } of charts)
  test(`no words of a chart lie over others: ${of}`, async ({ page, open }) => {
    await open(address, 'crowded')
    await expect.poll(() => labelCount(page)).toBeGreaterThan(3)
    const boxes = page.getByRole('group', { name: 'Shown strategies' }).getByRole('checkbox')
    const all = columns ? await boxes.count() : 1
    if (columns) expect(all).toBe(8)
    const clashes: Record<string, string[]> = {}
    for (let shown = all; shown >= Math.min(2, all); shown -= 3) {
      for (let at = shown; columns && at < Math.min(all, shown + 3); at++) await boxes.nth(at).uncheck()
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        // What is drawn anew may take some frames.
        let found = await clashingLabels(page)
        for (let tries = 0; found.length > 0 && tries < 10; tries++) found = await clashingLabels(page)
        if (found.length > 0) clashes[`${shown} columns, ${width} pixels`] = found
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 })
    await picture(page, `charts-${of.replaceAll(/\W+/g, '-')}`, { full: true })
    expect(clashes).toEqual({})
  })
