import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { detectFormat } from '../../../src/main/data/import/detect.ts'
import { previewImport } from '../../../src/main/data/import/preview.ts'

/**
 * Heads of files that make a careless pattern go over the same text again and again: a beginning that looks like a format, then
 * one thing repeated. Four times as much of it may take four times as long, not sixteen.
 */
const beginnings = [
  '{',
  '{x',
  '[',
  '[[',
  '[{',
  '"Instances"',
  '{"Instances"',
  '{"16"',
  '{"16":{"round#0"',
  'a,b',
  'a\tb',
  'x',
  ''
]
const repeated = [
  '\n',
  ' ',
  '\n ',
  '\r\n',
  '\t',
  '"',
  "'",
  ',',
  '[',
  '{',
  '\\',
  '{"a":',
  '"Instances" ',
  ';',
  '|',
  '\u0000',
  '\u00e9',
  '-'
]

const folder = mkdtempSync(join(tmpdir(), 'recross-spin-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work().catch(() => undefined)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

describe('looking at a file takes time in proportion to its size', () => {
  test.each(beginnings)('that begins with %j', async (beginning) => {
    const slow: string[] = []
    for (const piece of repeated) {
      const path = join(folder, 'file.dat')
      const secondsOf = (bytes: number) => {
        writeFileSync(path, beginning + piece.repeat(Math.ceil(bytes / Buffer.byteLength(piece))))
        return cpuSeconds(async () => {
          await detectFormat({ path, name: 'file.dat' }).catch(() => undefined)
          await previewImport({ file: path, format: null, reading: {}, mapping: null, kind: 'upstream' }, folder)
        })
      }
      const small = Math.max(0.05, await secondsOf(1 << 16))
      const large = await secondsOf(1 << 18)
      // Four times the text: four times the time, where a quadratic pattern takes sixteen.
      if (large > 9 * small) slow.push(`${JSON.stringify(piece)}: ${small.toFixed(2)} s, then ${large.toFixed(2)} s`)
    }
    expect(slow).toEqual([])
  })
})
