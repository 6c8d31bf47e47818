import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { asErrorCode, errorCodes } from '../../src/main/contract/error-codes.ts'
import { LabError } from '../../src/main/contract/error.ts'
import { fromWireError, toWireError } from '../../src/main/contract/wire-error.ts'

const root = resolve(import.meta.dirname, '../..')
const list = 'error-codes.ts'
const sources = ['src', 'native'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name) && entry.name !== list)
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
)

test('every code is there once, in plain words, in order, and something bears it', () => {
  expect([...errorCodes]).toEqual([...new Set(errorCodes)].sort())
  expect(errorCodes.filter((code) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code))).toEqual([])
  const all = sources.join('\n')
  expect(errorCodes.filter((code) => code !== 'other' && !all.includes(`'${code}'`))).toEqual([])
})

test('a code keeps over the wire, and one of another version is told apart from all that are known', () => {
  for (const code of errorCodes) expect(fromWireError(toWireError(new LabError(code, 'x'))).code).toBe(code)
  expect(asErrorCode('of-tomorrow')).toBe('other')
})
