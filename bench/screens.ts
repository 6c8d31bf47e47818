import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type Page } from 'playwright'
import { buildIfStale } from '../scripts/build.ts'
import { findBrowser } from '../src/main/hosts/browser.ts'
import { startFake } from '../test/renderer/fake/server.ts'
import { sized } from './size.ts'
import { type BenchResult, type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

type Report = (result: BenchResult) => void

const assets = join(import.meta.dirname, '../out/renderer/assets')
const loads = sized(7, 1)
const keys = sized(40, 4)

/** The built screens on the fake backend: their size, first paint, and input delay on Compare with 20,000 predictions. */
export const suite: BenchSuite = {
  name: 'screens',
  async run(report) {
    if (!buildIfStale()) throw new Error('The build failed.')
    sizes(report)
    const found = findBrowser()
    if (found === null) return
    const fake = await startFake()
    const browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'] })
    try {
      await firstPaint(browser, fake.url, report)
      await inputDelay(browser, fake.url, report)
    } finally {
      await browser.close()
      await fake.close()
    }
  }
}

function sizes(report: Report): void {
  const files = readdirSync(assets).map((name) => join(assets, name))
  const sum = (list: string[], size: (file: string) => number): number =>
    list.reduce((total, file) => total + size(file), 0) / 1000
  const packed = (file: string): number => gzipSync(readFileSync(file)).length
  const code = files.filter((file) => /\.(js|css)$/.test(file))
  report({
    name: 'code of all screens, gzip',
    value: sum(code, packed),
    unit: 'kB',
    aim: '< 500',
    holds: sum(code, packed) < 500
  })
  const plain = sum(code, (file) => statSync(file).size)
  report({ name: 'code of all screens', value: plain, unit: 'kB', aim: null, holds: null })
}

async function firstPaint(browser: Browser, url: string, report: Report): Promise<void> {
  const paints: number[] = []
  const ready: number[] = []
  const transferred: number[] = []
  for (let load = 0; load < loads; load++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(`${url}/?scenario=usual#/start`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const now = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      ready: performance.now(),
      bytes: performance
        .getEntriesByType('resource')
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).decodedBodySize, 0)
    }))
    paints.push(now.paint)
    ready.push(now.ready)
    transferred.push(now.bytes / 1000)
    await page.close()
  }
  report({
    name: 'first contentful paint of Start',
    value: median(paints),
    unit: 'ms',
    aim: '< 1000',
    holds: median(paints) < 1000
  })
  report({ name: 'Start is interactive', value: median(ready), unit: 'ms', aim: '< 1500', holds: median(ready) < 1500 })
  report({
    name: 'loaded for Start (code, styles, fonts)',
    value: median(transferred),
    unit: 'kB',
    aim: null,
    holds: null
  })
}

async function inputDelay(browser: Browser, url: string, report: Report): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${url}/?scenario=huge#/compare/e-paper?tab=examples`)
  await page.getByText('20,000').first().waitFor()
  const list = page.getByRole('group', { name: 'Test questions' })
  await list.locator('[tabindex="0"]').focus()
  const moving = await delays(page, keys, () => page.keyboard.press('ArrowDown'))
  const detail = `longest ${Math.round(Math.max(...moving))} ms`
  const arrows = median(moving)
  report({
    name: 'arrow key in 20,000 predictions to next paint',
    value: arrows,
    unit: 'ms',
    aim: '< 100',
    holds: arrows < 100,
    detail
  })
  await page.getByRole('searchbox').focus()
  const typing = await delays(page, 12, (n) => page.keyboard.press('museum winter'.charAt(n)))
  const typed = median(typing)
  report({
    name: 'typing in the search to next paint',
    value: typed,
    unit: 'ms',
    aim: '< 100',
    holds: typed < 100,
    detail: `longest ${Math.round(Math.max(...typing))} ms`
  })
  await page.close()
}

/** From the key event to the frame after the next, in milliseconds, for each press. */
async function delays(page: Page, count: number, press: (n: number) => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const seen: number[] = []
    Object.assign(window, { seen })
    addEventListener(
      'keydown',
      (event) => requestAnimationFrame(() => setTimeout(() => seen.push(performance.now() - event.timeStamp))),
      { capture: true }
    )
  })
  for (let n = 0; n < count; n++) {
    await press(n)
    await page.waitForTimeout(60)
  }
  return page.evaluate(() => (window as unknown as { seen: number[] }).seen)
}
