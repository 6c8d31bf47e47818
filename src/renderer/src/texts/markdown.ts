/** The small part of Markdown that the lab's own pages use: headings, paragraphs, lists, code, tables and inline marks. */

export type Inline =
  { kind: 'text' | 'strong' | 'emphasis' | 'code'; text: string } | { kind: 'link'; text: string; href: string }

export type Block =
  | { kind: 'heading'; level: number; inline: Inline[] }
  | { kind: 'paragraph'; inline: Inline[] }
  | { kind: 'list'; items: Inline[][] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }

/** The blocks of a page. Comments are left out. */
export function readMarkdown(source: string): Block[] {
  const lines = source.replace(/<!--[^]*?-->/g, '').split(/\r?\n/)
  const blocks: Block[] = []
  let at = 0
  /** Takes lines as long as they are of a kind. */
  const take = (fits: (line: string) => boolean): string[] => {
    const from = at
    while (at < lines.length && fits(lines[at]!)) at++
    return lines.slice(from, at)
  }
  while (at < lines.length) {
    const line = lines[at]!
    if (line.trim() === '') at++
    else if (isHeading(line)) {
      const [, marks, text] = /^(#{1,6}) +(.*)$/.exec(line)!
      blocks.push({ kind: 'heading', level: marks!.length, inline: readInline(text!) })
      at++
    } else if (isItem(line)) blocks.push({ kind: 'list', items: itemsOf(take((one) => one.trim() !== '')) })
    else if (isTableRow(line)) blocks.push(tableOf(take(isTableRow)))
    else if (isCode(line)) {
      const text = take((one) => isCode(one) || one.trim() === '').map((one) => one.slice(4))
      blocks.push({ kind: 'code', text: text.join('\n').trimEnd() })
    } else {
      const text = take((one) => one.trim() !== '' && !isHeading(one) && !isItem(one) && !isTableRow(one))
      blocks.push({ kind: 'paragraph', inline: readInline(text.join(' ')) })
    }
  }
  return blocks
}

const isHeading = (line: string): boolean => /^#{1,6} /.test(line)
const isItem = (line: string): boolean => line.startsWith('- ')
const isTableRow = (line: string): boolean => line.startsWith('|')
const isCode = (line: string): boolean => line.startsWith('    ')

/** A line without a dash goes on with the item before it. */
function itemsOf(lines: readonly string[]): Inline[][] {
  const items: string[] = []
  for (const line of lines) {
    if (isItem(line)) items.push(line.slice(2))
    else items.push(`${items.pop() ?? ''} ${line.trim()}`)
  }
  return items.map(readInline)
}

function tableOf(lines: readonly string[]): Block {
  const rows = lines.filter((line) => !/^\|[-:| ]+\|$/.test(line)).map(cellsOf)
  return { kind: 'table', head: rows[0] ?? [], rows: rows.slice(1) }
}

function cellsOf(line: string): Inline[][] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => readInline(cell.trim()))
}

const marks = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(([^)]+)\)/g

/** Code, strong, emphasised and linked pieces, and the text between them. */
function readInline(text: string): Inline[] {
  const pieces: Inline[] = []
  let from = 0
  const plain = (to: number): void => {
    if (to > from) pieces.push({ kind: 'text', text: text.slice(from, to) })
  }
  for (const found of text.matchAll(marks)) {
    const [whole, code, strong, emphasis, label, href] = found
    plain(found.index)
    from = found.index + whole.length
    if (code !== undefined) pieces.push({ kind: 'code', text: code })
    else if (strong !== undefined) pieces.push({ kind: 'strong', text: strong })
    else if (emphasis !== undefined) pieces.push({ kind: 'emphasis', text: emphasis })
    else pieces.push({ kind: 'link', text: label!, href: href! })
  }
  plain(text.length)
  return pieces
}
