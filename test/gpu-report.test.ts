import { expect, test } from 'vitest'
import { lastWords } from '../bench/gpu/run-part.ts'

const source =
  '/report/bench/part.js:12\n\t\tthrow new LabError("session-failed", `could not load ${name}`, {\n\t\t      ^\n\n'

test.each([
  [
    'LabError: ONNX Runtime could not load the graph.\n    at file:1:2',
    'LabError: ONNX Runtime could not load the graph.'
  ],
  [
    'TypeError [ERR_INVALID_ARG_TYPE]: The argument must be a string\n',
    'TypeError [ERR_INVALID_ARG_TYPE]: The argument must be a string'
  ]
])(
  'what a part of the report ended with is the sentence of its error, not the line that threw it',
  (said, sentence) => {
    expect(lastWords(`a driver's warning\n${source}${said}`)).toBe(sentence)
  }
)

test('a part that ended without an error is quoted with its last line', () => {
  expect(lastWords('one\ntwo\n\n')).toBe('two')
  expect(lastWords('')).toBe('it said nothing')
})
