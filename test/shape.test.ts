import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { filesUnder } from './files-under.ts'

/** What a reader meets first: no file is longer than one sitting. */
const root = resolve(import.meta.dirname, '..')
const mostLines = 300

/** Files that may be longer, each with its reason. Whoever splits one takes its line out. */
const longer: Readonly<Record<string, string>> = {
  'src/main/evaluation/statistics/table-tests.ts':
    'one method in one piece, as docs/methods.md describes it; its simulations run against this file'
}

const sizes = ['src', 'bench', 'scripts', 'native']
  .flatMap((folder) => filesUnder(join(root, folder)))
  .filter((path) => /\.(ts|svelte)$/.test(path))
  .map((path) => ({ file: relative(root, path), lines: readFileSync(path, 'utf8').split('\n').length - 1 }))

test('files have at most 300 lines, but for a short list with reasons', () => {
  const long = sizes.filter(({ file, lines }) => lines > mostLines && !(file in longer))
  expect(
    long.map(({ file, lines }) => `${file}: ${lines}`),
    'Split it along its seams: what one half need not know of the other.'
  ).toEqual([])
})

test('the list names only files that are there and long', () => {
  const long = new Set(sizes.filter(({ lines }) => lines > mostLines).map(({ file }) => file))
  expect(Object.keys(longer).filter((file) => !long.has(file))).toEqual([])
  expect(sizes.length).toBeGreaterThan(700)
})

test('what is wider than its place scrolls in the one part that a keyboard can reach', () => {
  const scrolling = filesUnder(join(root, 'src', 'renderer'))
    .filter((path) => path.endsWith('.svelte') && /overflow-x-(auto|scroll)/.test(readFileSync(path, 'utf8')))
    .map((path) => relative(root, path))
  // Tabs are reached one by one, and scroll by themselves.
  expect(scrolling.sort()).toEqual(['src/renderer/src/parts/ScrollRegion.svelte', 'src/renderer/src/parts/Tabs.svelte'])
})
