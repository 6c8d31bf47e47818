import { CommanderError, type Option } from 'commander'
import { describe, expect, test } from 'vitest'
import { call, leaves, quietProgram } from './cli-commands.ts'

function codeOf(words: readonly string[]): string | null {
  try {
    quietProgram().parse(words, { from: 'user' })
    return null
  } catch (thrown) {
    return thrown instanceof CommanderError ? thrown.code : 'crash'
  }
}

/** What the flags call a number, or is one unless said otherwise. */
const countsSomething = (option: Option): boolean =>
  typeof option.defaultValue === 'number' ||
  /<(count|number|round|row|lines|places|port|seconds|bytes|size)>/.test(option.flags)

const all = leaves(quietProgram())

describe('wrong usage ends with a usage error, which the program answers with exit code 2', () => {
  test('there are commands to be tried', () => {
    expect(all.length).toBeGreaterThan(60)
  })

  test.each(all.map((one) => [one.path.join(' '), one] as const))('%s', (_name, one) => {
    expect(codeOf(call(one)), 'a right call is understood').toBeNull()
    expect(codeOf([...call(one), '--no-such-option'])).toBe('commander.unknownOption')
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

describe('a word that is no command of its group', () => {
  const groups = quietProgram().commands.filter(({ commands: inner }) => inner.length > 0)
  test.each(groups.map((group) => group.name()))('%s', (name) => {
    expect(codeOf([name, 'nonsense'])).toBe('commander.unknownCommand')
    expect(codeOf([name, 'nonsense', 'more'])).toBe('commander.unknownCommand')
  })

  test('a word too many of a list is still one', () => {
    expect(codeOf(['jobs', 'list', 'nonsense'])).toBe('commander.excessArguments')
    expect(codeOf(['jobs', 'list'])).toBeNull()
    expect(codeOf(['jobs'])).toBeNull()
  })
})
