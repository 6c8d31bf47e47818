import { spawn, type ChildProcess } from 'node:child_process'
import { LabError } from '../contract/error.ts'
import type { WireError } from '../contract/jobs.ts'
import { fromWireError } from '../contract/wire-error.ts'
import type { Verb, Verbs } from './agent/protocol.ts'
import { explainLoss } from './explain-loss.ts'
import { readFrames, writeFrame } from './frames.ts'

/** A program with its arguments, each for itself. */
export interface Command {
  program: string
  args: readonly string[]
}

interface Waiting {
  /** The connection does not know of which verb it is; whoever asked does. */
  resolve(answer: { value: unknown; body: Buffer }): void
  reject(error: unknown): void
}

/**
 * The lab's connection to its agent on a place: a process of its own, ssh or the agent itself, spoken to over its pipes. It is
 * opened when something is asked and opened again after a loss; what was being asked then fails with `place-lost`.
 */
export class PlaceLink {
  readonly #command: () => Promise<Command>
  readonly #where: string
  readonly #waiting = new Map<number, Waiting>()
  #child: Promise<ChildProcess> | null = null
  #number = 0
  #closed = false

  constructor(where: string, command: () => Promise<Command>) {
    this.#where = where
    this.#command = command
  }

  /** Throws what the agent threw; `place-lost` and its kinds when there is no connection. */
  async ask<V extends Verb>(verb: V, ask: Verbs[V]['ask'], body?: Uint8Array): Promise<Verbs[V]['answer']> {
    return (await this.askForBytes(verb, ask, body)).value
  }

  async askForBytes<V extends Verb>(
    verb: V,
    ask: Verbs[V]['ask'],
    body?: Uint8Array
  ): Promise<{ value: Verbs[V]['answer']; body: Buffer }> {
    if (this.#closed) throw new LabError('lab-closed', 'The lab is closing.')
    this.#child ??= this.#open()
    const child = await this.#child
    const n = ++this.#number
    const { promise, resolve, reject } = Promise.withResolvers<{ value: Verbs[V]['answer']; body: Buffer }>()
    this.#waiting.set(n, {
      resolve: ({ value, body: bytes }) => resolve({ value: value as Verbs[V]['answer'], body: bytes }),
      reject
    })
    writeFrame(child.stdin!, { n, verb, ...ask }, body)
    return promise
  }

  close(): void {
    this.#closed = true
    void this.#child?.then(
      (child) => child.kill(),
      () => undefined
    )
  }

  async #open(): Promise<ChildProcess> {
    try {
      const { program, args } = await this.#command()
      // A group of its own: Ctrl-C in a terminal is for the lab, which then closes the connection.
      const detached = process.platform !== 'win32'
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached })
      let said = ''
      const hear = (text: string) => (said = (said + text).slice(-4000))
      child.stderr.setEncoding('utf8').on('data', hear)
      // A write to a process that has just died is lost; its end tells the rest.
      child.stdin.on('error', () => undefined)
      child.on('error', (error) => hear(error.message))
      child.on('close', () => this.#lost(explainLoss(this.#where, said)))
      void this.#listen(child, (line) => void hear(`${line}\n`))
      return child
    } catch (thrown) {
      this.#child = null
      throw thrown
    }
  }

  async #listen(child: ChildProcess, stray: (line: string) => void): Promise<void> {
    try {
      for await (const { head, body } of readFrames(child.stdout!, stray)) {
        const waiting = this.#waiting.get(Number(head['n']))
        this.#waiting.delete(Number(head['n']))
        if (head['error'] === undefined) waiting?.resolve({ value: head['value'], body })
        else waiting?.reject(fromWireError(head['error'] as WireError))
      }
    } catch {
      // What came is no answer: the connection is of no use.
      child.kill()
    }
  }

  #lost(error: LabError): void {
    this.#child = null
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const one of waiting) one.reject(error)
  }
}

/** May it come back by itself? */
export function isLoss(thrown: unknown): boolean {
  return thrown instanceof LabError && (thrown.code.startsWith('place-') || thrown.code === 'slurm-unreachable')
}
