import { resolve } from 'node:path'
import { toWireError } from '../../contract/wire-error.ts'
import { keepToOwner } from '../../files/private.ts'
import { readFrames, writeFrame } from '../frames.ts'
import { Agent } from './agent.ts'

/**
 * The entry of the lab's agent on a place: `node place-agent.js <root> <worker entry>`. It answers on its standard output what is
 * asked on its standard input, listens to nothing else, and ends when that is closed. Jobs that it started live on.
 */
const [root, worker] = process.argv.slice(2)
if (root === undefined || worker === undefined) {
  process.stderr.write('The agent is started by the lab, not by hand.\n')
  process.exit(2)
}
keepToOwner()
// What has been begun is ended first: an array that was handed in and not written down would be handed in again. Submitting holds
// this process, so that a signal is heard after it.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => process.exit(143))
const agent = new Agent(resolve(root), resolve(worker))
for await (const { head, body } of readFrames(process.stdin, () => undefined)) {
  const { n, verb, ...ask } = head
  try {
    const { value, bytes } = await agent.answer(String(verb), ask, body)
    writeFrame(process.stdout, { n, value }, bytes)
  } catch (thrown) {
    writeFrame(process.stdout, { n, error: toWireError(thrown) })
  }
}
