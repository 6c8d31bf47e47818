import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { newHome } from './fixture.ts'

/** The real program, a process for each command. */
const cli = resolve('src/main/hosts/cli/index.ts')

function run(home: string, ...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) =>
    execFile(process.execPath, [cli, '--home', home, ...options], (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    )
  )
}

function write(folder: string, name: string, rows: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof rows === 'string' ? rows : JSON.stringify(rows))
  return path
}

const question = (n: number): string => `Does the ${n}th lamp of the harbour shine at night over pier number ${n * 7}?`

test('import says what came in, what was set aside, what is known already, and what upstream data gives away', async () => {
  const home = newHome()
  const folder = newHome()
  const rows = Array.from({ length: 30 }, (_, n) => ({ input_text: `Sum up story ${n}`, output_text: `sum ${n}` }))
  const leaked = { input_text: question(3), output_text: 'yes' }
  const lines = [...rows, rows[0], leaked].map((row) => JSON.stringify(row))
  const upstream = write(
    folder,
    'stories.jsonl',
    [...lines.slice(0, 5), '{"input_text": 5}', ...lines.slice(5)].join('\n')
  )

  const strict = await run(home, 'import', upstream)
  expect(strict.code).not.toBe(0)
  expect(strict.stderr).toMatch(/stories\.jsonl.*line 6/)

  const imported = await run(home, 'import', upstream, '--skip-bad-lines', '1')
  expect(imported.code).toBe(0)
  expect(imported.stdout).toContain('32 examples of 1 task in 1 group, 1 duplicate.')
  const id = /datasets rejected (\S+)/.exec(imported.stdout)![1]!
  const rejected = await run(home, 'datasets', 'rejected', id)
  expect(rejected.stdout).toMatch(/stories\.jsonl, line 6, .*expected.*\n.*"input_text": 5/)

  const again = await run(home, 'import', upstream, '--skip-bad-lines', '1', '--name', 'Another name')
  expect(again.stdout).toContain('already here')

  const tests = Array.from({ length: 10 }, (_, n) => [question(n), ['yes'], `lamps|test|ask|#${n}`])
  const target = await run(home, 'import', write(folder, 'lamps.json', tests), '--target')
  expect(target.stdout).toContain('lamps (target) is dataset-')
  expect(target.stdout).toContain('10 source items')
  expect(target.stdout).toContain('Look for lamps in stories: 1 exact and 0 near matches among 32 examples.')
})

test('the catalog says of an entry what it is good for, what it needs, and where it comes from', async () => {
  const home = newHome()
  const list = await run(home, 'catalog')
  expect(list.stdout).toMatch(/recross-t0pp-upstream +dataset +unknown/)
  const entry = await run(home, 'catalog', 'bart0')
  for (const part of ['Good for: Repeating', 'Needs: 8 GB', 'Size: 1.6 GB', 'Licence: apache-2.0', 'yuchenlin/BART0'])
    expect(entry.stdout).toContain(part)
  expect((await run(home, 'catalog', 'nothing')).stderr).toContain('no entry in the catalog "nothing"')
})
