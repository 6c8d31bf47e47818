import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText } from '../../src/main/hosts/cli/plain-text.ts'

test('no control character of a foreign name reaches the terminal; text, lines and tabs do', () => {
  expect(plainText('t\u001b[31mRED\u001b]0;pwned\u0007\nä\tb')).toBe('t\\x1b[31mRED\\x1b]0;pwned\\x07\nä\tb')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const character of plainText(text)) {
        const code = character.codePointAt(0)!
        expect(code === 9 || code === 10 || (code >= 32 && (code < 127 || code > 159))).toBe(true)
      }
    })
  )
})
