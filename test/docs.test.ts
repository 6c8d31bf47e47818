import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { suites } from '../bench/suites.ts'
import { exitCodes } from '../src/main/hosts/cli/exit-codes.ts'
import { withTables } from '../scripts/readme-tables.ts'
import { complaintAbout } from './hosts/parse-command.ts'

/** What the documents say is held to what does it. */
const root = resolve(import.meta.dirname, '..')
const documents = ['.', 'docs', 'docs/decisions']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

test('every link between documents leads to a file and a heading that are there', () => {
  const broken = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? join(root, path) : resolve(root, dirname(path), file)
      if (!existsSync(target)) return [`${path}: ${link}`]
      if (anchor === undefined || !target.endsWith('.md')) return []
      return anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? [] : [`${path}: ${link}`]
    })
  )
  expect(broken).toEqual([])
  expect(documents.length).toBeGreaterThan(15)
})

test('every invariant in ARCHITECTURE.md names tests that are there', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const invariants = text.slice(text.indexOf('## Invariants')).split(/^- /m).slice(1)
  expect(invariants.length).toBeGreaterThan(30)
  expect(invariants.filter((one) => !/\btest\/[\w./-]+/.test(one))).toEqual([])
  const named = invariants.flatMap((one) => [...one.matchAll(/\btest\/[\w./-]*\w/g)].map(([path]) => path))
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('every document is reached from README.md', () => {
  const reached = new Set(['README.md'])
  for (const path of reached)
    for (const [, link = ''] of readFileSync(join(root, path), 'utf8').matchAll(/\]\((?!https?:)([^)\s#]+\.md)/g))
      reached.add(relative(root, resolve(root, dirname(path), link)))
  expect(documents.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([])
})

test('the command line understands every command that a document shows', async () => {
  const lines = documents.flatMap(({ path, text }) => commandsIn(text).map((line) => ({ path, line })))
  const complaints = await Promise.all(
    lines.map(async ({ path, line }) => {
      const complaint = await complaintAbout(line)
      return complaint === null ? [] : [`${path}: ${line}: ${complaint}`]
    })
  )
  expect(complaints.flat()).toEqual([])
  expect(await complaintAbout('npm run lab -- experiment run --strategy dense')).toContain('--strategy')
  expect(lines.length).toBeGreaterThan(30)
})

test('the tables of strategies and models in README.md are those that `npm run tables` writes', () => {
  expect(readme, 'Run `npm run tables`.').toBe(withTables(readme))
})

test('README.md names every suite and exit code', () => {
  expect(rowsOf('exit code')).toEqual(Object.values(exitCodes).map(String))
  const bench = /`npm run bench -- <suite>.*?\./s.exec(readme)?.[0] ?? ''
  expect([...bench.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort()).toEqual(Object.keys(suites).sort())
  const campaign = /`npm run campaign -- <suite>.*?\)/s.exec(readme)?.[0] ?? ''
  const campaigns = readdirSync(join(root, 'bench/campaigns'))
    .filter((name) => name.endsWith('.ts') && !['campaign.ts', 'index.ts'].includes(name))
    .map((name) => name.replace('.ts', ''))
  expect([...campaign.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort()).toEqual(campaigns.sort())
})

/** The first cells of the table in README.md whose first head is this. */
function rowsOf(head: string): string[] {
  const lines = readme.split('\n')
  const rows = lines.slice(lines.findIndex((line) => line.startsWith(`| ${head} |`)) + 2)
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|'))
    )
    .map((line) => (line.split('|')[1] ?? '').trim())
}

/** Lines of shell blocks, with what a backslash carries on, and inline code, that start the lab's command line. */
function commandsIn(text: string): string[] {
  const joined = text.replaceAll(/\\\n\s*/g, '')
  const lines = [...joined.matchAll(/^ *```(?:bash|sh)?\n(.*?)^ *```/gms)].flatMap(([, block = '']) =>
    block.split('\n')
  )
  const inline = [...joined.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  return [...lines, ...inline]
    .map((line) => line.trim())
    .filter(
      (line) =>
        /^(npm run (--silent )?lab --|recross-lab) /.test(line) && !line.includes('…') && !line.includes('<command>')
    )
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-')
    )
  )
}
