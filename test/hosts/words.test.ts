import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { exitCodeOf, exitCodes } from '../../src/main/hosts/cli/exit-codes.ts'
import { forms } from '../../src/main/hosts/cli/forms.ts'
import { placeholderOf, plainPlaceholders, wordsOf, type Meaning } from '../../src/main/hosts/cli/meanings.ts'
import { commandRunner } from '../../src/main/hosts/cli/run.ts'
import { Streams } from '../../src/main/hosts/cli/streams.ts'
import { kinds, type KindName } from '../../src/main/hosts/cli/things-by-name.ts'
import { findNamed } from '../../src/main/naming/find-named.ts'
import { call, leaves, quietProgram, type Leaf } from './cli-commands.ts'
import { fullFakeLab } from './fake-lab.ts'
import { newHome } from './fixture.ts'

/**
 * Every word of every command, by what its placeholder says it is: streams, files that are there, ids, names. The words are read
 * by the real program; what the commands then do is left out, and the lab that is asked for things is the screens' fake one.
 */
const client = await fullFakeLab()
const all = leaves(quietProgram())
const words = all.flatMap((leaf) => wordsOf(leaf.command).map((about) => ({ ...about, leaf })))
const whose = (is: Meaning['is']) =>
  words
    .filter(({ meaning }) => meaning.is === is)
    .map((one) => [`${one.leaf.path.join(' ')} ${one.called}`, one] as const)

interface Called {
  code: number
  said: string
  /** What the command's own work was given; null where it was not reached. */
  given: readonly unknown[] | null
  /** What it found in files that stand for the standard input. */
  read: readonly string[]
  out: string
}

/** Calls a command whose work is left out. */
async function run(line: readonly string[], stdin = ''): Promise<Called> {
  let given: readonly unknown[] | null = null
  let read: string[] = []
  let out = ''
  const stdout = new Writable({ write: (chunk, _, done) => ((out += String(chunk)), done()) })
  const program = quietProgram((whole) => {
    const real = commandRunner(whole, {
      open: () => Promise.resolve({ client, close: () => Promise.resolve() }),
      streams: () => new Streams(Readable.from([stdin]), stdout)
    })
    return (_work) =>
      real((_context, ...rest) => {
        // What came from the standard input is gone when the command is over.
        given = rest
        read = textsOf(rest)
        return Promise.resolve()
      })
  })
  process.exitCode = undefined
  await program.parseAsync(line, { from: 'user' })
  const code = Number(process.exitCode ?? 0)
  process.exitCode = undefined
  return { code, said: said.join(''), given, read, out }
}

const textsOf = (given: readonly unknown[]): string[] =>
  [...given.slice(0, -2), ...Object.values(given.at(-2) as Record<string, unknown>)]
    .flat()
    .filter((one) => typeof one === 'string' && existsSync(one.replace(/^.*=/, '')) && /standard-input/.test(one))
    .map((one) => readFileSync((one as string).replace(/^.*=/, ''), 'utf8'))

let said: string[] = []
beforeEach(() => {
  said = []
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => (said.push(String(text)), true))
  onTestFinished(() => spy.mockRestore())
})

/** An id of each kind of thing, for the words that a call needs beside the one that is tried. */
const ids = new Map<KindName, string>()
for (const kind of Object.keys(kinds) as KindName[]) ids.set(kind, (await kinds[kind].list(client))[0]!.id)

/** The words of a call of a command in which one word is this, and everything else that is needed fits. */
function lineWith(leaf: Leaf, called: string, value: string): string[] {
  const folder = newHome()
  const needed = new Map<string, string>()
  for (const about of wordsOf(leaf.command)) {
    const { meaning } = about
    if (meaning.is === 'thing') needed.set(about.called, ids.get(meaning.kind)!)
    if (meaning.is === 'file') needed.set(about.called, join(folder, 'given'))
    if (meaning.is === 'new-file' || meaning.is === 'new-folder') needed.set(about.called, join(folder, 'new'))
    if (meaning.is === 'named-file') needed.set(about.called, `random=${join(folder, 'given')}`)
  }
  const option = called.startsWith('--')
  return call(leaf, option ? [called, value] : [], (name) =>
    name === called ? value : (needed.get(name) ?? 'something')
  )
}

