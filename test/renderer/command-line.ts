import { Command } from 'commander'
import { commands } from '../../src/main/hosts/cli/commands.ts'
import type { CommandContext } from '../../src/main/hosts/cli/command.ts'
import { Streams } from '../../src/main/hosts/cli/streams.ts'
import { readWords } from '../../src/main/hosts/cli/words.ts'
import { contract } from '../../src/main/contract/routes.ts'
import { shellWords } from '../hosts/parse-command.ts'
import type { Client } from '../../src/renderer/src/api/client.ts'
import { checkoutCommand } from '../../src/renderer/src/state/shell.ts'

/** What was asked of the lab: the name of the route and the input as the backend gets it, with the contract's defaults. */
export interface Asked {
  route: string
  input: unknown
}

interface Listened {
  client: Client
  asked: Asked[]
  /** Called with the name of every route that is asked for; where it says so, no answer comes. */
  heard: (route: string) => boolean
}

/** The same client, with a list of all that is asked of it. */
export function listened(client: Client): Listened {
  const asked: Asked[] = []
  const over = (inner: object, path: readonly string[]): object =>
    new Proxy(inner, {
      get(_target, name) {
        const value: unknown = Reflect.get(inner, name)
        if (typeof name === 'symbol' || (typeof value !== 'object' && typeof value !== 'function')) return value
        return over(value as object, [...path, name])
      },
      apply(_target, _this, parameters: unknown[]) {
        const route = path.join('.')
        asked.push({ route, input: taken(path, parameters[0]) })
        // Whoever has asked what was waited for goes no further.
        if (listener.heard(route)) return new Promise(() => undefined)
        return (inner as (...given: unknown[]) => unknown)(...parameters)
      }
    })
  const listener: Listened = { client: over(client, []) as Client, asked, heard: () => false }
  return listener
}

/** An input with the defaults that the contract's schema of its route puts in. */
function taken(path: readonly string[], input: unknown): unknown {
  const route = path.reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], contract)
  const { inputSchema } = (route as { '~orpc': { inputSchema?: { parse(input: unknown): unknown } } })['~orpc']
  return inputSchema === undefined ? input : inputSchema.parse(input)
}

/**
 * Types a command into the real command line.
 *
 * @returns what is asked of the lab, up to the first question at `until`: what a command does with what it has begun is another matter
 * @throws what a user would read: unknown commands, options and values, and what a command says for itself
 */
export async function type(command: string, client: Client, until: string): Promise<Asked[]> {
  const line = listened(client)
  const there = new Promise<void>((resolve) => {
    line.heard = (route) => {
      if (route === until) resolve()
      return route === until
    }
  })
  await Promise.race([there, run(command, line.client)])
  return line.asked
}

async function run(command: string, client: Client): Promise<void> {
  if (!command.startsWith(`${checkoutCommand} `)) throw new Error(`No command of the lab: ${command}`)
  const program = new Command('recross-lab').exitOverride().configureOutput({ writeErr: () => undefined })
  const streams = new Streams()
  const context: CommandContext = {
    client,
    signal: new AbortController().signal,
    streams,
    print: () => undefined,
    note: () => undefined,
    follow: (job) => Promise.resolve(job)
  }
  for (const add of commands)
    add(
      program,
      (work) =>
        async (...rest) =>
          work(context, ...(await readWords(rest, client, streams)))
    )
  for (const each of everyCommand(program)) each.exitOverride().configureOutput({ writeErr: () => undefined })
  await program.parseAsync(shellWords(command.slice(checkoutCommand.length + 1)), { from: 'user' })
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}
