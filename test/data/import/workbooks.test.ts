import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { previewImport } from '../../../src/main/data/import/preview.ts'
import { cellText, isDateFormat } from '../../../src/main/data/import/xlsx-cell.ts'
import { zip } from './archives.ts'
import { importFiles, importPaths, newFolder } from './run-import.ts'

const golden = (name: string): string =>
  fileURLToPath(new URL(`../../oracle/golden/workbooks/${name}.xlsx`, import.meta.url))
const mapping = { input: '{question}|{points}|{asked}|{good}', output: 'answer' }

it('reads what openpyxl writes: texts, numbers with 15 digits, dates, truth; the one sheet that holds something', async () => {
  const { examples, rejected, output } = await importPaths([golden('openpyxl')], { mapping, skipLimit: 1 })
  expect(examples.map(({ input, outputs }) => [input, outputs[0]])).toEqual([
    ['Wann wurde Arlen gegründet?|0.3|2024-02-29|TRUE', '1200'],
    ['Zwei\nZeilen, "Zitat" & <Tag> 🚀|5|1999-12-31 23:59:30|FALSE', 'ja'],
    ['=kein Ausdruck|-1.5e-7||TRUE', 'x']
  ])
  expect(rejected).toMatchObject([{ line: 4, field: 'answer' }])
  expect(output).toMatchObject({ examples: 3, rejected: 1 })
})

it('asks which sheet, where several hold something', async () => {
  const file = golden('xlsxwriter')
  await expect(importPaths([file], { mapping })).rejects.toMatchObject({
    code: 'part-needed',
    message: expect.stringContaining('Notizen, Fragen & Antworten') as string
  })
  const seen = await previewImport({ file, format: null, mapping: null }, newFolder())
  expect(seen).toMatchObject({ format: 'xlsx', parts: ['Notizen', 'Fragen & Antworten'] })
  expect(seen.findings[0]).toMatchObject({
    level: 'stop',
    remedies: [{ label: 'Notizen' }, { label: 'Fragen & Antworten' }]
  })
  const [, second] = seen.findings[0]!.remedies
  const { examples } = await importPaths([file], { mapping, reading: second!.reading! })
  expect(examples.map(({ input, outputs }) => [input, outputs[0]])).toEqual([
    ['Wann wurde Arlen gegründet?|||', '1200'],
    ['Frage 2|0.1|2024-02-29|', 'zwei'],
    ['nach einer Lücke|||', 'drei']
  ])
  await expect(importPaths([file], { mapping, reading: { sheet: 'X' } })).rejects.toMatchObject({
    code: 'part-missing'
  })
})

it('reads texts that stand in their cells, all rows of them', async () => {
  const { examples } = await importPaths([golden('stream')])
  expect(examples).toHaveLength(40)
  expect(examples[39]).toMatchObject({ input: 'Question 40?', outputs: ['answer 40'], task: 'stream' })
})

it('tells damaged, old and foreign files', async () => {
  const book = { 'xl/workbook.xml': '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>' }
  const links = {
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>'
  }
  const broken = zip({ ...book, ...links, 'xl/worksheets/s.xml': '<worksheet><sheetData><row><c' })
  await expect(importFiles({ 'x.xlsx': broken })).rejects.toMatchObject({ code: 'file-damaged' })
  const entity = zip({
    ...book,
    ...links,
    'xl/worksheets/s.xml':
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="str"><v>&e;</v></c></row></sheetData></worksheet>'
  })
  await expect(importFiles({ 'x.xlsx': entity })).rejects.toMatchObject({ code: 'file-damaged' })
  await expect(importFiles({ 'x.xlsx': zip(book) })).rejects.toMatchObject({ code: 'no-examples' })
  const old = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(600)])
  await expect(importFiles({ 'x.xls': old })).rejects.toMatchObject({
    message: expect.stringContaining('.xlsx') as string
  })
})

it('workbooks lie in folders and archives, too', async () => {
  const folder = newFolder()
  const sheet =
    '<worksheet><sheetData><row><c t="inlineStr"><is><t>question</t></is></c><c t="inlineStr"><is><t>answer</t></is></c></row><row r="7"><c r="A7" t="inlineStr"><is><t>a?</t></is></c><c r="B7" t="n"><v>5</v></c></row></sheetData></worksheet>'
  const book = zip({
    'xl/workbook.xml': '<x:workbook xmlns:x="m"><x:sheets><x:sheet name="a" r:id="r1"/></x:sheets></x:workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="r1" Target="/xl/worksheets/s.xml"/></Relationships>',
    'xl/worksheets/s.xml': sheet
  })
  writeFileSync(join(folder, 'one.xlsx'), book)
  const { examples } = await importPaths([folder])
  expect(examples.map(({ input, outputs }) => [input, outputs])).toEqual([['a?', ['5']]])
})

it('cells show what Excel shows', () => {
  const book = { shared: ['s'], dates: [false, true], from1904: false }
  expect(cellText('n', '1.1000000000000001', book, 0)).toBe('1.1')
  expect(cellText('n', '1', book, 1)).toBe('1900-01-01')
  expect(cellText('n', '59', book, 1)).toBe('1900-02-28')
  expect(cellText('n', '61', book, 1)).toBe('1900-03-01')
  expect(cellText('n', '0.5', book, 1)).toBe('12:00:00')
  expect(cellText('n', '0', { ...book, from1904: true }, 1)).toBe('1904-01-01')
  expect(cellText('e', '#N/A', book, 0)).toBe('#N/A')
  expect(
    ['yyyy\\-mm\\-dd', '[$-407]d. mmm', '[h]:mm', '0.00', 'General', '"day" 0', '[Red]0'].map((code) =>
      isDateFormat(200, code)
    )
  ).toEqual([true, true, true, false, false, false, false])
})
