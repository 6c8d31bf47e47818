import type { Command } from 'commander'
import type { Client } from '../../contract/client.ts'
import type { Job } from '../../contract/jobs.ts'
import type { Streams } from './streams.ts'

/** What a command gets to work with. */
export interface CommandContext {
  /** The whole backend: in this process, or the one that another process serves from the same home. */
  readonly client: Client
  /** Aborted by Ctrl-C. Jobs that run in this process stop with it and can be resumed. */
  readonly signal: AbortSignal
  /** Standard input and output as files. */
  readonly streams: Streams
  /**
   * The result on stdout: the text for people, or the data as one JSON document with --json. Called once. A `document` is for programs:
   * it goes out as it stands, where a text for people shows control characters as what they are.
   */
  readonly print: (data: unknown, text: string, what?: 'document') => void
  /** Something on the way, on stderr. */
  readonly note: (text: string) => void
  /** Shows a job's progress until it is over. Throws its error if it did not finish. */
  readonly follow: (job: Job) => Promise<Job>
}

/** Adds one command with its subcommands to the program. One file per command in this folder, listed in commands.ts. */
export type AddCommand = (program: Command, run: RunCommand) => void

/**
 * Makes a commander action of a command's work: opens the lab, runs, closes it, prints errors, sets the exit code.
 *
 *     program.command('models').action(run(async ({ client, print }) => { … }))
 *
 * Arguments and options of commander come after the context: `run(async (context, id: string, options: { … }) => …)`. What their
 * placeholders name (`meanings.ts`) has been seen to: things are ids, files whole paths, nothing is overwritten unasked.
 */
export type RunCommand = <Arguments extends unknown[]>(
  work: (context: CommandContext, ...rest: Arguments) => Promise<void>
) => (...rest: Arguments) => Promise<void>