test('every placeholder says what it stands for', () => {
  const placeholders = new Set(
    words.flatMap(({ word, meaning }) => (meaning.is === 'text' ? [placeholderOf(word)] : []))
  )
  placeholders.delete(null)
  expect([...placeholders].filter((one) => !plainPlaceholders.has(one!))).toEqual([])
  expect([...plainPlaceholders].filter((one) => !placeholders.has(one))).toEqual([])
  const writes = words.filter(({ called }) => /^--(out|report)$/.test(called)).map(({ meaning }) => meaning.is)
  expect([...new Set(writes)].sort()).toEqual(['new-file', 'new-folder'])
  const forced = all.filter(({ command }) => command.options.some(({ long }) => long === '--force'))
  for (const { command } of forced)
    expect(
      wordsOf(command).some(({ meaning }) => meaning.is.endsWith('new-file')),
      command.name()
    ).toBe(true)
  expect(words.filter(({ meaning }) => meaning.is === 'thing').length).toBeGreaterThan(90)
})

describe('files', () => {
  test.each(whose('file'))('%s reads the standard input for "-"', async (_name, { leaf, called }) => {
    const { code, read } = await run(lineWith(leaf, called, '-'), 'what came in')
    expect(code, said.join('')).toBe(exitCodes.done)
    expect(read).toEqual(['what came in'])
  })

  test.each(whose('named-file'))('%s reads the standard input for "name=-"', async (_name, { leaf, called }) => {
    const { code, read } = await run(lineWith(leaf, called, 'random=-'), 'what came in')
    expect(code, said.join('')).toBe(exitCodes.done)
    expect(read).toEqual(['what came in'])
  })

  test('two things cannot both come from the standard input', async () => {
    const { code, given } = await run(['import', '-', '--groups', '-'])
    expect({ code, given }).toEqual({ code: exitCodes.usage, given: null })
    expect(said.join('')).toBe('Only one thing can come from the standard input, not <files> and --groups.\n')
  })

  test.each(whose('new-file'))('%s writes over nothing unasked', async (_name, { leaf, called }) => {
    const path = join(newHome(), 'there')
    writeFileSync(path, 'old')
    const line = lineWith(leaf, called, path)
    const refused = await run(line)
    expect(refused).toMatchObject({ code: exitCodes.exists, given: null })
    expect(said.join('')).toContain(`There is a file at ${path} already.`)
    expect(leaf.command.options.map(({ long }) => long)).toContain('--force')
    expect(await run([...line, '--force'])).toMatchObject({ code: exitCodes.done })
    expect(await run(lineWith(leaf, called, '-')), '"-" is the standard output').toMatchObject({ code: 0 })
  })

  test.each(whose('new-folder'))('%s takes a new or empty folder', async (_name, { leaf, called }) => {
    const folder = newHome()
    expect(await run(lineWith(leaf, called, folder)), 'an empty one').toMatchObject({ code: exitCodes.done })
    mkdirSync(join(folder, 'something'))
    const refused = await run(lineWith(leaf, called, folder))
    expect(refused).toMatchObject({ code: exitCodes.exists, given: null })
    expect(said.join('')).toContain(`There is something at ${folder} already.`)
    expect(await run(lineWith(leaf, called, '-'))).toMatchObject({ code: exitCodes.usage, given: null })
  })

  test.each(whose('no-stream'))('%s refuses "-" by name', async (_name, { leaf, called }) => {
    const refused = await run(lineWith(leaf, called, '-'))
    expect(refused).toMatchObject({ code: exitCodes.usage, given: null })
    expect(said.join('')).toContain(`${called} cannot be "-": `)
  })
})

