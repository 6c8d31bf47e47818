import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { newHome } from './fixture.ts'

/** The real program, a process for each command. */
const cli = resolve('src/main/hosts/cli/index.ts')

interface Said {
  code: number
  stdout: string
  stderr: string
}

function run(home: string, ...options: string[]): Promise<Said> {
  return new Promise((done) =>
    execFile(process.execPath, [cli, '--home', home, ...options], (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    )
  )
}

function rows(name: string): string {
  const path = join(newHome(), name)
  const lines = Array.from({ length: 5 }, (_, n) =>
    JSON.stringify({ input: `What is ${n}, says ${name}?`, output: `${n}` })
  )
  writeFileSync(path, lines.join('\n'))
  return path
}

const logLine = /^\d{4}-\d\d-\d\dT\S+Z (debug|info|warn|error) /m
const stack = /^\s+at .*\.[jt]s:\d+/m

test('of a job that ends well --quiet says the result alone, --verbose its log lines as well', async () => {
  const [plain, quiet, verbose] = await Promise.all([
    run(newHome(), 'import', rows('a.jsonl')),
    run(newHome(), '--quiet', 'import', rows('b.jsonl')),
    run(newHome(), '--verbose', '--json', 'import', rows('c.jsonl'))
  ])
  for (const said of [plain, quiet, verbose]) expect(said.code).toBe(0)
  expect(plain.stderr).toMatch(/finished/)
  expect(plain.stderr).not.toMatch(logLine)
  expect(quiet.stderr).toBe('')
  for (const said of [plain, quiet]) expect(said.stdout).toContain('5 examples')
  expect(verbose.stderr).toMatch(logLine)
  expect(JSON.parse(verbose.stdout), 'what is said on the way stays out of the document').toBeInstanceOf(Object)
})

test('errors are said in every way; --verbose says where they come from; both at once are wrong usage', async () => {
  const home = newHome()
  const [quiet, verbose, both] = await Promise.all([
    run(newHome(), '--quiet', 'import', join(home, 'nowhere.jsonl')),
    run(newHome(), '--verbose', 'import', join(home, 'nowhere.jsonl')),
    run(home, '--quiet', '--verbose', 'models')
  ])
  for (const said of [quiet, verbose]) {
    expect(said.code).toBe(1)
    expect(said.stderr).toContain('nowhere.jsonl')
  }
  expect(quiet.stderr).not.toMatch(stack)
  expect(verbose.stderr).toMatch(stack)
  expect(both).toMatchObject({ code: 2, stdout: '' })
  expect(both.stderr).toMatch(/--quiet.*--verbose|--verbose.*--quiet/)
})
