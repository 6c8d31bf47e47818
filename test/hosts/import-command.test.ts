import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { newHome } from './fixture.ts'

const cli = resolve('src/main/hosts/cli/index.ts')

function run(home: string, ...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) =>
    execFile(process.execPath, [cli, '--home', home, ...options], (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    )
  )
}

test('the command line shows how a file is read, takes it otherwise, and does not leave texts out unasked', async () => {
  const home = newHome()
  const path = join(newHome(), 'fragen.csv')
  writeFileSync(
    path,
    Buffer.from('frage;hinweis;antwort\nWo ist Müller?;im alten Turm;hier\nWann?;noch am Abend;jetzt\n', 'latin1')
  )
  const looked = await run(home, 'import', path, '--preview')
  expect(looked.stdout).toContain('"encoding":"windows-1252","delimiter":";"')
  expect(looked.stdout).toContain('Columns: frage, hinweis, antwort')

  const named = await run(
    home,
    'import',
    path,
    '--preview',
    '--input',
    '{hinweis}\\n{frage}',
    '--output',
    'antwort',
    '--no-header',
    '--delimiter',
    ';'
  )
  expect(named.stdout).toContain('column 1')

  const english = join(newHome(), 'x.csv')
  writeFileSync(
    english,
    'question,note,answer\nwhere?,look at the map,here\nwhen?,look at the clock,now\nwho?,look at me,you\n'
  )
  const left = await run(home, 'import', english)
  expect(left.code).toBe(1)
  expect(left.stderr).toMatch(/"note" holds texts that would not be used.*--accept columns-left-out/s)
  const imported = await run(home, 'import', english, '--accept', 'columns-left-out')
  expect(imported.code).toBe(0)
  expect(imported.stdout).toContain('3 records: 3 read, 0 set aside')
})
