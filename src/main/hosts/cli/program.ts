import { Command, CommanderError, Option } from 'commander'
import { labVersion } from '../project.ts'
import { commands } from './commands.ts'
import { addCompletion } from './completion.ts'
import { exitCodes } from './exit-codes.ts'
import { addOpen } from './open.ts'
import { commandRunner } from './run.ts'
import { addSchema } from './schema.ts'
import { addServe } from './serve.ts'
import { nameUnknownCommands } from './unknown-commands.ts'
import { addWorker } from './worker.ts'

/** Runs the command line and sets the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const program = new Command('recross-lab')
    .description('ReCross Lab on the command line: retrieve, tune, evaluate, compare.')
    .version(labVersion())
    .option('--home <folder>', "the lab's home folder (else RECROSS_LAB_HOME, else the usual place)")
    .option('--json', 'print one JSON document instead of text')
    .addOption(new Option('--quiet', 'say nothing on the way: only the result, and errors').conflicts('verbose'))
    .option('--verbose', "say the jobs' own log lines as well, and where errors come from")
    .exitOverride()
    .addHelpText('after', codesHelp)
  addServe(program)
  addOpen(program)
  addWorker(program)
  const run = commandRunner(program)
  for (const add of commands) add(program, run)
  addSchema(program)
  addCompletion(program)
  nameUnknownCommands(program)
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return
    process.exitCode = exitCodes.usage
    const { message } = error
    if (!argv.includes('--json')) return
    process.stdout.write(`${JSON.stringify({ error: { code: 'usage', message } }, null, 2)}\n`)
  }
}

const codesHelp = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the home is held by another process,
4 a job did not finish, 5 an id or name means nothing or several things,
6 what would be written is there already, 130 stopped by Ctrl-C.`
