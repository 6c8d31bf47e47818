import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * What stands twice is mended once and stays wrong once. Runs of six lines that stand again word for word are found here, and longer
 * ones that are alike but for names and values. Lines that say nothing do not count: comments, imports, lone brackets, closing tags,
 * `this.#a = a`.
 */
const root = resolve(import.meta.dirname, '..')
const leastLines = 6
/** Of one shape: shorter runs are how schemas, tables and components look. */
const leastAlike = 9

/** Files that share a run word for word, each with its reason. */
const copies: Readonly<Record<string, string>> = {
  'src/renderer/src/texts/de.ts ~ src/renderer/src/texts/en.ts':
    'the list of rooms of texts in each language, which the compiler holds together',
  'bench/campaigns/desktop/same-runs.ts ~ test/window/drive.mjs':
    'drive.mjs stands alone: it is also run by a Node that reads no TypeScript'
}

/**
 * Files with runs of one shape: how many there are, in src alone. It only falls; whoever brings a pair more
 * looks whether it is a copy, and whoever takes one away lowers it.
 */
const mostAlike = 28

/** Texts of each language, and the demo's tables of tasks, are alike by nature. */
const languagesAndTables = /\/texts\/|\/words\/|\/demo\/upstream\//

const thin =
  /^(?:[^A-Za-z0-9]*|\/\/.*|(?:<\/[\w.]+>|\{\/\w+\}|[)}\];,]|\{:else\}|else)+|this\.#?(\w+) = \1|#\s*(?:include|define|if|ifdef|else|endif).*|export \{.*\} from .*)$/
const keywords =
  /^(?:if|else|for|of|in|while|return|const|let|function|async|await|new|throw|try|catch|switch|case|default|export|interface|class|readonly|extends|type|each|as|snippet|render)$/

interface Source {
  file: string
  text: string
}

interface Line {
  text: string
  number: number
}

interface Pair {
  /** `one ~ other`, by name. */
  files: string
  lines: number
  where: string
}

const sources = ['src', 'bench', 'scripts', 'native', 'test']
  .flatMap((folder) => filesUnder(join(root, folder)))
  .filter((path) => /\.(ts|mjs|svelte|css|cc|h)$/.test(path))
  .map((path): Source => ({ file: relative(root, path), text: readFileSync(path, 'utf8') }))

describe('no code stands twice', () => {
  test('word for word', () => {
    expect(sources.length).toBeGreaterThan(1700)
    const found = pairs(sources, leastLines, (line) => line)
    const unknown = found.filter(({ files }) => !(files in copies))
    expect(
      unknown.map(({ where, lines }) => `${lines} lines: ${where}`),
      'Give it one home.'
    ).toEqual([])
    expect(Object.keys(copies).filter((files) => !found.some((pair) => pair.files === files))).toEqual([])
  })

  test('but for names and values, more often than has been looked at', () => {
    const own = sources.filter(({ file }) => file.startsWith('src/') && !languagesAndTables.test(file))
    const found = pairs(own, leastAlike, shapeOf)
    const said = found.map(({ where, lines }) => `${lines} lines: ${where}`).join('\n')
    expect(found.length, `Is one of these a copy?\n${said}`).toBeLessThanOrEqual(mostAlike)
  })

  test('and the checks see what does', () => {
    const code = (name: string) =>
      Array.from({ length: 10 }, (_, at) => `  ${name}${'.of'.repeat(at)}.call${at}(${at}, 'x${name}')`)
    const list = (name: string) => ({ file: `${name}.ts`, text: Array(20).fill(`  ${name}: 'it',`).join('\n') })
    const file = (name: string, lines: string[]) => ({ file: `${name}.ts`, text: lines.join('\n') })
    const [one, same, alike] = [file('a', code('a')), file('b', ['// b', ...code('a')]), file('c', code('c'))]
    expect(pairs([one, same, alike], 6, (line) => line)).toEqual([
      { files: 'a.ts ~ b.ts', lines: 10, where: 'a.ts:1-10 ~ b.ts:2-11' }
    ])
    expect(pairs([one, alike], 9, shapeOf).map(({ files }) => files)).toEqual(['a.ts ~ c.ts'])
    expect(pairs([list('e'), list('f')], 9, shapeOf)).toEqual([])
    expect(pairs([one, file('d', code('a').slice(0, 5))], 6, (line) => line)).toEqual([])
  })
})

/** Runs of at least so many lines that stand in two places, the longest first. */
function pairs(files: readonly Source[], least: number, keyOf: (line: string) => string): Pair[] {
  const all = files.map(({ file, text }) => {
    const lines = linesOf(text)
    return { file, lines, keys: lines.map((line) => keyOf(line.text)) }
  })
  const places = new Map<string, [file: number, at: number][]>()
  for (const [index, { keys }] of all.entries())
    for (let at = 0; at + least <= keys.length; at++) {
      const run = keys.slice(at, at + least)
      // A list of one thing after another is no copy of another list.
      if (new Set(run).size < least / 2) continue
      const key = run.join('\n')
      const known = places.get(key)
      if (known === undefined) places.set(key, [[index, at]])
      else known.push([index, at])
    }
  const found: Pair[] = []
  for (const same of places.values())
    for (const [place, [file, at]] of same.entries())
      for (const [otherFile, otherAt] of same.slice(place + 1)) {
        const [one, other] = [all[file]!, all[otherFile]!]
        if (one === other && otherAt - at < least) continue
        // What goes on from the line before was found there.
        if (at > 0 && otherAt > 0 && one.keys[at - 1] === other.keys[otherAt - 1]) continue
        let lines = least
        while (one.keys[at + lines] !== undefined && one.keys[at + lines] === other.keys[otherAt + lines]) lines++
        const where = ({ file: name, lines: own }: (typeof all)[number], from: number): string =>
          `${name}:${own[from]!.number}-${own[from + lines - 1]!.number}`
        found.push({
          files: `${one.file} ~ ${other.file}`,
          lines,
          where: `${where(one, at)} ~ ${where(other, otherAt)}`
        })
      }
  return found.sort((a, b) => b.lines - a.lines)
}

function linesOf(text: string): Line[] {
  const unsaid = /\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|^ *import [^;]*?(?:from )?'[^']*'$/gm
  return text
    .replaceAll(unsaid, (part) => part.replaceAll(/[^\n]/g, ''))
    .split('\n')
    .map((line, at) => ({ text: line.trim().replaceAll(/\s+/g, ' '), number: at + 1 }))
    .filter((line) => !thin.test(line.text))
}

/** A line without its names, numbers and texts. */
function shapeOf(line: string): string {
  return line
    .replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, 'x')
    .replaceAll(/[\p{L}_$][\p{L}\w$]*|\d[\d_.]*/gu, (word) => (keywords.test(word) ? word : 'x'))
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ['build', 'node_modules'].includes(entry.name) ? [] : filesUnder(path)
    return [path]
  })
}
