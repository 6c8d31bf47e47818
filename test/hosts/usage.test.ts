import { Command, CommanderError, type Option } from 'commander'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/main/hosts/cli/commands.ts'

/** Every command of the program, with the words that lead to it; nothing is carried out. */
function leaves(): { path: string[]; command: Command }[] {
  const program = new Command('recross-lab').exitOverride().configureOutput({ writeErr: () => undefined })
  for (const add of commands) add(program, () => async () => undefined)
  const found: { path: string[]; command: Command }[] = []
  const walk = (command: Command, path: string[]) => {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    if (command.commands.length === 0) found.push({ path, command })
    for (const inner of command.commands) walk(inner, [...path, inner.name()])
  }
  walk(program, [])
  return found
}

/** The words of a call in which everything that must be there is there. */
function call({ path, command }: { path: string[]; command: Command }, extra: readonly string[]): string[] {
  const needed = command.options.flatMap((option) =>
    option.mandatory && !extra.includes(option.long!)
      ? [option.long!, option.argChoices?.[0] ?? (option.parseArg ? '1' : 'something')]
      : []
  )
  const given = command.registeredArguments.map(
    ({ argChoices, parseArg }) => argChoices?.[0] ?? (parseArg ? '1' : 'something')
  )
  return [...path, ...given, ...needed, ...extra]
}

function codeOf(words: readonly string[]): string | null {
  const program = new Command('recross-lab').exitOverride()
  for (const add of commands) add(program, () => async () => undefined)
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    command.commands.forEach(quiet)
  }
  quiet(program)
  try {
    program.parse(words, { from: 'user' })
    return null
  } catch (thrown) {
    return thrown instanceof CommanderError ? thrown.code : 'crash'
  }
}

/** What the flags call a number, or is one unless said otherwise. */
const countsSomething = (option: Option): boolean =>
  typeof option.defaultValue === 'number' ||
  /<(count|number|round|row|lines|places|port|seconds|bytes|size)>/.test(option.flags)

const all = leaves()

describe('wrong usage ends with a usage error, which the program answers with exit code 2', () => {
  test('there are commands to be tried', () => {
    expect(all.length).toBeGreaterThan(60)
  })

  test.each(all.map((one) => [one.path.join(' '), one] as const))('%s', (_name, one) => {
    expect(codeOf(call(one, [])), 'a right call is understood').toBeNull()
    expect(codeOf([...call(one, []), '--no-such-option'])).toBe('commander.unknownOption')
    for (const option of one.command.options) {
      if (option.argChoices)
        expect(codeOf(call(one, [option.long!, 'nonsense'])), option.flags).toBe('commander.invalidArgument')
      expect(option.parseArg, `${option.flags} takes whatever Number takes`).not.toBe(Number)
      if (!countsSomething(option)) continue
      for (const wrong of ['many', '1.5.2', '', 'NaN'])
        expect(codeOf(call(one, [`${option.long!}=${wrong}`])), `${option.flags} with "${wrong}"`).toBe(
          'commander.invalidArgument'
        )
    }
    for (const { argChoices } of one.command.registeredArguments)
      if (argChoices) expect(codeOf([...one.path, 'nonsense'])).toBe('commander.invalidArgument')
  })
})
