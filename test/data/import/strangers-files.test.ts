import { gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { zip } from './archives.ts'
import { importFiles } from './run-import.ts'

/** More files as people bring them. Each comes whole and as it is meant, or is refused with a sentence that says where and why. */

type Files = Record<string, string | Buffer>
type Case = [what: string, files: Files, expected: string[][] | RegExp, options?: object]

const latin1 = (text: string) => Buffer.from(text, 'latin1')
const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const one = [['a?', 'b']]
const two = [
  ['a?', 'b'],
  ['c?', 'd']
]

const tables: Case[] = [
  [
    'Excel’s “Unicode text”: UTF-16 with tabs',
    { 'x.txt': Buffer.concat([Buffer.from([0xff, 0xfe]), utf16('question\tanswer\r\n"a\t?"\tü\r\n')]) },
    [['a\t?', 'ü']]
  ],
  ['UTF-16 of the other order, without a mark', { 'x.csv': utf16('question,answer\r\na?,b\r\n').swap16() }, one],
  ['a separator line that names a tab', { 'x.csv': 'sep=\t\r\nquestion\tanswer\r\na?\tb\r\n' }, one],
  [
    'old Mac’s line ends, one in quotes',
    { 'x.csv': 'question,answer\r"one\rtwo",b\rc?,d\r' },
    [
      ['one\rtwo', 'b'],
      ['c?', 'd']
    ]
  ],
  ['line ends that were converted twice', { 'x.csv': 'question,answer\r\r\na?,b\r\r\nc?,d\r\r\n' }, two],
  [
    'thousands in quotes',
    { 'x.csv': 'question,answer\nHow many?,"1,234"\nAnd?,"1,000,000"\n' },
    [
      ['How many?', '1,234'],
      ['And?', '1,000,000']
    ]
  ],
  ['decimal commas', { 'x.csv': 'question;answer\npi?;3,14\n' }, [['pi?', '3,14']]],
  ['two columns of one name', { 'x.csv': 'question,answer,answer\na?,b,x\nc?,d,y\n' }, two],
  [
    'a column that says which of one name',
    { 'x.csv': 'question,answer,answer\na?,x,b\nc?,y,d\n' },
    two,
    { mapping: { input: 'question', output: 'answer (2)' } }
  ],
  ['a head and nothing below', { 'x.csv': 'question,answer\n' }, /The files hold no examples/],
  ['delimiters at the end of every line', { 'x.csv': 'question,answer,\na?,b,\nc?,d,\n' }, two],
  ['delimiters at the end of rows only', { 'x.csv': 'question,answer\na?,b,\nc?,d,\n' }, two],
  [
    'one line in another encoding',
    { 'x.csv': Buffer.concat([Buffer.from('question,answer\né?,ü\nö?,ä\n'), latin1('caf\xe9?,b\n')]) },
    /x.csv, line 4, record: expected UTF-8 text; these bytes look like Latin-1/
  ],
  ['curly quotes of Windows', { 'x.csv': latin1('question,answer\n\x93a\x94?,5 \x80\n') }, [['“a”?', '5 €']]],
  [
    'two files one behind the other, each with mark and head',
    { 'x.csv': '\ufeffquestion,answer\na?,b\n\ufeffquestion,answer\nc?,d\n' },
    /line 3, record: expected an example; this row holds names of columns/
  ],
  [
    'the same, with that row set aside',
    { 'x.csv': 'question,answer\na?,b\nquestion,answer\nc?,d\n' },
    two,
    { skipLimit: 1 }
  ],
  ['a Markdown table', { 'x.md': '| question | answer |\n|:---|---:|\n| a? | b |\n' }, /it is a table in Markdown/],
  [
    'a comment above the head',
    { 'x.csv': '# of 2024-01-01\nquestion,answer\na?,b\nc?,d\n' },
    /x.csv, line 1: expected column names, found a title or a comment of one cell; the names seem to stand in line 2/
  ],
  [
    'a title and an empty row above the head',
    { 'x.csv': 'My survey,,\n,,\nquestion,answer,note\na?,b,\nc?,d,x\n' },
    /the names seem to stand in line 3/
  ],
  ['blank rows and rows of blanks', { 'x.csv': 'question,answer\n\na?,b\n   \n\nc?,d\n,\n\n' }, two],
  [
    'apostrophes as quotes',
    { 'x.csv': "question,answer\n'a, b?','c'\n'd, e?','f'\n" },
    [
      ['a, b?', 'c'],
      ['d, e?', 'f']
    ]
  ],
  [
    'apostrophes as apostrophes',
    { 'x.csv': "question,answer\n'tis it?,yes\nwho's?,it's\n" },
    [
      ["'tis it?", 'yes'],
      ["who's?", "it's"]
    ]
  ],
  [
    'blanks between delimiter and quote',
    { 'x.csv': 'question, answer\n"a, b?", "c, d"\n"e?", "f"\n' },
    [
      ['a, b?', 'c, d'],
      ['e?', 'f']
    ]
  ],
  [
    'quotes behind backslashes',
    { 'x.csv': 'question,answer\n"say \\"hi\\", ok?",b\n"x \\"y\\"?",c\n' },
    [
      ['say "hi", ok?', 'b'],
      ['x "y"?', 'c']
    ]
  ],
  ['the end sign of DOS', { 'x.csv': 'question,answer\r\na?,b\r\n\u001a' }, one],
  ['a zero byte', { 'x.csv': 'question,answer\na\u0000?,b\n' }, /it holds binary data/],
  [
    'UTF-32',
    { 'x.csv': Buffer.from([...'question,answer\na?,b\n'].flatMap((c) => [c.charCodeAt(0), 0, 0, 0])) },
    /binary data/
  ],
  [
    'two tables in one file',
    { 'x.csv': 'question,answer\na?,b\n\nid,name,value\n1,x,2\n' },
    /line 4, record: expected 2 fields/
  ],
  [
    'no head, short questions',
    { 'x.csv': 'What is it?,A mill\nWho was it?,The miller\n' },
    [
      ['What is it?', 'A mill'],
      ['Who was it?', 'The miller']
    ]
  ],
  [
    'one column of questions with commas, as csv.writer quotes them',
    { 'q.csv': 'question\n"What, then?"\nWho?\n"Where, or when?"\n' },
    [['What, then?'], ['Who?'], ['Where, or when?']],
    { kind: 'target' }
  ],
  [
    'a break within a name',
    { 'x.csv': '"question\n(en)",answer\na?,b\n' },
    one,
    { mapping: { input: 'question\n(en)', output: 'answer' } }
  ],
  [
    'gzip of several members',
    { 'x.csv.gz': Buffer.concat([gzipSync('question,answer\na?,b\n'), gzipSync('c?,d\n')]) },
    two
  ],
  [
    'gzip that is cut',
    { 'x.csv.gz': gzipSync('question,answer\na?,b\n'.repeat(50)).subarray(0, 40) },
    /x.csv.gz is damaged or incomplete/
  ],
  ['a PDF among targets', { 'x.pdf': '%PDF-1.4\n1 0 obj\n<< >>\nendobj\n' }, /it is a PDF/, { kind: 'target' }],
  [
    'a web page that is called .xls',
    { 'x.xls': '<html><table><tr><td>a?</td></tr></table></html>' },
    /it is a web page/,
    { kind: 'target' }
  ],
  ['a document', { 'x.rtf': '{\\rtf1\\ansi Hello\\par}' }, /it is a document/, { kind: 'target' }],
  ['XML', { 'x.xml': '<?xml version="1.0"?>\n<qa><q>a?</q></qa>\n' }, /it is XML/, { kind: 'target' }],
  [
    'YAML',
    { 'x.yaml': '- question: a?\n  answer: b\n- question: c?\n  answer: d\n' },
    /it is YAML/,
    { kind: 'target' }
  ],
  ['a sheet of LibreOffice', { 'x.ods': zip({ 'content.xml': '<x/>' }) }, /such as .ods or .docx, as .xlsx/]
]

const row = '["a?",["b"],"t|train|v0|#0"]'
const json: Case[] = [
  ...[
    `[{"query_examples":[${row}],"positive_examples":[${row}],"negative_examples":[${row}]}]`,
    `[\n  {\n    "query_examples": [\n ${row}], "retrieved_candidates": [${row}], "tuple_id": 0}]`,
    `{"positive_examples":[${row}],"negative_examples":[${row}],"query_examples":[${row}]}\n`
  ].map((text, n): Case => [
    `tuples of the original's reranker, ${n}`,
    { 'x_tuples.json': text },
    /tuples for the original's reranker/
  ]),
  ['a comma behind the last record', { 'x.json': '[{"input":"a?","output":"b"},\n]' }, one],
  [
    'a comma behind the last member',
    { 'x.json': '[{"input":"a?","output":"b",}]' },
    /x.json, line 1, record: expected valid JSON/
  ],
  [
    'Python’s NaN and infinity',
    { 'x.jsonl': '{"input":"a?","output":"b","score":NaN}\n{"input":"c?","output":-Infinity}\n' },
    [
      ['a?', 'b'],
      ['c?', '-Infinity']
    ]
  ],
  [
    'a name twice, inside',
    { 'x.jsonl': '{"q":"a?","answers":{"text":"b","text":"c"}}\n{"q":"c?","answers":{"text":"d"}}\n' },
    /line 1, record: expected valid JSON \(the name "text" stands twice in it\)/,
    { mapping: { input: 'q', output: 'answers.text' } }
  ],
  [
    'one name in each of several objects',
    { 'x.jsonl': '{"input":"a?","output":"b","x":[{"n":1},{"n":2}],"y":{"n":3}}\n' },
    one
  ],
  ['comments', { 'x.json': '// mine\n[{"input":"a?","output":"b"}]' }, /it is JSON behind a comment/],
  [
    'Python’s dictionaries',
    { 'x.jsonl': "{'input': 'a?', 'output': 'b'}\n{'input': 'c?', 'output': 'd'}\n" },
    /x.jsonl, line 1, record: expected valid JSON/
  ],
  [
    'commas at the ends of lines',
    { 'x.jsonl': '{"input":"a?","output":"b"},\n{"input":"c?","output":"d"},\n' },
    /line 1, record: expected valid JSON/
  ],
  [
    'indented objects one behind the other',
    { 'x.json': '{\n "input": "a?",\n "output": "b"\n}\n{\n "input": "c?"\n}\n' },
    /x.json, line 5: one JSON value has ended and another begins/
  ],
  ['one record over several lines', { 'x.json': '{\n "question": "a?",\n "answer": "b"\n}' }, one],
  ['a list of texts', { 'x.json': '["q1?","q2?","q3?"]' }, /it is one JSON list of texts/, { kind: 'target' }],
  ['lists of more than three parts', { 'x.json': '[["a?","b","c","d"]]' }, /expected at most three parts/],
  [
    'lists whose first names the columns',
    { 'x.jsonl': '["question","answer"]\n["a?","b"]\n["c?","d"]\n' },
    two,
    { skipLimit: 1 }
  ],
  [
    'columns of unequal lengths',
    { 'x.json': '{"question":["a?","b?"],"answer":["c"]}' },
    /question has 2, answer has 1/
  ],
  [
    'pandas, orient="table"',
    { 'x.json': '{"schema":{"fields":[{"name":"question"}]},"data":[{"question":"a?","answer":"b"}]}' },
    one
  ],
  [
    'rows as the hub’s viewer gives them',
    { 'x.json': '{"features":[{"name":"question"}],"rows":[{"row_idx":0,"row":{"question":"a?","answer":"b"}}]}' },
    one,
    { reading: { part: 'rows' }, mapping: { input: 'row.question', output: 'row.answer' } }
  ],
  [
    'a chat with calls of tools, which are no text',
    {
      'x.jsonl':
        '{"messages":[{"role":"user","content":"a?"},{"role":"assistant","content":"b"}]}\n' +
        '{"messages":[{"role":"user","content":"c?"},{"role":"assistant","content":null,"tool_calls":[{}]},{"role":"tool","content":"7"},{"role":"assistant","content":"d"}]}\n'
    },
    /line 2, messages.@question/
  ],
  [
    'a chat in which a tool speaks',
    {
      'x.jsonl':
        '{"messages":[{"role":"user","content":"a?"},{"role":"tool","content":"7"},{"role":"assistant","content":"b"}]}\n'
    },
    [['User: a?\nTool: 7', 'b']]
  ],
  [
    'what Label Studio exports',
    { 'x.json': '[{"id":1,"data":{"text":"a?"},"annotations":[{"result":[{"value":{"choices":["b"]}}]}]}]' },
    one,
    { mapping: { input: 'data.text', output: 'annotations[0].result[0].value.choices[0]' } }
  ],
  [
    'dots in names',
    { 'x.jsonl': '{"question":"a?","answers.text":"b"}\n' },
    one,
    { mapping: { input: 'question', output: 'answers.text' } }
  ],
  [
    'numbers as they are written',
    {
      'x.jsonl':
        '{"input":"1","output":12345678901234567890}\n{"input":"2","output":1e400}\n{"input":"3","output":-0}\n{"input":"4","output":0.10}\n'
    },
    [
      ['1', '12345678901234567890'],
      ['2', '1e400'],
      ['3', '-0'],
      ['4', '0.10']
    ]
  ],
  ['a mark and empty lines before the first record', { 'x.jsonl': '\ufeff\n\n{"input":"a?","output":"b"}\r\n' }, one],
  [
    'a last line that is cut',
    { 'x.jsonl': '{"input":"a?","output":"b"}\n{"input":"c?","outp' },
    /x.jsonl, line 2, record: expected valid JSON/
  ],
  [
    'zstd of several frames, one to pass over',
    {
      'x.jsonl.zst': Buffer.concat([
        zstdCompressSync('{"input":"a?","output":"b"}\n'),
        Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]),
        zstdCompressSync('{"input":"c?","output":"d"}\n')
      ])
    },
    two
  ],
  [
    'zstd that is cut',
    { 'x.jsonl.zst': zstdCompressSync('{"input":"a?","output":"b"}\n'.repeat(9)).subarray(0, -6) },
    /zstd file x.jsonl.zst is damaged/
  ],
  [
    'no answer in one record',
    { 'x.jsonl': '{"input":"a?","output":[]}\n' },
    /line 1, output: expected a text, or a list of texts/
  ]
]

