import { expect, it } from 'vitest'
import { zip } from './archives.ts'
import { importFiles } from './run-import.ts'

/** Files as people bring them, each with what must come of it. */

const read = async (files: Record<string, string | Buffer>, options: object = {}) =>
  (await importFiles(files, options)).examples.map(({ input, outputs }) => [input, ...outputs])

const link = (n: number) => `<Relationship Id="r${n}" Target="worksheets/s${n}.xml"/>`
const book = (sheets: Record<string, string>, states: readonly string[] = []) =>
  zip({
    'xl/workbook.xml': `<workbook><sheets>${Object.keys(sheets)
      .map((name, at) => `<sheet name="${name}" r:id="r${at + 1}"${states[at] ? ` state="${states[at]}"` : ''}/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${Object.keys(sheets)
      .map((_, at) => link(at + 1))
      .join('')}</Relationships>`,
    'xl/styles.xml': '<styleSheet><cellXfs count="2"><xf/><xf numFmtId="14"/></cellXfs></styleSheet>',
    ...Object.fromEntries(Object.values(sheets).map((xml, at) => [`xl/worksheets/s${at + 1}.xml`, xml]))
  })
const text = (place: string, value: string) => `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`
const head = `<row r="1">${text('A1', 'question')}${text('B1', 'answer')}</row>`
const sheet = (rows: string, after = '') => `<worksheet><sheetData>${head}${rows}</sheetData>${after}</worksheet>`

it('a workbook with formulas, dates and merged cells gives the values that Excel shows', async () => {
  const rows = [
    `<row r="2">${text('A2', 'How many?')}<c r="B2"><f>SUM(1,4)</f><v>5</v></c></row>`,
    `<row r="3"><c r="A3" t="str"><f>CONCATENATE("Wh","en?")</f><v>When?</v></c><c r="B3" s="1"><v>45351</v></c></row>`,
    `<row r="4">${text('A4', 'merged?')}<c r="B4" t="b"><v>1</v></c></row><row r="5"><c r="A5"/>${text('B5', 'no question')}</row>`
  ]
  const file = book({ a: sheet(rows.join(''), '<mergeCells count="1"><mergeCell ref="A4:A5"/></mergeCells>') })
  const { examples, rejected } = await importFiles({ 'x.xlsx': file }, { skipLimit: 1 })
  expect(examples.map(({ input, outputs }) => [input, ...outputs])).toEqual([
    ['How many?', '5'],
    ['When?', '2024-02-29'],
    ['merged?', 'TRUE']
  ])
  expect(rejected).toMatchObject([{ line: 5 }])
})

it('of a workbook whose other sheets are hidden the one that can be seen is read', async () => {
  const file = book(
    {
      lists: sheet(`<row r="2">${text('A2', 'hidden')}${text('B2', 'x')}</row>`),
      seen: sheet(`<row r="2">${text('A2', 'seen?')}${text('B2', 'yes')}</row>`),
      deep: sheet(`<row r="2">${text('A2', 'hidden')}${text('B2', 'x')}</row>`)
    },
    ['hidden', '', 'veryHidden']
  )
  expect(await read({ 'x.xlsx': file })).toEqual([['seen?', 'yes']])
  // It can be had by its name.
  expect(await read({ 'x.xlsx': file }, { reading: { sheet: 'lists' } })).toEqual([['hidden', 'x']])
})

it.each<[string, string, string, object, string[][]]>([
  [
    'SQuAD’s answers by path',
    'x.jsonl',
    '{"q":"a?","answers":{"text":["b","c"],"answer_start":[1,2]}}',
    { mapping: { input: 'q', output: 'answers.text[0]' } },
    [['a?', 'b']]
  ],
  [
    'a whole list by path',
    'x.jsonl',
    '{"q":"a?","answers":{"text":["b","c"]}}',
    { mapping: { input: 'q', output: 'answers.text' } },
    [['a?', 'b', 'c']]
  ],
  [
    'the last message of a chat',
    'x.jsonl',
    '{"messages":[{"role":"user","content":"a?"},{"role":"assistant","content":"b"}]}',
    { mapping: { input: 'messages[0].content', output: 'messages[-1].content' } },
    [['a?', 'b']]
  ],
  [
    'nulls where nothing is',
    'x.jsonl',
    '{"input":"a?","output":"b","task":null,"choices":null,"id":null}',
    {},
    [['a?', 'b']]
  ],
  [
    'a separator line behind a byte order mark',
    'x.csv',
    '\ufeffsep=;\r\nquestion;answer\r\n"a;?";b\r\n',
    {},
    [['a;?', 'b']]
  ],
  ['a quoted head behind a byte order mark', 'x.csv', '\ufeff"question","answer"\r\na?,b\r\n', {}, [['a?', 'b']]],
  ['blanks around the names', 'x.csv', ' question , answer \na?,b\n', {}, [['a?', 'b']]],
  ['names in capitals', 'x.csv', 'Question,Answer\na?,b\n', {}, [['a?', 'b']]],
  [
    'an index that pandas wrote',
    'x.csv',
    ',question,answer\n0,a?,b\n1,c?,d\n',
    {},
    [
      ['a?', 'b'],
      ['c?', 'd']
    ]
  ],
  ['no line end at the end', 'x.csv', 'question,answer\na?,b', {}, [['a?', 'b']]],
  ['a quoted break within a cell', 'x.csv', 'question,answer\r\n"a\r\n?",b\r\n', {}, [['a\r\n?', 'b']]],
  ['an array in a file that is called .jsonl', 'x.jsonl', '[{"input":"a?","output":"b"}]', {}, [['a?', 'b']]],
  [
    'JSON lines in a file that is called .json',
    'x.json',
    '{"input":"a?","output":"b"}\n{"input":"c?","output":"d"}\n',
    {},
    [
      ['a?', 'b'],
      ['c?', 'd']
    ]
  ],
  [
    'one record over several lines',
    'x.json',
    '{\n "data": [\n  {"input": "a?", "output": "b"}\n ]\n}',
    {},
    [['a?', 'b']]
  ],
  ['a number as an answer', 'x.jsonl', '{"input":"a?","output":5.0}', {}, [['a?', '5.0']]],
  ['truth as an answer', 'x.jsonl', '{"input":"a?","output":true}', {}, [['a?', 'true']]]
])('%s', async (_, name, content, options, expected) => {
  expect(await read({ [name]: content }, options)).toEqual(expected)
})

it('a record with one name twice is set aside by name, as nobody knows which is meant', async () => {
  const { examples, rejected } = await importFiles(
    { 'x.jsonl': '{"input":"a?","output":"b"}\n{"input":"c?","output":"d","output":"e"}\n' },
    { skipLimit: 1 }
  )
  expect(examples).toHaveLength(1)
  expect(rejected).toMatchObject([{ line: 2, expected: expect.stringContaining('"output" stands twice') as string }])
})