/** What has not the form that a placeholder stands for. */
const malformed: Readonly<Record<string, readonly string[]>> = {
  'setting=value': ['', 'tune.epochs', '=3', 'tune.epochs=', ' =3'],
  'path=value': ['sets', '=3', 'sets='],
  'setting=values': ['retrieval.budget', '=64', 'retrieval.budget=', 'retrieval.budget=64,,128', 'a=[1,', 'a=[]'],
  'label=words': ['yes', '=true', 'yes=', 'yes=true,,correct'],
  'number=words': ['no', '0=no,yes', '=no', '0='],
  pairs: ['semantic', 'semantic:', ':random', 'semantic:nobody', 'semantic:random:dense', 'semantic=random'],
  regex: ['(', '[a', '*', 'a{2', '(?<x'],
  options: ['constraint=avx512', '-', '--', '']
}

describe('text of a form', () => {
  test.each(whose('form'))(
    '%s is refused as wrong usage where it has another',
    async (_name, { leaf, called, word, meaning }) => {
      const { form } = meaning as Extract<Meaning, { is: 'form' }>
      expect((await run(lineWith(leaf, called, form.example.replaceAll('"', '')))).code, said.join('')).toBe(
        exitCodes.done
      )
      const wrong = malformed[placeholderOf(word)!]!
      expect(wrong.length).toBeGreaterThan(2)
      for (const one of wrong) {
        said = []
        // Behind its sign: a word that begins with a dash would be another option.
        const line = lineWith(leaf, called, 'stands-here')
        const at = line.indexOf(called)
        expect({ one, ...(await run(line.toSpliced(at, 2, `${called}=${one}`))) }).toMatchObject({
          code: exitCodes.usage,
          given: null
        })
      }
    }
  )

  test.each(whose('named-file'))('%s without a file is wrong usage', async (_name, { leaf, called }) => {
    for (const one of ['random', 'random=', '=file'])
      expect(await run(lineWith(leaf, called, one))).toMatchObject({ code: exitCodes.usage, given: null })
  })

  test('every form is one of a command', () => {
    const used = words.flatMap(({ word, meaning }) => (meaning.is === 'form' ? [placeholderOf(word)!] : []))
    expect(new Set(used)).toEqual(new Set(Object.keys(malformed)))
    expect(new Set(Object.keys(forms))).toEqual(new Set(Object.keys(malformed)))
  })
})

describe('things', () => {
  test.each(whose('thing'))(
    '%s knows ids and names, and what was probably meant',
    async (_name, { leaf, called, meaning }) => {
      const kind = (meaning as Extract<Meaning, { is: 'thing' }>).kind
      const listed = await kinds[kind].list(client)
      const [first] = listed
      const named = listed.filter(({ name }) => name === first!.name)
      expect(await run(lineWith(leaf, called, first!.id))).toMatchObject({ code: exitCodes.done })
      if (named.length === 1) {
        const { code, given } = await run(lineWith(leaf, called, first!.name))
        expect({ code, said }).toMatchObject({ code: exitCodes.done })
        expect(JSON.stringify(given?.slice(0, -1))).toContain(first!.id)
      }
      const wrong = await run(lineWith(leaf, called, `${first!.name}x`))
      expect(wrong).toMatchObject({ code: exitCodes.unknown, given: null })
      expect(said.join('')).toMatch(/^There is no .* Did you mean ".*"\?\n$/s)
    }
  )

  test('a name that several things have is said with their ids', async () => {
    const targets = (await client.targets.list()).slice(0, 2).map((one) => ({ ...one, name: 'Twins' }))
    expect(() => findNamed('target', targets, 'Twins')).toThrow(
      expect.objectContaining({
        code: 'name-ambiguous',
        message: expect.stringContaining(targets[1]!.id) as string
      }) as Error
    )
    expect(findNamed('target', targets, targets[1]!.id)).toBe(targets[1])
    expect(exitCodeOf('name-ambiguous')).toBe(exitCodes.unknown)
  })
})
