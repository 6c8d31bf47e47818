import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright'
import { newPage, withHome, withHost, type Report } from './host-process.ts'
import { sized } from './size.ts'
import { median } from '../src/main/sums/sums.ts'

const starts = sized(5, 1)

/**
 * From starting the process to the first paint, and to a screen that has its data and can be used. What Chromium itself
 * takes to open a window and paint a bare page is measured beside it, in the same round.
 */
export async function coldStart(browser: Browser, report: Report): Promise<void> {
  const listening: number[] = []
  const paint: number[] = []
  const interactive: number[] = []
  const bare: number[] = []
  for (let i = 0; i < starts; i++) {
    bare.push(await barePaint(browser))
    await withHome((home) =>
      withHost(home, async ({ startedAt, entrance }) => {
        listening.push(Date.now() - startedAt)
        const page = await newPage(browser)
        await page.goto(entrance.href)
        await page.getByRole('heading', { level: 1 }).first().waitFor()
        interactive.push(Date.now() - startedAt)
        paint.push((await firstPaint(page)) - startedAt)
        await page.context().close()
      })
    )
  }
  const rows: [name: string, values: number[], aim: number | null][] = [
    ['start to listening', listening, null],
    ['Chromium alone: a new window to the first paint of a bare page', bare, null],
    ['cold start to first paint', paint, 1500],
    ['cold start to interactive screen', interactive, 1500]
  ]
  for (const [name, values, aim] of rows) {
    const value = median(values)
    const detail = `median of ${starts}: ${values.map((one) => Math.round(one)).join(', ')}`
    const verdict = { aim: aim === null ? null : `under ${aim} ms`, holds: aim === null ? null : value < aim }
    report({ name, value, unit: 'ms', ...verdict, detail })
  }
}

/** The same way without the lab: a page of one line from a server that is there already. */
async function barePaint(browser: Browser): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>bare</title><h1>bare</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const started = Date.now()
  const page = await newPage(browser)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const painted = (await firstPaint(page)) - started
  await page.context().close()
  server.closeAllConnections()
  server.close()
  return painted
}

/** Absolute time of the first contentful paint. */
async function firstPaint(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const entries = () => performance.getEntriesByName('first-contentful-paint')
    while (entries().length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    return performance.timeOrigin + entries()[0]!.startTime
  })
}
