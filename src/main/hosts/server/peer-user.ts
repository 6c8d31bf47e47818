import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/** Who is at the other end of a connection on this machine; `unknown` where the system does not tell. */
export type Peer = 'same-user' | 'other-user' | 'unknown'

const known = new WeakMap<Socket, Promise<Peer>>()

/**
 * Linux lists the owner of every connection. The address that opens a browser stands in that browser's command line, which
 * every user of the machine can read: so a code, a cookie and a token are taken only from this user's own programs, and
 * from root, who can read all of the home anyway. Asked once per connection.
 */
export function peerOf(socket: Socket): Promise<Peer> {
  const found = known.get(socket) ?? ask(socket)
  known.set(socket, found)
  return found
}

async function ask({ remoteAddress, remotePort, localPort }: Socket): Promise<Peer> {
  const self = process.getuid?.()
  if (process.platform !== 'linux' || self === undefined) return 'unknown'
  if (remoteAddress === undefined || remotePort === undefined || localPort === undefined) return 'unknown'
  // A program may reach an IPv4 address through an IPv6 socket, which stands in the other table.
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '')
    const owner = ownerIn(text, { address: remoteAddress, port: remotePort, to: localPort })
    if (owner === 'closed') return 'other-user'
    if (owner !== null) return owner === self || owner === 0 ? 'same-user' : 'other-user'
  }
  return 'unknown'
}

/** Owner of the connection from `address`:`port` to `to`. A socket that its program has closed belongs to nobody any more. */
export function ownerIn(table: string, end: { address: string; port: number; to: number }): number | 'closed' | null {
  const local = `${hexOf(end.address)}:${hex(end.port)}`
  for (const line of table.split('\n').slice(1)) {
    const [, from = '', to = '', , , , , user = '', , inode] = line.trim().split(/\s+/)
    if (from.endsWith(local) && to.endsWith(`:${hex(end.to)}`)) return inode === '0' ? 'closed' : Number(user)
  }
  return null
}

/** An IPv4 address as the table writes it: eight digits, the bytes in the machine's order. */
function hexOf(address: string): string {
  const bytes = Buffer.from((address.split(':').at(-1) ?? '').split('.').map(Number))
  return bytes.length === 4 ? bytes.readUInt32LE().toString(16).toUpperCase().padStart(8, '0') : 'none'
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}
