import { describe, expect, it } from 'vitest'
import type { ColumnMapping } from '../../../src/main/contract/import.ts'
import { knownLayouts } from '../../../src/main/data/import/known-layouts.ts'
import { previewImport } from '../../../src/main/data/import/preview.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { importFiles, newFolder } from './run-import.ts'

/** Two rows of each layout as its data sets have them, and the example that is right for the first. */
const cases: [string, object[], { input: string; outputs: string[]; choices?: string[] | null }][] = [
  [
    'Alpaca',
    [
      { instruction: 'Translate.', input: 'The mill', output: 'Le moulin', text: 'Below is an instruction' },
      { instruction: 'Sing.', input: '', output: 'La la' }
    ],
    { input: 'Translate.\nThe mill', outputs: ['Le moulin'] }
  ],
  [
    'Dolly',
    [
      { instruction: 'Who built it?', context: 'Jon built the mill.', response: 'Jon', category: 'closed_qa' },
      { instruction: 'Sing.', context: '', response: 'La', category: 'x' }
    ],
    { input: 'Who built it?\nJon built the mill.', outputs: ['Jon'] }
  ],
  [
    'ShareGPT',
    [
      {
        id: 'a',
        conversations: [
          { from: 'human', value: 'Hi' },
          { from: 'gpt', value: 'Hello' },
          { from: 'human', value: 'Where?' },
          { from: 'gpt', value: 'Here' }
        ]
      }
    ],
    { input: 'User: Hi\nAssistant: Hello\nUser: Where?', outputs: ['Here'] }
  ],
  [
    'chat',
    [
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: [{ type: 'text', text: 'Why?' }] },
          { role: 'assistant', content: 'So.' },
          { role: 'user', content: 'Thanks' }
        ]
      }
    ],
    { input: 'Be brief.\nWhy?', outputs: ['So.'] }
  ],
  [
    'BoolQ',
    [{ passage: 'Cats purr.', question: 'do cats purr', answer: true, title: 'Cat life' }],
    { input: 'Cats purr.\nQuestion: do cats purr', outputs: ['yes'] }
  ],
  [
    'BoolQ',
    [{ passage: 'Cats purr.', question: 'do cats bark', label: 0, idx: 3 }],
    { input: 'Cats purr.\nQuestion: do cats bark', outputs: ['no'] }
  ],
  [
    'SQuAD',
    [
      {
        id: 'q',
        title: 'A Title',
        context: 'Built 1200.',
        question: 'When?',
        answers: { text: ['1200', 'in 1200'], answer_start: [6, 3] }
      }
    ],
    { input: 'Built 1200.\nQuestion: When?', outputs: ['1200', 'in 1200'] }
  ],
  [
    'RACE',
    [
      {
        article: 'Long ago.',
        question: 'When?',
        options: ['Now', 'Long ago', 'Soon', 'Never'],
        answer: 'B',
        example_id: 'h1'
      }
    ],
    { input: 'Long ago.\nQuestion: When?', outputs: ['Long ago'], choices: ['Now', 'Long ago', 'Soon', 'Never'] }
  ],
  [
    'NLI',
    [{ premise: 'It rains.', hypothesis: 'It is wet.', label: 'entailment' }],
    { input: 'It rains.\nHypothesis: It is wet.', outputs: ['entailment'] }
  ],
  [
    'MMLU',
    [
      { question: 'Two?', choices: ['1', '2'], answer: 1, subject: 'numbers' },
      { question: 'One?', choices: ['1', '2'], answer: 0, subject: 'numbers' }
    ],
    { input: 'Two?', outputs: ['2'], choices: ['1', '2'] }
  ],
  [
    'ARC',
    [{ id: 'a', question: 'Which?', choices: { text: ['ice', 'fire'], label: ['1', '2'] }, answerKey: '2' }],
    { input: 'Which?', outputs: ['fire'], choices: ['ice', 'fire'] }
  ],
  [
    'ARC',
    [
      {
        id: 'a',
        question: 'Which?',
        choices: [
          { text: 'ice', label: 'A' },
          { text: 'fire', label: 'B' }
        ],
        answerKey: 'B'
      }
    ],
    { input: 'Which?', outputs: ['fire'], choices: ['ice', 'fire'] }
  ],
  [
    'OpenBookQA',
    [
      { id: 'a', question_stem: 'The sun', choices: { text: ['is cold', 'is hot'], label: ['A', 'B'] }, answerKey: 'B' }
    ],
    { input: 'The sun', outputs: ['is hot'], choices: ['is cold', 'is hot'] }
  ],
  [
    'HellaSwag',
    [
      {
        ctx: 'He runs and',
        ctx_a: 'He runs',
        ctx_b: 'and so on',
        endings: ['falls', 'flies', 'wins', 'sings'],
        label: '2',
        ind: 4
      }
    ],
    { input: 'He runs and', outputs: ['wins'], choices: ['falls', 'flies', 'wins', 'sings'] }
  ],
  [
    'PIQA',
    [{ goal: 'Open a jar', sol1: 'Turn the lid', sol2: 'Shout at it', label: 1 }],
    { input: 'Open a jar', outputs: ['Shout at it'], choices: ['Turn the lid', 'Shout at it'] }
  ],
  [
    'WinoGrande',
    [{ sentence: 'The cup fits not in the bag, _ is large.', option1: 'the cup', option2: 'the bag', answer: '1' }],
    { input: 'The cup fits not in the bag, _ is large.', outputs: ['the cup'], choices: ['the cup', 'the bag'] }
  ],
  [
    'SocialIQa',
    [{ context: 'Ann fell.', question: 'Why?', answerA: 'ice', answerB: 'joy', answerC: 'tea', label: '3' }],
    { input: 'Ann fell.\nQuestion: Why?', outputs: ['tea'], choices: ['ice', 'joy', 'tea'] }
  ],
  [
    'COPA',
    [{ premise: 'It rained.', choice1: 'It was wet.', choice2: 'It was dry.', question: 'effect', label: 0, idx: 1 }],
    { input: 'It rained.\nWhat was the effect?', outputs: ['It was wet.'], choices: ['It was wet.', 'It was dry.'] }
  ],
  [
    'SciQ',
    [
      {
        question: 'What flows?',
        distractor1: 'stone',
        distractor2: 'ice',
        distractor3: 'wood',
        correct_answer: 'water',
        support: ''
      }
    ],
    { input: 'Question: What flows?', outputs: ['water'], choices: ['water', 'stone', 'ice', 'wood'] }
  ],
  [
    'BIG-bench with choices',
    [{ input: 'Pick one', target_scores: { left: 0, right: 1 } }],
    { input: 'Pick one', outputs: ['right'], choices: ['left', 'right'] }
  ],
  ['BIG-bench', [{ input: 'Say it', target: ['a', 'b'] }], { input: 'Say it', outputs: ['a', 'b'] }],
  [
    'P3',
    [
      {
        inputs: [1, 2],
        inputs_pretokenized: 'Is it so?',
        targets: [3],
        targets_pretokenized: 'yes',
        answer_choices: ['yes', 'no']
      }
    ],
    { input: 'Is it so?', outputs: ['yes'], choices: ['yes', 'no'] }
  ],
  [
    'FLAN',
    [
      {
        inputs: 'Say hello now',
        targets: 'hello',
        task_source: 'a source',
        task_name: 'greet',
        template_type: 'zs_opt'
      }
    ],
    { input: 'Say hello now', outputs: ['hello'] }
  ],
  [
    'Super-NaturalInstructions',
    [{ task_name: 'task1', id: 'i', definition: 'Say yes.', inputs: 'Now', targets: 'yes' }],
    { input: 'Say yes.\n\nNow', outputs: ['yes'] }
  ],
  [
    'questions on a text',
    [{ context: 'Built 1200.', question: 'When?', answer: '1200' }],
    { input: 'Built 1200.\nQuestion: When?', outputs: ['1200'] }
  ],
  [
    'TriviaQA',
    [{ question: 'Who?', question_id: 't', answer: { value: 'Jon', aliases: ['Jon', 'John'] } }],
    { input: 'Who?', outputs: ['Jon', 'John'] }
  ],
  [
    'questions with a stem',
    [
      {
        id: 'c',
        question: {
          stem: 'Where is it?',
          choices: [
            { label: 'A', text: 'here' },
            { label: 'B', text: 'there' }
          ]
        },
        answerKey: 'B'
      }
    ],
    { input: 'Where is it?', outputs: ['there'], choices: ['here', 'there'] }
  ]
]

