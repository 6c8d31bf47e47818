import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import type { Counted } from '../vitest-reporter.ts'
import type { Measured } from './collect.ts'

const root = resolve(import.meta.dirname, '..', '..')

/**
 * Programs that tests start as processes of their own, which cannot be measured as they are ended from outside; what they load was run,
 * but nobody has counted its functions. The screens' entry is what the browser specs open.
 */
const started = [
  'src/main/worker/index.ts',
  'src/main/worker/file-worker/index.ts',
  'src/main/hosts/cli/index.ts',
  'src/main/hosts/server/index.ts',
  'src/main/hosts/electron/index.ts',
  'src/main/places/agent/index.ts',
  'src/preload/index.ts',
  'src/renderer/src/main.ts'
]

/** Files that nothing loads in a run of all tests, each with its reason. */
const byHand: Readonly<Record<string, string>> = {
  'src/main/worker/demo/make.ts': 'makes the files of the demo, which the repository holds; started by hand',
  'src/main/worker/demo/base-model.ts': 'loaded by make.ts',
  'src/main/worker/demo/sentence-encoder.ts': 'loaded by make.ts',
  'src/main/worker/demo/train-and-export.ts': 'loaded by make.ts',
  'src/main/worker/demo/train-base.ts': 'trains a base model on files of the user; started by hand'
}

/** What the processes of a run of all tests have measured: lines for people, and the files that nothing has run. */
export function summarised(folder: string): { lines: string[]; counted: Counted[] } {
  const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Measured)
  const entered = new Map<string, { entered: Set<number>; all: Set<number> }>()
  for (const { files } of reports)
    for (const [file, found] of Object.entries(files)) {
      const sum = entered.get(file) ?? { entered: new Set(), all: new Set() }
      entered.set(file, sum)
      for (const at of found.entered) sum.entered.add(at)
      for (const at of found.all) sum.all.add(at)
    }
  const sources = filesUnder(join(root, 'src')).filter((file) => /\.(ts|svelte)$/.test(file) && hasCode(file))
  const elsewhere = reachable(started)
  const zero = sources.filter((file) => !entered.has(file) && !elsewhere.has(file) && !(file in byHand))
  const share = (one: { entered: Set<number>; all: Set<number> }): number =>
    one.all.size === 0 ? 1 : one.entered.size / one.all.size
  const [all, seen] = [...entered.values()].reduce(
    ([sum, part], one) => [sum + one.all.size, part + one.entered.size],
    [0, 0]
  )
  const measured = sources.filter((file) => entered.has(file))
  const idle = measured.filter((file) => entered.get(file)!.all.size > 0 && share(entered.get(file)!) === 0)
  const dearest = [...reports].sort((a, b) => b.seconds - a.seconds).slice(0, 15)
  return {
    lines: [
      `functions that the tests' own processes enter: ${seen} of ${all} (${((100 * seen) / Math.max(1, all)).toFixed(1)} %) in ${measured.length} of ${sources.length} files;`,
      `  ${sources.length - measured.length - zero.length} files are loaded only by programs that tests start or by hand; loaded, but no function of it entered: ${idle.join(', ') || 'none'}`,
      `processor time of the dearest test files, of ${reports.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s in all:`,
      ...dearest.map(({ test, seconds }) => `  ${seconds.toFixed(1).padStart(6)} s  ${test ?? 'started by a test'}`)
    ],
    counted: [
      {
        name: `no file of src is loaded by nothing${zero.length > 0 ? `: ${zero.join(', ')}` : ''}`,
        state: zero.length === 0 ? 'passed' : 'failed',
        reason: ''
      }
    ]
  }
}

/** Files that hold only types leave nothing behind. */
function hasCode(file: string): boolean {
  if (!file.endsWith('.ts')) return true
  const { outputText } = ts.transpileModule(readFileSync(join(root, file), 'utf8'), {
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true
    }
  })
  return outputText.replaceAll('export {};', '').trim() !== ''
}

/** All files that these import, in whatever way. */
function reachable(entries: readonly string[]): Set<string> {
  const found = new Set<string>()
  const open = entries.map((entry) => join(root, entry))
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = relative(root, path)
    if (found.has(file)) continue
    found.add(file)
    const text = readFileSync(path, 'utf8')
    for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+\.(?:ts|svelte))'/g))
      open.push(join(dirname(path), specifier!))
  }
  return found
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}
