import type { ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { portMessage } from '../../../main/contract/bridge.ts'
import { createClient } from './client.ts'
import type { Client } from './client.ts'
import { AwayError } from './problem.ts'

type Link = ClientLink<Record<never, never>>

/** Where the page that lets a browser in leaves the key of this origin; the cookie alone opens nothing. */
const keyPlace = 'recross-lab.key'
const socketProtocol = 'recross-lab'
const patience = 4000
const waits = [250, 500, 1000, 2000, 4000]

/**
 * The wire to the backend. Under Electron one message port that lives as long as the page; in a browser a WebSocket
 * that is opened anew whenever it breaks. Calls made while it is away wait a few seconds, then fail with AwayError.
 */
export class Connection {
  status = $state<'connecting' | 'online' | 'away'>('connecting')
  readonly client: Client
  #link: Link | null = null
  #waiting: ((link: Link) => void)[] = []
  #attempt = 0
  #onOnline: (() => void)[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    this.client = createClient(() => this.#ready())
  }

  /** Calls back at the first contact and after every return: the moment to ask for the current state. */
  onOnline(callback: () => void): void {
    this.#onOnline.push(callback)
  }

  open(): void {
    if (window.recross) this.#openPort()
    else this.#openSocket()
  }

  /** Tries again now instead of at the next pause's end. */
  retry(): void {
    clearTimeout(this.#timer)
    if (this.status !== 'online') this.open()
  }

  #openPort(): void {
    const { port1, port2 } = new MessageChannel()
    window.postMessage(portMessage, '*', [port2])
    port1.start()
    this.#online(new PortLink({ port: port1 }))
  }

  #openSocket(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const key = localStorage.getItem(keyPlace)
    const socket = new WebSocket(`${scheme}://${location.host}/rpc`, key === null ? [] : [socketProtocol, key])
    socket.binaryType = 'arraybuffer'
    let opened = false
    socket.addEventListener('open', () => {
      opened = true
      this.#online(new SocketLink({ websocket: socket }))
    })
    socket.addEventListener('close', () => {
      this.#away()
      if (!opened) void leaveIfShutOut(key)
    })
  }

  #online(link: Link): void {
    this.#link = link
    this.#attempt = 0
    this.status = 'online'
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve(link)
    for (const callback of this.#onOnline) callback()
  }

  #away(): void {
    this.#link = null
    this.status = 'away'
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.open(), waits[Math.min(this.#attempt++, waits.length - 1)])
  }

  #ready(): Promise<Link> {
    if (this.#link) return Promise.resolve(this.#link)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((entry) => entry !== accept)
        reject(new AwayError('The lab did not answer.'))
      }, patience)
      const accept = (link: Link): void => {
        clearTimeout(timer)
        resolve(link)
      }
      this.#waiting.push(accept)
    })
  }
}

/** A socket that is refused looks like a lab that is away. The page says which, and what to do. */
async function leaveIfShutOut(key: string | null): Promise<void> {
  try {
    const { status } = await fetch('/session', { headers: key === null ? {} : { 'x-recross-key': key } })
    if (status === 401) location.replace('/again')
  } catch {
    // Nobody answers: the lab is away, and the next attempt comes by itself.
  }
}
