import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import type { Client } from '../contract/client.ts'
import { LabError } from '../contract/error.ts'

export interface Connection {
  client: Client
  close: () => Promise<void>
}

/** A machine that computes on all cores may take seconds to say yes. */
const answerMilliseconds = 30_000

/** Connects to a lab that another process serves. Throws `no-answer`. */
export async function connect(address: string, token: string): Promise<Connection> {
  const socket = new WebSocket(new URL('/rpc', address.replace(/^http/, 'ws')), {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: answerMilliseconds
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', (cause) => reject(noAnswer(address, cause)))
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return {
    client: createORPCClient(linkOver(socket)),
    close: () => {
      socket.close()
      return closed
    }
  }
}

/** ws types the options of its listeners more narrowly than a browser's socket, to which the link's types are cut. */
export function linkOver(socket: WebSocket): RPCLink<Record<never, never>> {
  return new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
}

/** Asks a lab that another process serves for an address that lets one browser in, once. Throws `no-answer`. */
export async function requestEntrance(address: string, token: string): Promise<string> {
  const answer = await fetch(new URL('/code', address), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(answerMilliseconds)
  }).catch((cause: unknown) => {
    throw noAnswer(address, cause)
  })
  if (!answer.ok) throw noAnswer(address, `status ${answer.status}`)
  return (await answer.text()).trim()
}

function noAnswer(address: string, cause: unknown): LabError {
  return new LabError(
    'no-answer',
    `The lab at ${address} did not answer within ${answerMilliseconds / 1000} seconds. Where the computer is very busy, it goes on working: try again when it is less so. Where it stays silent, close it and start it again.`,
    { cause }
  )
}
