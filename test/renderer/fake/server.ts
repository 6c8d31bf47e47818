import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { fakeRouter, scenarios } from './router.ts'

/**
 * Serves the built screens (out/renderer) with the fake backend: `node test/renderer/fake/server.ts [port]`.
 * `?scenario=empty|usual|slow|failing|broken|huge|offline|cluster` chooses the state of the world. The page's own address does
 * not reach the socket, so a cookie says it there.
 */
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2'
}

export async function startFake(
  port = 0,
  root = process.env['RECROSS_RENDERER'] ?? join(import.meta.dirname, '../../../out/renderer')
) {
  const server = createServer((request, response) => {
    void (async () => {
      const asked = new URL(request.url ?? '/', 'http://x')
      // Where a page asks whether it is still let in; the fake lets everybody in.
      if (asked.pathname === '/session') return void response.writeHead(204).end()
      if (asked.pathname === '/')
        response.setHeader('set-cookie', `scenario=${asked.searchParams.get('scenario') ?? 'usual'}; SameSite=Strict`)
      const path = join(root, normalize(decodeURIComponent(asked.pathname)).replace(/\/$/, '/index.html'))
      const info = path.startsWith(root) ? await stat(path).catch(() => null) : null
      if (!info?.isFile()) return void response.writeHead(404).end()
      response.writeHead(200, {
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        'cache-control': 'no-store'
      })
      createReadStream(path).pipe(response)
    })()
  })
  let refused = false
  const sockets = new WebSocketServer({ server, path: '/rpc', verifyClient: () => !refused })
  sockets.on('connection', (socket, request) => {
    const asked = /scenario=(\w+)/.exec(request.headers.cookie ?? '')?.[1]
    const scenario = scenarios.find((name) => name === asked) ?? 'usual'
    void new RPCHandler(fakeRouter(scenario)).upgrade(socket, { context: {} })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`
  return {
    url,
    /** From now on (no) new connections. */
    refuse: (refuse: boolean) => {
      refused = refuse
    },
    /** Cuts all connections, as a lab that is restarted would. */
    cut: () => {
      for (const socket of sockets.clients) socket.terminate()
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets.clients) socket.terminate()
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
}

if (import.meta.main) {
  const { url } = await startFake(Number(process.argv[2] ?? 4173))
  console.log(url)
}
