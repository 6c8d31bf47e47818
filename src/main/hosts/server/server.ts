import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { sendErrors, type Router } from '../../api/index.ts'
import { LabError, messageOf } from '../../contract/error.ts'
import type { Settings } from '../../contract/settings.ts'
import { staticFile } from '../static-files.ts'
import { letInPage, plain, shutOutPage } from './door-pages.ts'
import { Entrance, newToken } from './entrance.ts'
import { peerOf } from './peer-user.ts'
import {
  allowedHosts,
  contentSecurityPolicy,
  cookieName,
  cookiesOf,
  hasBearer,
  securityHeaders,
  targetOf,
  wrongHost,
  wrongOrigin
} from './security.ts'

export interface ServerOptions {
  router: Router
  /** Folder of the built screens. */
  renderer: string
  /** The language that is chosen for the screens, at the time; the system's where nobody chooses. */
  language?: () => Settings['language']
  /** 0 takes any free port. */
  port?: number
  /** Loopback only; anything else is refused. */
  host?: string
  /** Given by the development server, which passes calls on; else a new one for each run. */
  token?: string | undefined
  /** Host and port of a page that is served by the development server on this machine. */
  page?: string | undefined
}

/** Largest message a client may send, in bytes: an upload's chunk fits, a flood does not. */
export const largestMessage = 16 * 1024 * 1024
const loopback = ['127.0.0.1', 'localhost']
/** The subprotocol under which a page opens its socket; its key is offered beside it, as a page can set no header. */
export const socketProtocol = 'recross-lab'

/**
 * The lab in a browser: screens over HTTP and the router over WebSocket, for this machine and this user only. A browser is let
 * in by a code that works once; commands bring the token that lies in the home. Whatever is sent, by whomever, the process goes on.
 */
export class LabServer {
  /** For commands of this user, who find it in the home. It stands in no address and no command line. */
  readonly token: string
  readonly #entrance = new Entrance()
  readonly #server: Server
  readonly #sockets: WebSocketServer
  readonly #renderer: string
  readonly #language: () => Settings['language']
  readonly #page: string | undefined

  /** Throws `not-loopback`, `port-in-use`. */
  static async start(options: ServerOptions): Promise<LabServer> {
    const { host = '127.0.0.1', port = 0 } = options
    if (!loopback.includes(host)) {
      throw new LabError(
        'not-loopback',
        `The lab serves this machine only: "${host}" is not a loopback address. Use 127.0.0.1, and reach it from elsewhere through ssh -L.`
      )
    }
    const server = new LabServer(options)
    await server.#listen(port)
    return server
  }

