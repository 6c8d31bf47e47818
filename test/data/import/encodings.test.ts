import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodings, type Encoding } from '../../../src/main/contract/import.ts'
import { previewImport } from '../../../src/main/data/import/preview.ts'
import { importFiles, newFolder } from './run-import.ts'

/** Texts in the encodings of many countries: read where the user says which, and never taken for western Europe's without a question. */

/** Letters of the language, as many as make the example; where bytes mean nothing, or the letters of another, they are not drawn. */
const letters: Partial<Record<Encoding, string>> = {
  'windows-1250': 'źżćąęśńłčřšžýáíéůő',
  'windows-1251': 'абвгдежзийклмнопрстуфхцчшщэюя',
  'windows-1253': 'αβγδεζηθικλμνξοπρστυφχψω',
  'windows-1254': 'ğışöçüİĞŞ',
  'koi8-r': 'абвгдежзийклмнопрстуфхцчшщэюя',
  macintosh: 'äöüßéèêñåø',
  gb18030: '这是磨坊吗那什么的水车在河边',
  big5: '這是磨坊嗎那什麼的水車在河邊',
  shift_jis: '日本語水車小屋はどこですかカタカナ',
  'euc-jp': '日本語水車小屋はどこですかカタカナ',
  'euc-kr': '이것은무엇입니까방앗간물레'
}

/** Bytes of a text, found by trying all of one and of two that the decoder knows. */
function encoded(text: string, encoding: Encoding): Buffer {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const bytesOf = new Map<string, number[]>()
  const tried = (bytes: number[]): void => {
    try {
      const letter = decoder.decode(Buffer.from(bytes))
      if ([...letter].length === 1 && !bytesOf.has(letter)) bytesOf.set(letter, bytes)
    } catch {
      // No letter.
    }
  }
  for (let a = 0x80; a < 0x100; a++) tried([a])
  for (let a = 0x81; a < 0xff; a++) for (let b = 0x40; b < 0xff; b++) tried([a, b])
  return Buffer.from([...text].flatMap((letter) => (letter < '\u0080' ? [letter.charCodeAt(0)] : bytesOf.get(letter)!)))
}

const seen = async (content: Buffer) => {
  const folder = newFolder()
  const path = join(folder, 'set.csv')
  writeFileSync(path, content)
  return previewImport({ file: path, format: null, mapping: null }, folder)
}

it('every encoding that needs letters of its own has some', () => {
  const other = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin-1']
  expect(encodings.filter((encoding) => !(encoding in letters)).sort()).toEqual(other.sort())
})

describe.each(Object.entries(letters) as [Encoding, string][])('%s', (encoding, word) => {
  const text = `question,answer\n${word}?,b\nc?,${[...word].reverse().join('')}\n`
  it('is read where it is named', async () => {
    const { examples } = await importFiles({ 'x.csv': encoded(text, encoding) }, { reading: { encoding } })
    expect(examples.map(({ input, outputs }) => [input, outputs[0]])).toEqual([
      [`${word}?`, 'b'],
      ['c?', [...word].reverse().join('')]
    ])
  })

  it('is not taken for another without a question', async () => {
    const { findings } = await seen(encoded(text, encoding))
    expect(findings).toMatchObject([{ code: 'encoding-told', level: 'ask' }])
    expect(findings[0]!.remedies.map(({ reading }) => reading?.encoding)).toContain(encoding)
  })
})

it('western letters are only noted', async () => {
  const { findings } = await seen(
    Buffer.from('question,answer\nOù est la forêt créée?,\xe0 c\xf4t\xe9\nF\xfcr wen?,Gr\xfc\xdfe\n', 'latin1')
  )
  expect(findings).toMatchObject([{ code: 'encoding-told', level: 'note' }])
})

it('bytes that mean nothing in the named encoding are an error, not signs in their place', async () => {
  const bytes = Buffer.concat([Buffer.from('question,answer\n'), Buffer.from([0x81, 0xff]), Buffer.from('?,b\n')])
  await expect(importFiles({ 'x.csv': bytes }, { reading: { encoding: 'shift_jis' } })).rejects.toMatchObject({
    code: 'encoding-wrong'
  })
})
