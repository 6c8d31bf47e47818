import { Command, CommanderError, Option } from 'commander'
import { commands } from '../../src/main/hosts/cli/commands.ts'
import { addCompletion } from '../../src/main/hosts/cli/completion.ts'
import { addOpen } from '../../src/main/hosts/cli/open.ts'
import { addSchema } from '../../src/main/hosts/cli/schema.ts'
import { addServe } from '../../src/main/hosts/cli/serve.ts'
import { addWorker } from '../../src/main/hosts/cli/worker.ts'

/** The real command line, every command of which does nothing. */
function idleProgram(): Command {
  const program = new Command('recross-lab')
    .option('--home <folder>')
    .option('--json')
    .addOption(new Option('--quiet').conflicts('verbose'))
    .option('--verbose')
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
  for (const add of [addServe, addOpen, addWorker]) add(program)
  for (const add of commands) add(program, () => async () => undefined)
  addSchema(program)
  addCompletion(program)
  for (const command of everyCommand(program)) command.action(() => undefined)
  return program
}

function everyCommand(program: Command): Command[] {
  return program.commands.flatMap((one) => (one.commands.length > 0 ? everyCommand(one) : [one]))
}

/**
 * What the real command line says against a line that a document or a screen shows.
 * @param line `npm run lab -- …` or `recross-lab …`, as a shell reads it
 * @returns null where it understands the line
 */
export async function complaintAbout(line: string): Promise<string | null> {
  const words = shellWords(line.replace(/^(npm run (--silent )?lab( --)?|recross-lab)\s*/, ''))
  try {
    await idleProgram().parseAsync(words, { from: 'user' })
    return null
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? null : error.message
    throw error
  }
}

/** Words of a shell's line: blanks part them, quotes and backslashes keep what they hold; a comment ends it. */
export function shellWords(line: string): string[] {
  const words: string[] = []
  for (const [found] of line.matchAll(/#.*$|(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g)) {
    if (found.startsWith('#')) break
    words.push(
      found.replace(
        /'([^']*)'|"([^"]*)"|\\(.)/g,
        (_, single?: string, double?: string, one?: string) => single ?? double ?? one ?? ''
      )
    )
  }
  return words
}
