import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { jobPhases, jobUnits } from '../../src/main/contract/progress-words.ts'

/** What the backend says that a job does, or counts, is known by screens in every language. */
const root = resolve(import.meta.dirname, '../..')
const sources = globSync('src/main/**/*.ts', { cwd: root, exclude: ['src/main/hosts/**'] }).map((file) =>
  readFileSync(resolve(root, file), 'utf8')
)
const said = (field: string) =>
  new Set(
    sources.flatMap((text) =>
      [...text.matchAll(new RegExp(`\\b${field}: ?(?:[^,'"\`\\n]*\\? )?['\`]([^'\`$]+?) ?(?:['\`$])`, 'g'))].map(
        (match) => match[1]!
      )
    )
  )

test('phases', () => {
  const known = new Set<string>(jobPhases)
  const found = [...said('phase')]
  expect(found.filter((one) => !known.has(one))).toEqual([])
  expect(found.length).toBeGreaterThan(30)
})

test('units', () => {
  const known = new Set<string>([...jobUnits, 'bytes'])
  const found = [...said('unit')]
  expect(found.filter((one) => !known.has(one))).toEqual([])
  expect(found.length).toBeGreaterThan(10)
})
