import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'
import type { Counted } from '../vitest-reporter.ts'
import type { Measured } from './collect.ts'

const root = resolve(import.meta.dirname, '..', '..')

/** What runs bundled, in a window or a browser, where nobody counts: the window, and the screens, which the specs open. */
const bundled = /^src\/(main\/hosts\/electron|preload|renderer)\//

/** Files of which nothing need be entered in a run of all tests, each with its reason. */
const excused: Readonly<Record<string, string>> = {
  'src/main/retrieval/shared/postgres.ts': 'entered where there is a PostgreSQL server to be tried with',
  'src/main/engine/device-memory.ts': 'entered where something draws as a graphics card does',
  'src/main/engine/rounded-on-device.ts': 'entered where something draws as a graphics card does',
  'src/main/engine/training/gpu-device.ts': 'entered where something draws as a graphics card does',
  'src/main/worker/demo/make.ts': 'makes the files of the demo, which the repository holds; started by hand',
  'src/main/worker/demo/base-model.ts': 'loaded by make.ts',
  'src/main/worker/demo/sentence-encoder.ts': 'loaded by make.ts',
  'src/main/worker/demo/train-and-export.ts': 'loaded by make.ts',
  'src/main/worker/demo/train-base.ts': 'trains a base model on files of the user; started by hand'
}

/** What the processes of a run of all tests have measured: lines for people, and the files that nothing has run. */
export function summarised(folder: string): { lines: string[]; counted: Counted[] } {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const reports = names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Measured)
  const entered = new Map<string, { entered: Set<string>; all: Set<string> }>()
  for (const { files } of reports)
    for (const [file, found] of Object.entries(files)) {
      const sum = entered.get(file) ?? { entered: new Set(), all: new Set() }
      entered.set(file, sum)
      for (const at of found.entered) sum.entered.add(at)
      for (const at of found.all) sum.all.add(at)
    }
  const sources = filesUnder(join(root, 'src')).filter((file) => /\.(ts|svelte)$/.test(file) && hasCode(file))
  // A file without functions is run by being loaded.
  const isRun = (file: string): boolean => {
    const found = entered.get(file)
    return found !== undefined && (found.all.size === 0 || found.entered.size > 0)
  }
  const idle = sources.filter((file) => !isRun(file))
  // Workers load a job's file when they get such a job, and many of them end by being killed, with what they had counted.
  const mayBeUncounted = (file: string): boolean => bundled.test(file) || file.startsWith('src/main/worker/')
  const [unentered, unloaded] = [true, false].map((loaded) => idle.filter((file) => entered.has(file) === loaded))
  const lost = unloaded!.filter((file) => !mayBeUncounted(file) && !(file in excused))
  const [all, seen] = [...entered.values()].reduce(
    ([sum, part], one) => [sum + one.all.size, part + one.entered.size],
    [0, 0]
  )
  const dearest = [...reports].sort((a, b) => b.seconds - a.seconds).slice(0, 15)
  return {
    lines: [
      `functions that tests and the processes that they start enter: ${seen} of ${all} (${((100 * seen) / Math.max(1, all)).toFixed(1)} %) in ${sources.length - idle.length} of ${sources.length} files;`,
      `  not loaded where anybody counts (bundled for the window or the browser, started by hand, or in a worker that was killed): ${unloaded!.filter((file) => !lost.includes(file)).join(', ') || 'none'}`,
      `  loaded, but no function of it was counted: ${unentered!.join(', ') || 'none'}`,
      `processor time of the dearest test files, of ${reports.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s in all:`,
      ...dearest.map(({ test, seconds }) => `  ${seconds.toFixed(1).padStart(6)} s  ${test ?? 'started by a test'}`)
    ],
    counted: [
      {
        name: `no file of src is loaded by nothing${lost.length > 0 ? `: ${lost.join(', ')}` : ''}`,
        state: lost.length === 0 ? 'passed' : 'failed',
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

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}
