import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readMarkdown, type Block } from '../../../src/renderer/src/texts/markdown.ts'

test('headings, paragraphs, lists, code, tables and marks are read', () => {
  const page = [
    '# A *b*',
    '',
    'One `x|y`',
    'two **three** [four](five.md).',
    '',
    '- first',
    '  goes on',
    '- second',
    ''
  ]
  const rest = ['    code', '', '    more', '', '| a | b |', '|---|---:|', '| 1 | – |', '<!-- not', 'shown -->', 'End']
  const text = (words: string) => ({ kind: 'text', text: words })
  expect(readMarkdown([...page, ...rest].join('\n'))).toEqual([
    { kind: 'heading', level: 1, inline: [text('A '), { kind: 'emphasis', text: 'b' }] },
    {
      kind: 'paragraph',
      inline: [
        ...[text('One '), { kind: 'code', text: 'x|y' }, text(' two '), { kind: 'strong', text: 'three' }, text(' ')],
        ...[{ kind: 'link', text: 'four', href: 'five.md' }, text('.')]
      ]
    },
    { kind: 'list', items: [[text('first goes on')], [text('second')]] },
    { kind: 'code', text: 'code\n\nmore' },
    { kind: 'table', head: [[text('a')], [text('b')]], rows: [[[text('1')], [text('–')]]] },
    { kind: 'paragraph', inline: [text('End')] }
  ])
})

test('the page of methods is read whole: nothing of its markup is left over, and its tables are even', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../docs/methods.md'), 'utf8')
  const blocks = readMarkdown(source)
  const pieces = (block: Block) =>
    block.kind === 'list'
      ? block.items.flat()
      : block.kind === 'table'
        ? [...block.head, ...block.rows.flat()].flat()
        : block.kind === 'code'
          ? []
          : block.inline
  const plain = blocks.flatMap(pieces).filter(({ kind }) => kind === 'text')
  expect(plain.filter(({ text }) => /\*\*|`|\]\(|<!--|^#/.test(text))).toEqual([])
  expect(blocks.filter(({ kind }) => kind === 'heading')).toHaveLength(source.match(/^#+ /gm)!.length)
  for (const block of blocks)
    if (block.kind === 'table') for (const row of block.rows) expect(row).toHaveLength(block.head.length)
})
