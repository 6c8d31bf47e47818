import type { Command } from 'commander'
import { nearestName } from '../../naming/nearest-name.ts'

/**
 * Lets every group of commands say which of them was probably meant. A group that lists when it is called alone takes every word that is no command of it for one word too many of the list. What is meant
 * is a command, and there is none of that name.
 */
export function nameUnknownCommands(program: Command): void {
  for (const group of program.commands) nameUnknown(group)
}

function nameUnknown(group: Command): void {
  for (const usual of group.commands.filter(({ registeredArguments }) => registeredArguments.length === 0)) {
    usual.allowExcessArguments(true)
    usual.hook('preAction', () => {
      const [word] = usual.args
      if (word === undefined) return
      if (group.args[0] === usual.name())
        usual.error(
          `error: too many arguments for '${usual.name()}'. Expected 0 arguments but got ${usual.args.length}: ${usual.args.join(', ')}.`,
          { code: 'commander.excessArguments' }
        )
      const names = group.commands.map((command) => command.name())
      const near = nearestName(word, names)
      group.error(
        `error: unknown command '${word}' of '${group.name()}'\n(${near === null ? `There are: ${names.join(', ')}` : `Did you mean ${near}?`})`,
        { code: 'commander.unknownCommand' }
      )
    })
  }
}