const cell = (text: string, place = '') => `<c${place && ` r="${place}"`} t="inlineStr"><is><t>${text}</t></is></c>`
const head = `<row>${cell('question')}${cell('answer')}</row>`
const book = (rows: string, parts: Record<string, string> = {}, prefix = '') =>
  zip({
    'xl/workbook.xml': `<${prefix}workbook><${prefix}sheets><${prefix}sheet name="a" r:id="r1"/></${prefix}sheets></${prefix}workbook>`,
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Target="worksheets/s1.xml"/></Relationships>',
    'xl/worksheets/s1.xml': `<${prefix}worksheet><${prefix}sheetData>${rows}</${prefix}sheetData></${prefix}worksheet>`,
    ...parts
  })

const workbooks: Case[] = [
  [
    'names with a prefix, as some programs write them',
    {
      'x.xlsx': book(`${head}<row>${cell('a?')}<c><v>5</v></c></row>`.replace(/<(\/?)(\w)/g, '<$1x:$2'), {}, 'x:')
    },
    [['a?', '5']]
  ],
  [
    'a title above the head',
    {
      'x.xlsx': book(
        `<row r="1">${cell('Survey', 'A1')}</row><row r="3">${cell('question', 'A3')}${cell('answer', 'B3')}</row><row r="4">${cell('a?', 'A4')}${cell('b', 'B4')}</row>`
      )
    },
    /x.xlsx, line 1: expected column names, found a title .* line 3/
  ],
  [
    'a table that does not begin in the first cell',
    {
      'x.xlsx': book(
        `<row r="3">${cell('question', 'C3')}${cell('answer', 'D3')}</row><row r="4">${cell('a?', 'C4')}${cell('b', 'D4')}</row>`
      )
    },
    one
  ],
  [
    'errors and truth',
    {
      'x.xlsx': book(
        `${head}<row>${cell('1')}<c t="e"><v>#N/A</v></c></row><row>${cell('2')}<c t="b"><v>0</v></c></row>`
      )
    },
    [
      ['1', '#N/A'],
      ['2', 'FALSE']
    ]
  ],
  [
    'numbers with the 15 digits that Excel has',
    {
      'x.xlsx': book(
        `${head}<row>${cell('1')}<c><v>0.30000000000000004</v></c></row><row>${cell('2')}<c><v>1E+20</v></c></row>`
      )
    },
    [
      ['1', '0.3'],
      ['2', '100000000000000000000']
    ]
  ],
  [
    'texts in pieces, read-aloud helps, escaped characters',
    {
      'x.xlsx': book(`${head}<row><c t="s"><v>0</v></c>${cell('x_x000D_y _x005F_x0041_')}</row>`, {
        'xl/sharedStrings.xml':
          '<sst><si><r><t xml:space="preserve">bo</t></r><r><rPr/><t>ld?</t></r><rPh><t>zz</t></rPh></si></sst>'
      })
    },
    [['bold?', 'x\ry _x0041_']]
  ],
  [
    'a formula that was never worked out',
    { 'x.xlsx': book(`${head}<row>${cell('a?')}<c><f>A1</f></c></row>`) },
    /line 2, answer: expected an answer that is not empty/
  ],
  [
    'two columns of one name',
    {
      'x.xlsx': book(
        `<row>${cell('question')}${cell('answer')}${cell('answer')}</row><row>${cell('a?')}${cell('b')}${cell('x')}</row>`
      )
    },
    one
  ],
  ['a document', { 'x.docx': zip({ 'word/document.xml': '<x/>' }) }, /No data files were found/]
]

it.each([...tables, ...json, ...workbooks])('%s', async (_, files, expected, options = {}) => {
  const imported = importFiles(files, options)
  if (expected instanceof RegExp) return expect(imported).rejects.toThrow(expected)
  expect((await imported).examples.map(({ input, outputs }) => [input, ...outputs])).toEqual(expected)
})
