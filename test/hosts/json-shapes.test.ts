import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Command } from 'commander'
import type { Client } from '../../src/main/contract/client.ts'
import { addOpen } from '../../src/main/hosts/cli/open.ts'
import { addServe } from '../../src/main/hosts/cli/serve.ts'
import { jsonSchemaOf, jsonShapes, shapesVersion } from '../../src/main/hosts/cli/json-shapes.ts'
import { wordsOf } from '../../src/main/hosts/cli/meanings.ts'
import { commandRunner } from '../../src/main/hosts/cli/run.ts'
import { Streams } from '../../src/main/hosts/cli/streams.ts'
import { kinds } from '../../src/main/hosts/cli/things-by-name.ts'
import { call, leaves, quietProgram, type Leaf } from './cli-commands.ts'
import { addedModels, fullFakeLab } from './fake-lab.ts'
import { newHome } from './fixture.ts'
import { fieldsOf, publishedFile, type Published } from './published-shapes.ts'

const all = leaves(quietProgram())

/** What these need beside what every command is given. */
const extra: Readonly<Record<string, readonly string[]>> = {
  'experiment score': ['--contains'],
  'experiment lineage': ['--row', '1'],
  'experiment run': ['--detach'],
  'experiment add': ['--rounds', '9', '--detach'],
  'experiment test-on': ['--detach'],
  'jobs self-test': ['--steps', '1'],
  'models export': ['--install', 'Mine'],
  'reranker bootstrap': ['--iterations', '1'],
  'settings token': ['--forget']
}

/** Commands whose words are no things and no files. */
const spelled: Readonly<Record<string, readonly string[]>> = {
  'settings set': ['settings', 'set', 'provider', 'cpu']
}

/** Where a command cannot do without its things, though no single one of them is needed always. */
const withThings = /^(reranker|retriever|index|experiment (plan|run|import-answers|test-on)|models find-rate)\b/

test('every command has the form of what it prints', () => {
  const program = quietProgram()
  for (const add of [addServe, addOpen]) add(program)
  const names = leaves(program).map(({ path }) => path.join(' '))
  expect(Object.keys(jsonShapes).sort()).toEqual(names.sort())
  for (const name of names)
    expect(jsonSchemaOf(name)).toMatchObject({ version: shapesVersion, title: `recross-lab --json ${name}` })
})

test('a field that was published stays, or the version is raised', () => {
  const published = JSON.parse(readFileSync(publishedFile, 'utf8')) as Published
  if (published.version !== shapesVersion) return
  const gone = Object.entries(published.commands).flatMap(([name, fields]) => {
    const now = new Set(fieldsOf(jsonSchemaOf(name)))
    return fields
      .split(' ')
      .filter((field) => !now.has(field))
      .map((field) => `${name}: ${field}`)
  })
  // A new version's fields are written down by: node test/hosts/publish-json-shapes.ts
  expect(gone).toEqual([])
  expect(Object.keys(published.commands).length).toBeGreaterThan(130)
})

let out: string[] = []
beforeEach(() => {
  out = []
  const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out.push(String(text)), true))
  onTestFinished(() => {
    spy.mockRestore()
    quiet.mockRestore()
    process.exitCode = undefined
  })
})

describe('what a command prints with --json has that form', () => {
  const tried = all.map((leaf) => [leaf.path.join(' '), leaf] as const)
  test.each(tried)('%s', async (name, leaf) => {
    const printed = await printedBy(name, leaf)
    const checked = jsonShapes[name]!.safeParse(printed)
    expect(checked.success ? null : JSON.stringify({ printed, issues: checked.error.issues }).slice(0, 2000)).toBeNull()
  })
})

/** Calls a command for its work, on the fake lab. */
/** The fake's jobs run for two seconds, in steps. */
const realInterval = setInterval
beforeEach(() => {
  vi.stubGlobal('setInterval', (work: () => void) => realInterval(work, 1))
  onTestFinished(() => void vi.unstubAllGlobals())
})

async function printedBy(name: string, leaf: Leaf): Promise<unknown> {
  const client = await fullFakeLab()
  const folder = newHome()
  const given = join(folder, name.startsWith('study') ? 'given.zip' : 'given.jsonl')
  writeFileSync(given, '{"input_text": "One", "output_text": "1"}\n')
  const words = new Map([['<entry-or-repository>', (await client.catalog.list())[0]!.id]])
  for (const { called, meaning } of wordsOf(leaf.command)) {
    if (meaning.is === 'thing') words.set(called, (await kinds[meaning.kind].list(client))[0]!.id)
    if (meaning.is === 'file') words.set(called, given)
    if (meaning.is === 'new-file' || meaning.is === 'new-folder') words.set(called, join(folder, 'new'))
    if (meaning.is === 'named-file') words.set(called, `random=${given}`)
  }
  const program: Command = quietProgram((whole) =>
    commandRunner(whole, {
      open: () => Promise.resolve({ client, close: () => Promise.resolve() }),
      streams: () => new Streams(Readable.from(['']))
    })
  )
  // What only the words of commands know, the fake's own answers do not.
  const options = [...words].filter(([called, word]) => called.startsWith('--') && !addedModels.includes(word))
  const written = options.filter(([called]) => called === '--out' || called === '--report')
  const more = [
    ...(extra[name] ?? []),
    ...(withThings.test(name) ? options : name === 'predict' ? [] : written).flat(),
    ...(leaf.command.options.some(({ long }) => long === '--yes') ? ['--yes'] : [])
  ]
  const line =
    name === 'study export'
      ? ['study', 'export', await anExperiment(client), join(folder, 'study.zip')]
      : (spelled[name] ?? call(leaf, more, (word) => words.get(word) ?? 'something'))
  await program.parseAsync(['--json', ...line], { from: 'user' })
  return JSON.parse(out.join('')) as unknown
}

async function anExperiment(client: Client): Promise<string> {
  return (await client.experiments.list())[0]!.id
}
