import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { commands } from '../../src/main/hosts/cli/commands.ts'
import { completionScript, wordsByPlace } from '../../src/main/hosts/cli/completion.ts'
import { needs } from '../needs.ts'
import { newHome } from './fixture.ts'

function labProgram(): Command {
  const program = new Command('recross-lab').option('--json', 'as JSON')
  for (const add of commands) add(program, () => async () => undefined)
  return program
}

test('every command and option of the program has its place', () => {
  const places = wordsByPlace(labProgram())
  expect(places.get('')).toEqual(expect.arrayContaining(['experiment', 'study', '--json']))
  expect(places.get('experiment')).toEqual(expect.arrayContaining(['run', 'spec', 'score']))
  expect(places.get('experiment export')).toEqual(expect.arrayContaining(['--format', '--force']))
  expect(places.get('experiment export --format')).toEqual(expect.arrayContaining(['csv', 'answers-jsonl']))
  // Words stand between quotes in the scripts.
  for (const [place, words] of places) expect([place, ...words].join(' ')).not.toMatch(/['"\\$`\n]/)
})

test(
  'bash completes commands, options and choices',
  needs(process.platform !== 'win32', 'Windows brings no bash'),
  () => {
    const script = join(newHome(), 'completion.bash')
    const ask = (...words: string[]) => {
      const quoted = words.map((word) => `'${word}'`).join(' ')
      writeFileSync(
        script,
        `${completionScript(labProgram(), 'bash')}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _recross_lab; printf '%s\\n' "\${COMPREPLY[@]}"`
      )
      return execFileSync('bash', [script], { encoding: 'utf8' }).trim().split('\n')
    }
    expect(ask('recross-lab', 'exp')).toEqual(['experiment'])
    expect(ask('recross-lab', '--json', 'experiment', 'sp')).toEqual(['spec'])
    expect(ask('recross-lab', 'experiment', 'export', 'some-id', '--fo')).toEqual(['--format', '--force'])
    expect(ask('recross-lab', 'experiment', 'export', 'some-id', '--format', 'la')).toEqual(['latex'])
  }
)