  private constructor({ router, renderer, language = () => 'system', token, page }: ServerOptions) {
    this.token = token ?? newToken()
    this.#page = page
    this.#renderer = renderer
    this.#language = language
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => brokenAnswer(response, error))
    })
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy())
      this.#upgrade(request, socket, head).catch(() => socket.destroy())
    })
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: largestMessage,
      perMessageDeflate: false,
      handleProtocols: (offered) => offered.has(socketProtocol) && socketProtocol
    })
    const handler = new RPCHandler(router, { clientInterceptors: [sendErrors] })
    this.#sockets.on('connection', (socket) => {
      // A message that is too large or broken closes its socket; the client comes back with a new one.
      socket.on('error', () => socket.terminate())
      handler.upgrade(socket, { context: {} }).catch(() => socket.terminate())
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}/`
  }

  /** An address that lets one browser in, once, within ten minutes. */
  newEntrance(): string {
    return `${this.address}enter?code=${this.#entrance.newCode()}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  #hosts(): readonly string[] {
    return [...allowedHosts(this.port), ...(this.#page === undefined ? [] : [this.#page])]
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) =>
        reject(new LabError('port-in-use', `Port ${port} cannot be used. Choose another with --port.`, { cause }))
      )
      this.#server.listen(port, '127.0.0.1', resolve)
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hosts = this.#hosts()
    const host = wrongHost(request, hosts)
    if (host !== null) return plain(response, 403, `Refused: ${host}.`)
    const target = targetOf(request)
    if (target === null) return plain(response, 400, 'This is no address of the lab.')
    // The address may be clicked in a mail or lie in a file: who brings a code may come from anywhere.
    const origin = target.pathname === '/enter' ? null : wrongOrigin(request, hosts)
    if (origin !== null) return plain(response, 403, `Refused: ${origin}.`)
    if (request.method === 'POST' && target.pathname === '/code') return this.#giveCode(request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(response, 405, 'Only GET.')
    if (target.pathname === '/enter') return this.#enter(request, response, target.searchParams.get('code') ?? '')
    if (target.pathname === '/session') return this.#checkSession(request, response)
    if (target.pathname === '/again' || !(await this.#maySee(request))) return shutOutPage(response, 'no-session')
    const file = await staticFile(this.#renderer, target.pathname, this.#language())
    if (file === null) return plain(response, 404, 'There is no such page.')
    response.writeHead(200, {
      ...securityHeaders,
      'content-security-policy': contentSecurityPolicy(`ws://${request.headers.host ?? ''}`),
      'content-type': file.mediaType,
      'content-length': file.body.length,
      'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store'
    })
    response.end(request.method === 'HEAD' ? undefined : file.body)
  }

  /** Exchanges a code for a session. What only looks at an address (a preview, a prefetch) must not use it up. */
  async #enter(request: IncomingMessage, response: ServerResponse, code: string): Promise<void> {
    if (request.method === 'HEAD' || request.headers['sec-purpose'] !== undefined) return plain(response, 503, '')
    if (this.#entrance.knows(code)) {
      if (await strange(request)) return plain(response, 403, 'Refused: another user of this machine.')
      const session = this.#entrance.exchange(code)
      if (session !== null) return letInPage(response, cookieName(this.port), session)
    }
    // A second click on the same address, in the browser that was let in, leads to the screens.
    if (!(await this.#maySee(request))) return shutOutPage(response, 'worn-code')
    response.writeHead(303, { ...securityHeaders, 'cache-control': 'no-store', location: '/' })
    response.end()
  }

  /** A command of this user asks for an address for a browser. */
  async #giveCode(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!hasBearer(request, this.token) || (await strange(request))) return plain(response, 401, 'Refused: no token.')
    plain(response, 200, this.newEntrance())
  }

  /** Tells a page whose socket was refused whether it is still let in: a browser says no more than "closed". */
  async #checkSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = request.headers['x-recross-key']
    const open = await this.#mayCall(request, typeof key === 'string' ? [key] : [])
    plain(response, open ? 200 : 401, open ? 'yes' : 'no')
  }

  async #maySee(request: IncomingMessage): Promise<boolean> {
    const cookies = cookiesOf(request, cookieName(this.port))
    if (!this.#entrance.hasCookie(cookies) && !hasBearer(request, this.token)) return false
    return !(await strange(request))
  }

  async #mayCall(request: IncomingMessage, keys: readonly string[]): Promise<boolean> {
    const cookies = cookiesOf(request, cookieName(this.port))
    if (!this.#entrance.opens(cookies, keys) && !hasBearer(request, this.token)) return false
    return !(await strange(request))
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const hosts = this.#hosts()
    if (wrongHost(request, hosts) !== null || wrongOrigin(request, hosts) !== null)
      return refuse(socket, '403 Forbidden')
    if (targetOf(request)?.pathname !== '/rpc') return refuse(socket, '404 Not Found')
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim())
    if (!(await this.#mayCall(request, offered))) return refuse(socket, '401 Unauthorized')
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#sockets.emit('connection', opened, request))
  }
}

async function strange({ socket }: IncomingMessage): Promise<boolean> {
  return (await peerOf(socket)) === 'other-user'
}

/** A mistake of ours while answering costs this one answer. */
function brokenAnswer(response: ServerResponse, error: unknown): void {
  process.stderr.write(`Answering a request failed: ${messageOf(error)}\n`)
  if (response.headersSent) response.destroy()
  else plain(response, 500, 'The lab could not answer this.')
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
