/** Forms of requests that are rare and allowed, or that only an attacker sends: what each is answered, and that nothing ends. */
import { connect as dial } from 'node:net'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/main/hosts/connect.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../src/main/hosts/lab.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { LabServer } from '../../src/main/hosts/server/server.ts'
import { cookieName } from '../../src/main/hosts/server/security.ts'

let folder: string
let lab: Lab
let server: LabServer
let cookie: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recross-door-'))
  lab = await Lab.open({ host: 'cli', workers: forkStarter(workerEntry()), home: join(folder, 'home') })
  const renderer = join(folder, 'renderer')
  mkdirSync(renderer)
  writeFileSync(join(renderer, 'index.html'), '<h1>lab</h1>')
  server = await LabServer.start({ router: lab.router, renderer })
  const answer = await fetch(server.newEntrance())
  cookie = answer.headers.get('set-cookie')!.split(';')[0]!
})
afterAll(async () => {
  const { client, close } = await connect(server.address, server.token)
  expect((await client.lab.settings()).provider).toBe('auto')
  await close()
  await server.close()
  await lab.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Sends the lines and gives the statuses of all answers. */
function statuses(text: string): Promise<string[]> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = dial(server.port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (bytes: Buffer) => (heard += bytes.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Array.from(heard.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => status!)))
  })
}

const request = (line: string, ...headers: string[]): string => [line, ...headers, '', ''].join('\r\n')
const own = (): string => `Host: 127.0.0.1:${server.port}`
const pass = (): string => `Cookie: ${cookie}`
const last = 'Connection: close'

test.each<[string, () => string, string[]]>([
  ['with a pass, as a browser sends it', () => request('GET / HTTP/1.1', own(), pass(), last), ['200']],
  ['two hosts, ours first', () => request('GET / HTTP/1.1', own(), 'Host: evil.example', pass(), last), ['403']],
  ['two hosts, ours last', () => request('GET / HTTP/1.1', 'Host: evil.example', own(), pass(), last), ['403']],
  ['two hosts, both ours', () => request('GET / HTTP/1.1', own(), own(), pass(), last), ['403']],
  [
    'two origins, ours first',
    () =>
      request(
        'GET / HTTP/1.1',
        own(),
        `Origin: ${server.address.slice(0, -1)}`,
        'Origin: https://evil.example',
        pass(),
        last
      ),
    ['403']
  ],
  [
    'two tokens, the right one last',
    () => request('GET / HTTP/1.1', own(), 'Authorization: Bearer x', `Authorization: Bearer ${server.token}`, last),
    ['403']
  ],
  ['several cookie headers', () => request('GET / HTTP/1.1', own(), 'Cookie: a=b', pass(), last), ['200']],
  [
    'a wrong cookie of our name before the right one',
    () => request('GET / HTTP/1.1', own(), `Cookie: ${cookieName(server.port)}=x; ${cookie}`, last),
    ['200']
  ],
  [
    'a cookie of 12 kB',
    () => request('GET / HTTP/1.1', own(), `Cookie: a=${'x'.repeat(12_000)}; ${cookie}`, last),
    ['200']
  ],
  [
    'a cookie of 100 kB',
    () => request('GET / HTTP/1.1', own(), `Cookie: a=${'x'.repeat(100_000)}; ${cookie}`, last),
    ['431']
  ],
  ['3,000 cookies', () => request('GET / HTTP/1.1', own(), `Cookie: ${'a=b; '.repeat(3000)}${cookie}`, last), ['200']],
  ['HTTP/1.0 without a host', () => request('GET / HTTP/1.0', pass()), ['403']],
  ['HTTP/1.0 with our host', () => request('GET / HTTP/1.0', own(), pass()), ['200']],
  ['HTTP/0.9', () => 'GET /\r\n\r\n', ['403']],
  ['an absolute target of ours', () => request(`GET ${server.address} HTTP/1.1`, own(), pass(), last), ['400']],
  ['an absolute target of another', () => request('GET http://evil.example/ HTTP/1.1', own(), pass(), last), ['400']],
  ['a folded header', () => request('GET / HTTP/1.1', own(), 'X-A: 1', ' folded: 2', pass(), last), ['400']],
  ['a folded host', () => request('GET / HTTP/1.1', 'Host:', ` 127.0.0.1:${server.port}`, pass(), last), ['400']],
  ['a blank before the colon', () => request('GET / HTTP/1.1', own(), `Cookie : ${cookie}`, last), ['400']],
  ['two lengths', () => request('POST /code HTTP/1.1', own(), 'Content-Length: 1', 'Content-Length: 2', last), ['400']],
  [
    'length and chunks',
    () => request('POST /code HTTP/1.1', own(), 'Content-Length: 4', 'Transfer-Encoding: chunked', last),
    ['400']
  ],
  [
    'pipelined: each is judged by itself',
    () =>
      request('GET / HTTP/1.1', own(), pass()) +
      request('GET / HTTP/1.1', own()) +
      request('GET / HTTP/1.1', 'Host: evil.example', pass()) +
      request('GET / HTTP/1.1', own(), pass(), last),
    ['200', '401', '403', '200']
  ],
  [
    'pipelined behind a refused upgrade',
    () =>
      request('GET /rpc HTTP/1.1', own(), 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13') +
      request('GET / HTTP/1.1', own(), pass(), last),
    ['401']
  ],
  [
    'a request in the body of another',
    () => {
      const inner = request('GET / HTTP/1.1', own(), pass(), last)
      return `${request('POST /code HTTP/1.1', own(), `Content-Length: ${inner.length}`, last)}${inner}`
    },
    ['401']
  ]
])('%s', async (_what, text, expected) => {
  expect(await statuses(text())).toEqual(expected)
})
