import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { paths, prose } from '../../src/main/files/portable.ts'

const home = '/home/ada/.local/share/recross-lab'

describe('what is kept of a home', () => {
  test('is what lies in it, without where it lay', () => {
    const input = { files: [`${home}/downloads/uploads/a/b.json`, '/data/b.json'], folder: home, seed: 4, none: null }
    const kept = paths.pack(input, home)
    expect(kept).toEqual({ ...input, files: ['{home}/downloads/uploads/a/b.json', '/data/b.json'], folder: '{home}' })
    expect(paths.unpack(kept, '/elsewhere')).toMatchObject({
      files: ['/elsewhere/downloads/uploads/a/b.json', '/data/b.json']
    })
  })
  test.each([`${home}2/datasets`, `${home}-old`, `${home}.old/x`, `/mnt${home}/x`, `What is in ${home}/runs?`])(
    'is not "%s", which is no path of it',
    (text) => expect(paths.pack(text, home)).toBe(text)
  )
  test('is found in sentences as well, where they are only shown', () => {
    const said = `There is no model at ${home}/models/m-1. Look into ${home}, or "${home}/runs".`
    expect(prose.pack(said, home)).toBe('There is no model at {home}/models/m-1. Look into {home}, or "{home}/runs".')
    expect(prose.unpack(prose.pack(said, home), '/b')).toBe(said.replaceAll(home, '/b'))
  })
  test('may come from several homes, one in another', () => {
    expect(paths.pack([`${home}/runs/inner/models/m`, `${home}/models/m`], home, `${home}/runs/inner`)).toEqual([
      '{home}/models/m',
      '{home}/models/m'
    ])
  })
  test('comes back as it was, whatever it was', () => {
    const piece = fc.oneof(fc.constantFrom(home, '{home}', '{home:}', '{home', ':}', '/', ' ', '.', '\n'), fc.string())
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value'))
      )
    })).value
    for (const form of [paths, prose])
      fc.assert(
        fc.property(value, (given) => {
          expect(form.unpack(form.pack(given, home), home)).toEqual(given)
        }),
        { numRuns: 500 }
      )
  })
})
