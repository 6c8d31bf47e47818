import { cutWhole, keptInParts } from './long-cells.ts'
import type { Sheet } from './sheet.ts'
import { ZipWriter } from './zip-writer.ts'

export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** What Excel can hold: rows of a sheet, characters of a sheet's name. */
const mostRows = 1_048_576
const longestName = 31

/**
 * An Excel workbook (ECMA-376, SpreadsheetML). Texts are texts: none is run as a formula, whatever it begins with. A sheet with more
 * rows than Excel has goes on in a next one. A longer text than a cell can hold is cut there and says so; a last sheet has it whole.
 */
export function workbook(sheets: readonly Sheet[]): Promise<Buffer> {
  const asked = named(sheets.flatMap(inPieces))
  const parts = keptInParts(asked, placeOf)
  const whole = parts === null ? [] : named([...asked, ...inPieces(parts)]).slice(asked.length)
  const wholeAt = whole[0]?.name ?? ''
  const numbered = [...asked, ...whole].map((sheet, at) => ({ ...sheet, id: at + 1 }))
  return ZipWriter.of([
    {
      name: '[Content_Types].xml',
      content: xml(
        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${main}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${main}.styles+xml"/>${numbered.map(({ id }) => `<Override PartName="/xl/worksheets/sheet${id}.xml" ContentType="${main}.worksheet+xml"/>`).join('')}</Types>`
      )
    },
    {
      name: '_rels/.rels',
      content: relations([{ id: 'rId1', type: 'officeDocument', target: 'xl/workbook.xml' }])
    },
    {
      name: 'xl/workbook.xml',
      content: xml(
        `<workbook xmlns="${namespace}" xmlns:r="${relationNamespace}"><sheets>${numbered.map(({ id, name }) => `<sheet name="${escaped(name)}" sheetId="${id}" r:id="rId${id}"/>`).join('')}</sheets></workbook>`
      )
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relations([
        ...numbered.map(({ id }) => ({ id: `rId${id}`, type: 'worksheet', target: `worksheets/sheet${id}.xml` })),
        { id: `rId${numbered.length + 1}`, type: 'styles', target: 'styles.xml' }
      ])
    },
    {
      name: 'xl/styles.xml',
      // Two looks of a cell: 0 plain, 1 the bold header.
      content: xml(
        `<styleSheet xmlns="${namespace}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`
      )
    },
    ...numbered.map(({ id, rows }) => ({ name: `xl/worksheets/sheet${id}.xml`, content: sheetXml(rows, wholeAt) }))
  ])
}

const namespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relationNamespace = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

function sheetXml(rows: Sheet['rows'], wholeAt: string): string {
  const lines = rows.map((row, at) => {
    const cells = row.map((value, column) => cell(value, placeOf(at, column), at === 0, wholeAt))
    return `<row r="${at + 1}">${cells.join('')}</row>`
  })
  const frozen = `<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
  return xml(`<worksheet xmlns="${namespace}">${frozen}<sheetData>${lines.join('')}</sheetData></worksheet>`)
}

function cell(value: string | number | null, place: string, header: boolean, wholeAt: string): string {
  if (value === null || value === '') return ''
  const look = header ? ' s="1"' : ''
  if (typeof value === 'number' && Number.isFinite(value)) return `<c r="${place}"${look}><v>${value}</v></c>`
  const text = escaped(cutWhole(String(value), wholeAt))
  return `<c r="${place}"${look} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
}

/** What a spreadsheet calls the cell of a row and a column, both counted from 0. */
const placeOf = (row: number, column: number): string => `${columnName(column)}${row + 1}`

/** 0 → A, 25 → Z, 26 → AA. */
function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26))
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter
}

/** A header stands above each piece. */
function inPieces({ name, rows }: Sheet): Sheet[] {
  const [header = [], ...rest] = rows
  const step = mostRows - 1
  const count = Math.max(1, Math.ceil(rest.length / step))
  return Array.from({ length: count }, (_, at) => ({
    name: count === 1 ? name : `${name} ${at + 1}`,
    rows: [header, ...rest.slice(at * step, (at + 1) * step)]
  }))
}

/** Names as Excel allows them, each once. */
function named(sheets: readonly Sheet[]): Sheet[] {
  const taken = new Set<string>()
  return sheets.map(({ name, rows }) => {
    const allowed =
      name
        .replaceAll(/[[\]:*?/\\]/g, ' ')
        .trim()
        .slice(0, longestName) || 'Sheet'
    let free = allowed
    for (let number = 2; taken.has(free.toLowerCase()); number++)
      free = `${allowed.slice(0, longestName - 1 - String(number).length)} ${number}`
    taken.add(free.toLowerCase())
    return { name: free, rows }
  })
}

function relations(list: readonly { id: string; type: string; target: string }[]): string {
  const entries = list.map(
    ({ id, type, target }) => `<Relationship Id="${id}" Type="${relationNamespace}/${type}" Target="${target}"/>`
  )
  return xml(
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${entries.join('')}</Relationships>`
  )
}

const xml = (content: string): string => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${content}`

/** XML has no way to write most control characters, half surrogates and two more; Excel writes them as `_x000B_`. */
function escaped(text: string): string {
  return text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(unwritable, (one) => `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
}

/** As text, since a control character has no place in a pattern's source. */
const unwritable = new RegExp(
  String.raw`[\x00-\x08\x0B-\x1F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]`,
  'g'
)
