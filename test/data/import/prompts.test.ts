import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { previewImport } from '../../../src/main/data/import/preview.ts'
import { compilePrompts } from '../../../src/main/data/templates/prompt-templates.ts'
import { importFiles, newFolder } from './run-import.ts'

/** As PromptSource writes them, tags and all. */
const file = `dataset: acme/nli
templates:
  3ed2dface8203c4c9dfb1a5dc58e41e0: !Template
    answer_choices: Yes ||| Maybe ||| No
    id: 3ed2dface8203c4c9dfb1a5dc58e41e0
    jinja: "{{premise}}\\n\\nQuestion: Does this imply that \\"{{hypothesis}}\\"? {{ answer_choices | join(' or ') }}?\\
      \\ ||| {{ answer_choices[label] }}"
    metadata: !TemplateMetadata
      choices_in_prompt: true
      metrics:
      - Accuracy
    name: does this imply
    reference: ''
  b: !Template
    answer_choices: null
    id: b
    jinja: '{% if label == 0 %}{{ premise }} Write what follows. ||| {{ hypothesis }}{% endif %}'
    metadata: !TemplateMetadata {}
    name: generate
  c: !Template
    answer_choices: a ||| b
    id: c
    jinja: '{{ ["So", "Thus"] | choice }}: {{ hypothesis }} ||| {{ premise }}'
    name: turned
`
const rows = Array.from({ length: 30 }, (_, n) =>
  JSON.stringify({ premise: `The mill ${n} ||| stands`, hypothesis: `It is mill ${n}`, label: n % 3 })
).join('\n')
const mapping = (source: string, perRow: number | null = null, seed = 42) => ({
  input: null,
  output: null,
  templates: { source, perRow, seed }
})

test("PromptSource's file: prompts, choices, ids as the original writes them, the separator in a row's own text", async () => {
  const { examples } = await importFiles({ 'nli_train.jsonl': rows }, { mapping: mapping(file) })
  // The second is for a third of the rows.
  expect(examples).toHaveLength(30 + 10 + 30)
  expect(examples[0]).toMatchObject({
    input: 'The mill 0 ||| stands\n\nQuestion: Does this imply that "It is mill 0"? Yes or Maybe or No?',
    outputs: ['Yes'],
    task: 'nli',
    template: 'does this imply',
    sourceId: 'nli|train|does this imply|#0',
    choices: ['Yes', 'Maybe', 'No']
  })
  expect(examples[1]).toMatchObject({ sourceId: 'nli|train|generate|#0', outputs: ['It is mill 0'] })
  expect(
    new Set(examples.filter(({ template }) => template === 'turned').map(({ input }) => input.split(':')[0]))
  ).toEqual(new Set(['So', 'Thus']))
})

test('several templates a row by a seed: the same seed the same, different ones per row, none for a row is passed over', async () => {
  const draw = async (perRow: number, seed: number) =>
    (await importFiles({ 'nli.jsonl': rows }, { mapping: mapping(file, perRow, seed) })).examples
  const [one, again, other] = [await draw(2, 1), await draw(2, 1), await draw(2, 2)]
  expect(one).toHaveLength(60)
  expect(again).toEqual(one)
  expect(other.map(({ template }) => template)).not.toEqual(one.map(({ template }) => template))
  for (let row = 0; row < 30; row++) {
    const own = one.filter(({ sourceId }) => sourceId.endsWith(`|#${row}`)).map(({ template }) => template)
    expect(new Set(own).size).toBe(2)
  }
  const only = '{% if label == 1 %}{{ premise }} ||| {{ hypothesis }}{% endif %}'
  const { examples, rejected } = await importFiles({ 'nli.jsonl': rows }, { mapping: mapping(only) })
  expect([examples.length, rejected.length]).toEqual([10, 0])
})

test.each([
  ['{{ premise | shout }} ||| x', /line 1.*filter "shout"/],
  ['\n\n{{ premise | uper }} ||| x', /line 3.*filter "uper".*did you mean "upper"/],
  ['{% include "x" %}', /line 1.*tag \{% include %\}/],
  ['{% macro a() %}{% endmacro %}', /tag \{% macro %\}/],
  ['{{ premise.__class__.mro() }}', /method "mro"/],
  ['{{ eval("1") }}', /function "eval"/],
  ['{% if x %}a', /the end is missing/],
  ['{{ a', /unexpected end of template/],
  ['{{ a is strange }}', /test "strange"/],
  ['templates:\n  a: !Template\n    jinja: "{{ x | pprint }}"\n    name: odd\n', /"odd", line 1.*pprint/],
  ['templates:\n  a: [', /the file, line/]
])('what is outside is refused by name and line: %s', (source, message) => {
  expect(() => compilePrompts({ source, perRow: null, seed: 1 })).toThrow(message)
})

test.each([
  ['{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}|||y', /too many steps|too much text/],
  ['{{ "x" * 99999999 }}|||y', /too much text/],
  ['{{ (9 ** 999) ** 999 }}|||y', /number is too large/],
  [
    '{% set n = namespace(x=9) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}{{ n.x }}|||y',
    /number is too large/
  ],
  ['{{ missing.member }}|||y', /"missing" is not there/],
  ['{{ premise }}|||{{ hypothesis }}|||z', /3 texts/]
])('a row that a template cannot be put over is set aside with the reason: %s', async (source, reason) => {
  const { rejected } = await importFiles(
    { 'nli.jsonl': rows.split('\n').slice(0, 2).join('\n') + '\n' + JSON.stringify({ premise: 'a' }) },
    { mapping: mapping(source), skipLimit: 9 }
  ).catch((thrown: unknown) => ({ rejected: [{ expected: String(thrown), field: '' }] }))
  expect(rejected[0]!.expected).toMatch(reason)
})

test('the look says what templates make, which names no column has, and that upstream data needs answers', async () => {
  const path = join(newFolder(), 'nli.csv')
  writeFileSync(
    path,
    'premise,hypothesis,label\n' +
      Array.from({ length: 12 }, (_, n) => `the premise ${n},the hypothesis ${n},${n % 2}`).join('\n')
  )
  const look = (source: string, kind: 'upstream' | 'target' = 'upstream') =>
    previewImport({ file: path, format: null, mapping: mapping(source), kind }, newFolder())
  // A table has no types: its numbers are places all the same.
  const fine = await look('{{premise}} -> {{hypothesis}}? ||| {{ ["no", "yes"][label] }}')
  expect(fine.rows[1]).toMatchObject({ input: 'the premise 1 -> the hypothesis 1?', outputs: ['yes'] })
  expect(fine.findings).toEqual([])
  expect((await look('{{premis}}{{hypothesis}} ||| {{label}}')).findings).toMatchObject([
    { code: 'label-numbers', level: 'note' },
    { code: 'template-names', level: 'ask' },
    { code: 'columns-left-out' }
  ])
  expect((await look('{{premise}} {{hypothesis}}')).findings).toMatchObject([{ code: 'answer-needed', level: 'stop' }])
  expect((await look('{{premise}} {{hypothesis}}', 'target')).findings).toMatchObject([{ code: 'no-answers' }])
  expect((await look('{{premise')).findings).toMatchObject([{ code: 'template', level: 'stop' }])
})