describe.each(cases)('%s', (layout, rows, expected) => {
  it('is known, and comes whole: every text of it is in the example, or left by intent', async () => {
    const folder = newFolder()
    const path = join(folder, 'set.jsonl')
    const lines = rows.length > 1 ? rows : [...rows, ...rows]
    writeFileSync(path, lines.map((row) => JSON.stringify(row)).join('\n'))
    const seen = await previewImport({ file: path, format: null, mapping: null, kind: 'target' }, folder)
    expect(seen.layout).toBe(layout)
    expect(seen.rows[0]).toMatchObject(expected)
    expect(seen.findings.map(({ code }) => code)).not.toContain('columns-left-out')
    expect(seen.problems).toEqual([])
    const { examples } = await importFiles({ 'set.jsonl': lines.map((row) => JSON.stringify(row)).join('\n') })
    expect(examples[0]).toMatchObject(expected)
  })
})

it('every layout of the table is tried, or is a variant of one that is', () => {
  const variants = ['CosmosQA', 'QuAIL', 'DROP', 'pairs of sentences', 'pairs of questions', 'MRPC']
  const tried = new Set([...cases.map(([name]) => name), ...variants])
  expect(knownLayouts.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([])
})

describe('answers and choices', () => {
  const rows = (answers: (string | number)[]): string =>
    answers
      .map((answer, n) => JSON.stringify({ q: `question ${n}`, options: ['red', 'green', 'blue'], key: answer }))
      .join('\n')
  const mapping: ColumnMapping = { input: 'q', output: 'key', choices: 'options' }
  it.each([
    ['a place from 0', [0, 1, 2], ['red', 'green', 'blue']],
    ['a number from 1', [1, 2, 3], ['red', 'green', 'blue']],
    ['letters', ['A', 'c', '(B)'], ['red', 'blue', 'green']],
    ['texts', ['red', 'blue', 'red'], ['red', 'blue', 'red']],
    ['numbers with a point', ['0.0', '2.0', '1.0'], ['red', 'blue', 'green']]
  ])('%s', async (_, answers, right) => {
    const { examples } = await importFiles({ 'x.jsonl': rows(answers) }, { mapping })
    expect(examples.map(({ outputs }) => outputs[0])).toEqual(right)
  })

  const looked = async (text: string, wanted: ColumnMapping | null = mapping, name = 'x.jsonl') => {
    const folder = newFolder()
    const path = join(folder, name)
    writeFileSync(path, text)
    const { findings } = await previewImport({ file: path, format: null, mapping: wanted, kind: 'target' }, folder)
    return Object.fromEntries(findings.map((finding) => [finding.code, finding]))
  }

  it('numbers that may count from 0 or from 1 are asked about, each reading one click away', async () => {
    const found = await looked(rows([1, 2, 1, 2]))
    expect(found['answer-numbers']).toMatchObject({ level: 'stop' })
    const [zero, one] = found['answer-numbers']!.remedies
    expect((await importFiles({ 'x.jsonl': rows([1, 2]) }, { mapping: zero!.mapping! })).examples[0]!.outputs).toEqual([
      'green'
    ])
    expect((await importFiles({ 'x.jsonl': rows([1, 2]) }, { mapping: one!.mapping! })).examples[0]!.outputs).toEqual([
      'red'
    ])
  })

  it('what is odd is counted and said: no choice, contradictions, empty, all equal, label numbers', async () => {
    const outside = await looked(rows(['red', 'mauve', 'teal']))
    expect(outside['answers-outside-choices']!.message).toContain('2 answers are in none of the choices (all 3 rows')
    const twice = 'input,output\nwhere?,here\nwhere?,there\nwhen?,now\n'
    expect((await looked(twice, null, 'x.csv'))['contradicting-answers']!.message).toContain(
      '1 question has up to 2 different right answers (2 rows), such as "where?". Best possible exact match: 66.7 %'
    )
    expect((await looked('input,output\na,\nb,c\n', null, 'x.csv'))['bad-lines']).toMatchObject({
      level: 'stop',
      remedies: [{ skipLimit: 1 }]
    })
    const equal = `input,output\n${Array.from({ length: 12 }, (_, n) => `q${n},yes\n`).join('')}`
    expect((await looked(equal, null, 'x.csv'))['equal-answers']!.message).toContain('All 12 answers are "yes"')
    const numbers = `text,label\n${Array.from({ length: 12 }, (_, n) => `q${n},${n % 2}\n`).join('')}`
    expect((await looked(numbers, null, 'x.csv'))['label-numbers']!.message).toContain('0 (6 times), 1 (6 times)')
    const words = { input: 'text', output: 'label', labels: { '0': 'bad', '1': 'good' } }
    expect(
      (await importFiles({ 'x.csv': numbers }, { mapping: words })).examples
        .map(({ outputs }) => outputs[0])
        .slice(0, 2)
    ).toEqual(['bad', 'good'])
  })

  it('a column of texts that nothing takes is named, and can be put into the input', async () => {
    const text = 'question,note,answer\nwhere?,look at the map,here\nwhen?,look at the clock,now\nwho?,look at me,you\n'
    const left = (await looked(text, null, 'x.csv'))['columns-left-out']!
    expect(left).toMatchObject({ level: 'ask', message: expect.stringContaining('"note"') as string })
    const { examples } = await importFiles({ 'x.csv': text }, { mapping: left.remedies[0]!.mapping! })
    expect(examples[0]!.input).toBe('look at the map\nwhere?')
  })
})

it('label names that a Parquet file of Hugging Face brings along become the answers', async () => {
  const { parquetWriteBuffer } = await import('hyparquet-writer')
  const huggingface = {
    info: {
      features: { text: { dtype: 'string', _type: 'Value' }, label: { names: ['neg', 'pos'], _type: 'ClassLabel' } }
    }
  }
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: 'text', data: ['bad film', 'good film'], type: 'STRING' },
      { name: 'label', data: [0n, 1n], type: 'INT64' },
      { name: 'score', data: [5, 0.5], type: 'DOUBLE' }
    ],
    kvMetadata: [{ key: 'huggingface', value: JSON.stringify(huggingface) }]
  })
  const { examples } = await importFiles({ 'x.parquet': Buffer.from(bytes) })
  expect(examples.map(({ outputs }) => outputs[0])).toEqual(['neg', 'pos'])
  const scored = await importFiles({ 'x.parquet': Buffer.from(bytes) }, { mapping: { input: 'text', output: 'score' } })
  expect(scored.examples.map(({ outputs }) => outputs[0])).toEqual(['5.0', '0.5'])
})

