import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from 'svelte/compiler'
import { describe, expect, test } from 'vitest'
import type { Complaint, Copy } from './recipes/compile.ts'

/** docs/recipes.md shows by example how things are added; here each is followed, on copies of the sources that are never written. */
const root = join(import.meta.dirname, '..')
const document = readFileSync(join(root, 'docs', 'recipes.md'), 'utf8')

interface Edit {
  file: string
  how: 'new' | 'after' | 'before' | 'replace'
  anchor: string
  text: string
}

interface Recipe {
  title: string
  edits: Edit[]
}

const recipes = readRecipes(document)
const every = recipes.flatMap(({ edits }) => edits)

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

  // However long the compiler takes: a machine may be slow.
  test('compile all together; begun and left, the compiler names the rest', { timeout: 0 }, async () => {
    const whole = after(every)
    const look = Object.keys(whole).filter((file) => file.endsWith('.ts'))
    const [wrong, lacking, missing] = (await complaints([
      { files: whole, look: null },
      // Only the first file of each is changed.
      { files: after(recipes.flatMap(begun)), look },
      // All is there but the new files.
      { files: after(every.filter(({ how }) => how !== 'new')), look }
    ])) as [Complaint[], Complaint[], Complaint[]]
    expect(wrong).toEqual([])
    const named = new Set(lacking.map(({ file }) => file))
    for (const { text } of missing) {
      const [, module] = /^Cannot find module '[./]*([^']+)'/.exec(text) ?? []
      const file = module && every.find(({ file, how }) => how === 'new' && file.endsWith(`/${module}`))?.file
      if (file) named.add(file)
    }
    expect(figuresInText()).toEqual(recipes.map((recipe) => figuresOf(recipe, named)))
  })

  test('make components without a warning', () => {
    const components = every.filter(({ file }) => file.endsWith('.svelte'))
    expect(components.length).toBeGreaterThan(0)
    for (const { file, text } of components) expect(compile(text, { filename: file }).warnings).toEqual([])
  })
})

/** What is changed first: the first file, where it is not a new one that nothing knows yet. */
function begun({ edits }: Recipe): Edit[] {
  return edits.filter(({ file }) => edits[0]!.how !== 'new' && file === edits[0]!.file)
}

/** A recipe's line of the table: its title, files, new ones, and how many the compiler names of those that follow the first. */
function figuresOf({ title, edits }: Recipe, named: ReadonlySet<string>): string {
  const files = [...new Set(edits.map(({ file }) => file))]
  const fresh = new Set(edits.filter(({ how }) => how === 'new').map(({ file }) => file))
  const others = files.filter((file) => file !== edits[0]!.file)
  return [title, files.length, fresh.size, others.filter((file) => named.has(file)).length].join(' | ')
}

function figuresInText(): string[] {
  return [...document.matchAll(/^\| ([\w ]+) \| (\d+) \| (\d+) \| (\d+) \|/gm)].map((cells) =>
    cells.slice(1, 5).join(' | ')
  )
}

/** Every file that these edits change, as it then is. */
function after(edits: readonly Edit[]): Record<string, string> {
  const files: Record<string, string> = {}
  for (const { file, how, anchor, text } of edits) {
    if (how === 'new') {
      expect(existsSync(join(root, file)), `${file} is there already`).toBe(false)
      files[file] = text
      continue
    }
    const before = files[file] ?? readFileSync(join(root, file), 'utf8')
    expect(before, `${file} has no "${anchor}"`).toContain(anchor)
    const block = text.replace(/\n$/, '')
    const lines = before.split('\n')
    const at = lines.findIndex((line) => line.includes(anchor))
    if (how !== 'replace') lines.splice(how === 'after' ? at + 1 : at, 0, block)
    files[file] = how === 'replace' ? before.replace(anchor, () => block) : lines.join('\n')
  }
  return files
}

/** What the compiler says of each copy; of components it knows only that they are there. */
async function complaints(copies: Copy[]): Promise<Complaint[][]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'recipes', 'compile.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' }
  })
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdin.end(JSON.stringify(copies))
  expect(await ended).toBe(0)
  return JSON.parse(said) as Complaint[][]
}

function readRecipes(text: string): Recipe[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      title: section.split('\n')[0]!.trim(),
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
