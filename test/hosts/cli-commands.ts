import { Command } from 'commander'
import { commands } from '../../src/main/hosts/cli/commands.ts'
import type { RunCommand } from '../../src/main/hosts/cli/command.ts'
import { nameUnknownCommands } from '../../src/main/hosts/cli/unknown-commands.ts'

/** A command that can be called, with the words that lead to it. */
export interface Leaf {
  readonly path: readonly string[]
  readonly command: Command
}

/** The real program, which says nothing and throws what is wrong; by default nothing is carried out. */
export function quietProgram(runner: (program: Command) => RunCommand = () => () => async () => undefined): Command {
  const program = new Command('recross-lab')
    .option('--home <folder>')
    .option('--json')
    .option('--quiet')
    .option('--verbose')
  const run = runner(program)
  for (const add of commands) add(program, run)
  nameUnknownCommands(program)
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    command.commands.forEach(quiet)
  }
  quiet(program)
  return program
}

/** Every command of the program. */
export function leaves(program: Command): Leaf[] {
  const found: Leaf[] = []
  const walk = (command: Command, path: string[]) => {
    if (command.commands.length === 0) found.push({ path, command })
    for (const inner of command.commands) walk(inner, [...path, inner.name()])
  }
  walk(program, [])
  return found
}

/** The words of a call in which everything that must be there is there; `words` says some of them by their placeholder's long name. */
export function call(
  { path, command }: Leaf,
  extra: readonly string[] = [],
  word: (placeholder: string) => string = () => 'something'
): string[] {
  const needed = command.options.flatMap((option) =>
    option.mandatory && !extra.includes(option.long!)
      ? [option.long!, option.argChoices?.[0] ?? (option.parseArg ? '1' : word(option.long!))]
      : []
  )
  const given = command.registeredArguments.map(
    (argument) => argument.argChoices?.[0] ?? (argument.parseArg ? '1' : word(`<${argument.name()}>`))
  )
  return [...path, ...given, ...needed, ...extra]
}
