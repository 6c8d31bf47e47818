import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { codeUnder } from './files-under.ts'

/**
 * Small functions are copied most easily, and test/duplicates.test.ts does not see what has three lines. Here every function is compared
 * with every other, whatever its variables and itself are called: those that do the same to the last token are one function that stands twice.
 */
const root = resolve(import.meta.dirname, '..')
/** Functions of fewer tokens say nothing: `(a) => a.b`. */
const leastNamed = 18
/** What has no name is longer before it is worth one. */
const leastNameless = 40

/** Twins, by their names, each with its reason. */
const excused: Readonly<Record<string, string>> = {
  'isGroup ~ isObject ~ isRecord':
    'one line that judges a type, in the command line, the data and the screens, which share only the contract'
}

interface Found {
  name: string
  where: string
  tokens: number
}

const functions = ['src', 'native', 'bench', 'scripts']
  .flatMap((folder) => codeUnder(join(root, folder)))
  .flatMap((path) => functionsOf(readFileSync(path, 'utf8'), relative(root, path)))

describe('no function stands twice', () => {
  test('but for the names of its variables', () => {
    expect(functions.length).toBeGreaterThan(4000)
    const found = twins(functions)
    const open = found.filter(({ names }) => !(names in excused))
    expect(
      open.map(({ names, all }) => `${names}: ${all.map(({ where }) => where).join(', ')}`),
      'Give it one home.'
    ).toEqual([])
    expect(Object.keys(excused).filter((names) => !found.some((one) => one.names === names))).toEqual([])
  })

  test('and the check sees what does', () => {
    const sum = (name: string, list: string, total: string) =>
      `function ${name}(${list}: number[]): number { return ${list}.filter((one) => one > 0).reduce((${total}, one) => ${total} + one, 0) }`
    const found = (...texts: string[]) =>
      twins(texts.flatMap((text, at) => functionsOf(text, `${at}.ts`))).map(({ names }) => names)
    expect(found(sum('a', 'values', 'sum'), sum('b', 'numbers', 'total'))).toEqual(['a ~ b'])
    expect(found(sum('a', 'values', 'sum'), sum('b', 'values', 'sum').replace('> 0', '< 0'))).toEqual([])
    expect(found(sum('a', 'values', 'sum'), sum('b', 'values', 'sum').replace('.filter(', '.map('))).toEqual([])
  })
})

/** Functions of several files that are the same. */
function twins(all: readonly (Found & { key: string })[]): { names: string; all: Found[] }[] {
  return [...Map.groupBy(all, ({ key }) => key).values()]
    .filter((same) => new Set(same.map(({ where }) => where.split(':')[0])).size > 1)
    .sort(([a], [b]) => b!.tokens - a!.tokens)
    .map((same) => ({ names: [...new Set(same.map(({ name }) => name))].sort().join(' ~ '), all: same }))
}

function functionsOf(text: string, file: string): (Found & { key: string })[] {
  const script = file.endsWith('.svelte') ? (/<script[^>]*>([^]*?)<\/script>/.exec(text)?.[1] ?? '') : text
  const source = ts.createSourceFile(file, script, ts.ScriptTarget.Latest, true)
  const found: (Found & { key: string })[] = []
  const visit = (node: ts.Node): void => {
    if (isWhole(node)) {
      const tokens = tokensOf(node, source)
      const name = node.name?.getText(source) ?? 'a function'
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      if (tokens.length >= (node.name === undefined ? leastNameless : leastNamed))
        found.push({ name, where: `${file}:${line + 1}`, tokens: tokens.length, key: tokens.join(' ') })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

type Whole = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression

function isWhole(node: ts.Node): node is Whole & { body: ts.Node } {
  const kinds = [ts.isFunctionDeclaration, ts.isMethodDeclaration, ts.isArrowFunction, ts.isFunctionExpression]
  return kinds.some((is) => is(node)) && (node as Whole).body !== undefined
}

/** Parameters and body, without types; what is declared in it is called by the order in which it comes. */
function tokensOf(node: Whole & { body: ts.Node }, source: ts.SourceFile): string[] {
  const names = new Map<string, string>()
  const declare = (name: ts.Node | undefined): void => {
    if (name === undefined) return
    if (ts.isIdentifier(name)) names.set(name.text, names.get(name.text) ?? `$${names.size}`)
    else if (ts.isObjectBindingPattern(name) || ts.isArrayBindingPattern(name))
      for (const element of name.elements) if (ts.isBindingElement(element)) declare(element.name)
  }
  const collect = (inner: ts.Node): void => {
    if (ts.isParameter(inner) || ts.isVariableDeclaration(inner) || ts.isFunctionDeclaration(inner)) declare(inner.name)
    ts.forEachChild(inner, collect)
  }
  collect(node)
  if (node.name) names.set(node.name.getText(source), '$self')
  const tokens: string[] = []
  const write = (inner: ts.Node): void => {
    if (ts.isTypeNode(inner)) return
    const children = inner.getChildren(source)
    if (children.length > 0) return children.forEach(write)
    const text = inner.getText(source)
    if (['', ';', ','].includes(text)) return
    const isMember = ts.isPropertyAccessExpression(inner.parent) && inner.parent.name === inner
    tokens.push(ts.isIdentifier(inner) && !isMember ? (names.get(text) ?? text) : text)
  }
  node.parameters.forEach(write)
  tokens.push('=>')
  write(node.body)
  return tokens
}
