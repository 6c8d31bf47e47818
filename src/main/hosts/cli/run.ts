import type { Command } from 'commander'
import type { Client } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import { fromCall, toWireError } from '../../contract/wire-error.ts'
import { HomeFolder } from '../../store/home.ts'
import { readHolder } from '../../store/home-lock.ts'
import { connect } from '../connect.ts'
import { forkStarter } from '../fork-starter.ts'
import { hostChecks } from '../host-checks.ts'
import { staleAddonNotice } from '../../machine/computed-on.ts'
import { Lab } from '../lab.ts'
import { workerEntry } from '../project.ts'
import type { CommandContext, RunCommand } from './command.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { followJob } from './follow.ts'
import { homeOf } from './home-option.ts'
import { plainText } from './plain-text.ts'
import { Streams } from './streams.ts'
import { checkWords, readWords } from './words.ts'

interface Open {
  client: Client
  close(): Promise<void>
}

/** What a command works with that lies outside of the program. */
interface Surroundings {
  /** Opens the lab of a home folder, here or where it is open already. */
  open(home: string): Promise<Open>
  /** Standard input and output, for one command. */
  streams(): Streams
}

/** Runs commands of a program with the global options --home and --json. */
export function commandRunner(
  program: Command,
  surroundings: Surroundings = { open: openLab, streams: () => new Streams() }
): RunCommand {
  return (work) =>
    async (...rest) => {
      const { json = false, quiet = false, verbose = false } = program.opts<GlobalOptions>()
      const interrupt = onInterrupt()
      const streams = surroundings.streams()
      // One document: where the result was printed already, what then stood in the way is said on stderr.
      const printed = { any: false }
      let open: Open | undefined
      try {
        await checkWords(rest)
        open = await surroundings.open(homeOf(program))
        const { client } = open
        const words = await Promise.race([readWords(rest, client, streams), interrupt.stopped])
        const context = contextOf(client, interrupt.signal, { json, quiet, verbose }, { streams, printed })
        await Promise.race([work(context, ...words), interrupt.stopped])
      } catch (thrown) {
        process.exitCode = interrupt.signal.aborted ? exitCodes.interrupted : printError(thrown, json && !printed.any)
        if (verbose && thrown instanceof Error) process.stderr.write(`${plainText(thrown.stack ?? '')}\n`)
      } finally {
        await open?.close()
        streams.remove()
        interrupt.stop()
      }
    }
}

interface GlobalOptions {
  json?: boolean
  quiet?: boolean
  verbose?: boolean
}

function contextOf(
  client: Client,
  signal: AbortSignal,
  { json, quiet, verbose }: Required<Pick<GlobalOptions, 'json' | 'quiet' | 'verbose'>>,
  { streams, printed }: { streams: Streams; printed: { any: boolean } }
): CommandContext {
  return {
    client,
    signal,
    streams,
    print: (data, text, what) => {
      // What was stopped goes on until the lab is closed; what comes out of it then is no result.
      if (signal.aborted) return
      printed.any = true
      if (!json && what === 'document') process.stdout.write(text)
      else process.stdout.write(json ? `${JSON.stringify(data, null, 2)}\n` : text === '' ? '' : `${plainText(text)}\n`)
    },
    note: (text) => {
      if (!quiet) process.stderr.write(`${plainText(text)}\n`)
    },
    follow: async (job) => {
      try {
        return await followJob(client, job, signal, quiet || (json && !process.stderr.isTTY))
      } finally {
        const lines = verbose ? await client.jobs.log({ id: job.id, tail: 1000 }).catch(() => []) : []
        for (const { time, level, text } of lines) process.stderr.write(`${plainText(`${time} ${level} ${text}`)}\n`)
      }
    }
  }
}

/** A lab in this process, or where another one holds the home and serves it, that one. */
async function openLab(home: string): Promise<Open> {
  try {
    const lab = await Lab.open({
      home,
      host: 'cli',
      workers: forkStarter(workerEntry()),
      hostChecks,
      // What an earlier lab has left is taken up by whoever stays; a command does what it was asked for.
      jobs: { onlyOwn: true }
    })
    const notice = staleAddonNotice()
    if (notice !== null) process.stderr.write(`${notice}\n`)
    return { client: lab.client, close: () => lab.close() }
  } catch (error) {
    const holder = error instanceof LabError && error.code === 'home-in-use' ? readHolder(new HomeFolder(home)) : null
    if (holder?.address == null || holder.token === null) throw error
    return connect(holder.address, holder.token)
  }
}

/**
 * The first Ctrl-C leaves the command where it is, and the lab is closed; the second one ends the process at once.
 * `stopped` rejects at the first.
 */
function onInterrupt(): { signal: AbortSignal; stopped: Promise<never>; stop(): void } {
  const controller = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as LabError))
  })
  // Where nobody is at work any more, nobody needs to hear of it.
  stopped.catch(() => undefined)
  const listener = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    process.stderr.write('\nStopping. Press Ctrl-C again to stop at once.\n')
    controller.abort(new LabError('interrupted', 'Stopped by Ctrl-C.'))
  }
  process.on('SIGINT', listener)
  process.on('SIGTERM', listener)
  const stop = () => {
    process.off('SIGINT', listener)
    process.off('SIGTERM', listener)
  }
  return { signal: controller.signal, stopped, stop }
}

/** Says what went wrong, with --json as a document on stdout, and returns the exit code for it. */
export function printError(thrown: unknown, json: boolean): number {
  const error = fromCall(thrown)
  const { code, message, cause, details } = toWireError(error)
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, details, cause } }, null, 2)}\n`)
  else
    process.stderr.write(
      `${plainText(`${message}${cause === null || cause === message ? '' : `\nCause: ${cause}`}`)}\n`
    )
  return exitCodeOf(code)
}
