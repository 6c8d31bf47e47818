import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compile } from 'svelte/compiler'
import { afterAll, describe, expect, test } from 'vitest'

/** docs/recipes.md shows by example how things are added; here each is followed. */
const root = join(import.meta.dirname, '..')
const tree = mkdtempSync(join(tmpdir(), 'recross-recipes-'))
afterAll(() => rmSync(tree, { recursive: true, force: true }))

interface Edit {
  file: string
  how: 'new' | 'after' | 'before' | 'replace'
  anchor: string
  text: string
}

interface Recipe {
  title: string
  named: string[]
  edits: Edit[]
}

const recipes = readRecipes(readFileSync(join(root, 'docs', 'recipes.md'), 'utf8'))

describe('recipes', () => {
  test('are there for everything that is added often', () => {
    expect(recipes.map(({ title }) => title)).toEqual([
      'A strategy',
      'A selector',
      'A metric',
      'An architecture',
      'An importer',
      'A job',
      'A route',
      'A screen',
      'A migration'
    ])
  })

  test('compile, all together', () => {
    copyTree()
    for (const { edits } of recipes) for (const edit of edits) apply(edit)
    expect(errors()).toEqual([])
    const screen = join(tree, 'src/renderer/src/screens/words/Words.svelte')
    expect(compile(readFileSync(screen, 'utf8'), { filename: screen }).warnings).toEqual([])
  })

  test('begun and left, they do not compile, and the compiler names the files that they say', () => {
    copyTree()
    for (const { edits } of recipes)
      for (const edit of edits) if (edits[0]!.how !== 'new' && edit.file === edits[0]!.file) apply(edit)
    const files = new Set(errors().map((line) => line.replace(/\(.*/, '')))
    const named = recipes.flatMap(({ title, named: all }) => all.map((file) => ({ title, file })))
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(({ file }) => !files.has(file))).toEqual([])
    expect(figuresInText()).toEqual(recipes.map((recipe) => figuresOf(recipe, files)))
  })
})

/** A recipe's line of the table: its title, files, new ones, and how many others the compiler names when the first is changed. */
function figuresOf({ title, edits }: Recipe, named: ReadonlySet<string>): string {
  const files = [...new Set(edits.map(({ file }) => file))]
  const fresh = new Set(edits.filter(({ how }) => how === 'new').map(({ file }) => file))
  const begun = edits[0]!.how === 'new' ? [] : files.filter((file) => file !== edits[0]!.file && !fresh.has(file))
  return [title, files.length, fresh.size, begun.filter((file) => named.has(file)).length].join(' | ')
}

function figuresInText(): string[] {
  const text = readFileSync(join(root, 'docs', 'recipes.md'), 'utf8')
  return [...text.matchAll(/^\| ([\w ]+) \| (\d+) \| (\d+) \| (\d+) \|/gm)].map((cells) =>
    cells.slice(1, 5).join(' | ')
  )
}

function copyTree(): void {
  for (const part of ['src', 'native', 'test/renderer/fake', 'data/catalog.json'])
    rmSync(join(tree, part), { recursive: true, force: true })
  for (const part of ['src', 'native', 'test/renderer/fake'])
    cpSync(join(root, part), join(tree, part), { recursive: true, filter: (path) => !path.includes('native/build') })
  for (const file of ['package.json', 'tsconfig.json']) cpSync(join(root, file), join(tree, file))
  if (!linked) symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  linked = true
}
let linked = false

function apply({ file, how, anchor, text }: Edit): void {
  const path = join(tree, file)
  mkdirSync(dirname(path), { recursive: true })
  if (how === 'new') return writeFileSync(path, text)
  const before = readFileSync(path, 'utf8')
  expect(before, `${file} has no "${anchor}"`).toContain(anchor)
  if (how === 'replace')
    return writeFileSync(
      path,
      before.replace(anchor, () => text.replace(/\n$/, ''))
    )
  const lines = before.split('\n')
  const at = lines.findIndex((line) => line.includes(anchor))
  lines.splice(how === 'after' ? at + 1 : at, 0, text.replace(/\n$/, ''))
  writeFileSync(path, lines.join('\n'))
}

/** What the compiler says, a line each; of components it knows only that they are there. */
function errors(): string[] {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = spawnSync(process.execPath, [compiler, '--noEmit', '-p', 'tsconfig.json'], {
    cwd: tree,
    encoding: 'utf8'
  })
  return stdout.split('\n').filter((line) => line.includes(': error TS'))
}

function readRecipes(text: string): Recipe[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      title: section.split('\n')[0]!.trim(),
      named: [...(/The compiler names: ([^]*?)\n\n/.exec(section)?.[1] ?? '').matchAll(/`((?:src|test)\/[^`]+)`/g)].map(
        ([, file]) => file!
      ),
      edits: [...section.matchAll(/^```\w+ (.*)\n([^]*?)^```$/gm)].map(([, info, body]): Edit => {
        const fresh = /^new=(\S+)$/.exec(info!)
        if (fresh) return { file: fresh[1]!, how: 'new', anchor: '', text: body! }
        const found = /^file=(\S+) (after|before|replace)="(.*)"$/.exec(info!)
        if (!found) throw new Error(`docs/recipes.md: "${info}" says not where the block goes.`)
        const [, file, how, anchor] = found
        return { file: file!, how: how as Edit['how'], anchor: anchor!.replaceAll('\\n', '\n'), text: body! }
      })
    }))
}
