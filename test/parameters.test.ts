import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { codeUnder } from './files-under.ts'

/** Hands full: what more than four parameters carry along is one thing that has a name. */
const root = resolve(import.meta.dirname, '..')
const most = 4

/** Functions that may take more, each with its reason. Whoever mends one takes its line out. */
const excused: Readonly<Record<string, string>> = {
  'src/main/data/templates/tokens.ts': 'the groups of a regular expression, as String.replace hands them over',
  'src/main/engine/optimizer/kernels.ts': 'calls into WebAssembly, which takes numbers alone',
  'src/main/evaluation/statistics/table-tests.ts': 'one method in one piece; its simulations run against this file',
  'src/main/models/weights/torch-zip.ts': 'the signature that yauzl asks for',
  'src/main/store/migrations/0004-portable-paths.ts': 'a step of the database’s history, which stays as it was',
  'native/addon.ts': 'calls into C++, which take numbers and buffers',
  'native/plain-vectors.ts': 'the innermost loop of exact search, which makes no objects'
}

const long = ['src', 'native'].flatMap((folder) => codeUnder(join(root, folder))).flatMap((path) => manyIn(path))

test('functions take at most four parameters, but for a short list with reasons', () => {
  const wrong = long.filter(({ file }) => !(file in excused))
  expect(
    wrong.map(({ file, line, name, count }) => `${file}:${line} ${name} takes ${count}`),
    'Put what goes together into one object with a name.'
  ).toEqual([])
})

test('the list names only files that have such functions', () => {
  const files = new Set(long.map(({ file }) => file))
  expect(Object.keys(excused).filter((file) => !files.has(file))).toEqual([])
})

interface Long {
  file: string
  line: number
  name: string
  count: number
}

/** Also methods, constructors, arrow functions and signatures; those in components are read as they stand in their script. */
function manyIn(path: string): Long[] {
  const text = readFileSync(path, 'utf8')
  const script = path.endsWith('.svelte') ? (/<script[^>]*>([^]*?)<\/script>/.exec(text)?.[1] ?? '') : text
  const source = ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true)
  const found: Long[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && node.parameters.length > most) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      const name = node.name?.getText() ?? 'a function'
      found.push({ file: relative(root, path), line: line + 1, name, count: node.parameters.length })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}
