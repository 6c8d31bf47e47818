import type { Entry, ZipFile } from 'yauzl'
import { LabError } from '../../contract/error.ts'
import type { DataFile } from './data-file.ts'
import { isDateFormat } from './xlsx-cell.ts'
import { damaged, local, parse, type Part, TextCollector } from './xlsx-parts.ts'
import { nextEntry, openArchive } from './zip-file.ts'

/** Parts of the zip. */
export const mostEntries = 20_000
const largestShared = 1 << 30

/** A sheet as the workbook names it. */
export interface Sheet {
  name: string
  /** Excel does not show it. */
  hidden: boolean
  entry: string
}

/** An open workbook: its sheets, and what cells refer to. */
export interface Workbook {
  zip: ZipFile
  entries: ReadonlyMap<string, Entry>
  sheets: Sheet[]
  shared: string[]
  /** By style number of a cell: whether it shows a date. */
  dates: boolean[]
  from1904: boolean
}

/** Throws `file-damaged`, `file-large`. The caller closes its zip. */
export async function openWorkbook(file: DataFile): Promise<Workbook> {
  const zip = await openArchive(file)
  const entries = new Map<string, Entry>()
  for (let entry = await nextEntry(zip, file); entry !== null; entry = await nextEntry(zip, file)) {
    entries.set(entry.fileName, entry)
    if (entries.size > mostEntries) throw damaged(file, new Error('it has too many parts'))
  }
  const part = { zip, entries, file }
  const targets = new Map<string, string>()
  await parse(part, 'xl/_rels/workbook.xml.rels', {
    open: ({ name, attributes }) => {
      if (local(name) === 'Relationship') targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '')
    }
  })
  const sheets: Sheet[] = []
  let from1904 = false
  await parse(part, 'xl/workbook.xml', {
    open: ({ name, attributes }) => {
      if (local(name) === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '')
      if (local(name) !== 'sheet') return
      const id = Object.entries(attributes).find(([key]) => local(key) === 'id')?.[1] ?? ''
      const target = targets.get(id) ?? ''
      const entry = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`
      if (entries.has(entry) && /worksheets/.test(entry))
        sheets.push({ name: attributes['name'] ?? entry, entry, hidden: /hidden/i.test(attributes['state'] ?? '') })
    }
  })
  return { zip, entries, sheets, from1904, shared: await sharedTexts(part), dates: await dateStyles(part) }
}

async function sharedTexts(part: Part): Promise<string[]> {
  const entry = part.entries.get('xl/sharedStrings.xml')
  if (entry && entry.uncompressedSize > largestShared)
    throw new LabError(
      'file-large',
      `${part.file.name} holds more than ${largestShared >> 30} GB of text. Save the sheet as CSV and import that.`
    )
  const texts: string[] = []
  const item = new TextCollector()
  await parse(part, 'xl/sharedStrings.xml', {
    open: ({ name }) => item.open(local(name)),
    text: (text) => item.text(text),
    close: ({ name }) => {
      item.close(local(name))
      if (local(name) === 'si') texts.push(item.take())
    }
  })
  return texts
}

async function dateStyles(part: Part): Promise<boolean[]> {
  const codes = new Map<number, string>()
  const dates: boolean[] = []
  let inCells = false
  await parse(part, 'xl/styles.xml', {
    open: ({ name, attributes }) => {
      if (local(name) === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '')
      if (local(name) === 'cellXfs') inCells = true
      if (local(name) === 'xf' && inCells) {
        const number = Number(attributes['numFmtId'] ?? 0)
        dates.push(isDateFormat(number, codes.get(number)))
      }
    },
    close: ({ name }) => {
      if (local(name) === 'cellXfs') inCells = false
    }
  })
  return dates
}