it('questions only: a text file, or a table without answers, as a target', async () => {
  const mapping = { input: 'text', output: null }
  const { examples } = await importFiles(
    { 'q.txt': 'Where is the mill?\r\n\r\nWho built it, and when?\r\n' },
    { mapping, kind: 'target' }
  )
  expect(examples.map(({ input, outputs }) => [input, outputs])).toEqual([
    ['Where is the mill?', []],
    ['Who built it, and when?', []]
  ])
  await expect(importFiles({ 'q.txt': 'Where?\n' }, { mapping })).rejects.toMatchObject({ code: 'mapping-needed' })
})

it('of columns that nobody can tell, what stands in them is shown as it is', async () => {
  const folder = newFolder()
  const path = join(folder, 'notes.jsonl')
  const rows = [
    { kontext: 'a?', reply: 1, src: { corpus: 'x' }, tags: ['p', 'q'] },
    { kontext: 'b'.repeat(300), reply: null, src: { corpus: 'y' }, tags: [] }
  ]
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'))
  const seen = await previewImport({ file: path, format: null, mapping: null }, folder)
  expect(seen.rows).toEqual([])
  const cells = Object.fromEntries(seen.cells.map(({ column, texts }) => [column, texts]))
  expect(Object.keys(cells)).toEqual(seen.columns)
  expect(cells).toMatchObject({ kontext: ['a?', 'b'.repeat(200)], reply: ['1', ''], tags: ['["p","q"]', '[]'] })
  expect(seen.findings[0]).toMatchObject({ code: 'mapping-needed', level: 'stop' })
  expect(seen.findings[0]?.message).toContain('"kontext", "reply"')
})
