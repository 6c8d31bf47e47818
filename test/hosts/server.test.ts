import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect as dial } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { connect, requestEntrance } from '../../src/main/hosts/connect.ts'
import { codeLifetime, Entrance } from '../../src/main/hosts/server/entrance.ts'
import { largestMessage, LabServer, socketProtocol } from '../../src/main/hosts/server/server.ts'
import { newHome, openLab } from './fixture.ts'

async function serving() {
  const lab = await openLab()
  const renderer = join(newHome(), 'renderer')
  mkdirSync(join(renderer, 'assets'), { recursive: true })
  writeFileSync(join(renderer, 'index.html'), '<html lang="en"><h1>lab</h1>')
  writeFileSync(join(renderer, 'assets', 'a-1234.js'), 'export {}')
  writeFileSync(join(renderer, '..', 'secret.json'), '"secret"')
  const server = await LabServer.start({
    router: lab.router,
    renderer,
    language: () => lab.services.store.settings.get().language
  })
  onTestFinished(() => server.close())
  const { cookie, key } = await enter(server)
  return { lab, server, cookie, key, host: `127.0.0.1:${server.port}` }
}

/** What a browser has after it opened a fresh address. */
async function enter(server: LabServer) {
  const answer = await fetch(server.newEntrance())
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
  const key = /setItem\("recross-lab.key","([\w-]+)"\)/.exec(await answer.text())![1]!
  return { cookie, key }
}

/** A request with exactly these headers and this path; fetch would set and tidy them. */
function get(port: number, path: string, headers: Record<string, string>) {
  return new Promise<{ status: number; body: string; headers: Record<string, unknown> }>((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, headers, setHost: headers['host'] === undefined },
      (response) => {
        let body = ''
        response.on('data', (chunk: Buffer) => (body += chunk.toString()))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
      }
    )
    sent.on('error', reject)
    sent.end()
  })
}

/** Tries to open the socket; the HTTP status it was refused with, or 101. */
function upgrade(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const { key, ...sent } = headers
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, key === undefined ? [] : [socketProtocol, key], {
      headers: sent
    })
    socket.on('open', () => {
      socket.close()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      socket.terminate()
    })
    socket.on('error', () => undefined)
  })
}

test('the printed address lets one browser in, once; then it has a cookie that scripts cannot read', async () => {
  const { server } = await serving()
  const address = server.newEntrance()
  const entered = await fetch(address)
  const cookie = entered.headers.get('set-cookie')!
  expect(cookie).toContain('HttpOnly')
  expect(cookie).toContain('SameSite=Strict')
  expect(entered.headers.get('referrer-policy')).toBe('no-referrer')
  expect(await entered.text()).not.toContain(server.token)
  const page = await fetch(server.address, { headers: { cookie: cookie.split(';')[0]! } })
  expect(await page.text()).toContain('<h1>lab</h1>')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(page.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/)
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')

  const again = await fetch(address)
  expect(again.status).toBe(401)
  expect(again.headers.get('set-cookie')).toBeNull()
  expect(await again.text()).toContain('has been used already')
  const same = await fetch(address, { redirect: 'manual', headers: { cookie: cookie.split(';')[0]! } })
  expect([same.status, same.headers.get('location')]).toEqual([303, '/'])
})

test('what only looks at an address does not use it up', async () => {
  const { server } = await serving()
  const address = server.newEntrance()
  expect((await fetch(address, { method: 'HEAD' })).status).toBe(503)
  expect((await fetch(address, { headers: { 'sec-purpose': 'prefetch;prerender' } })).status).toBe(503)
  expect((await fetch(address, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200)
})

test('a code is worthless after ten minutes', () => {
  let now = 0
  const entrance = new Entrance(() => now)
  const [early, late] = [entrance.newCode(), entrance.newCode()]
  now = codeLifetime
  expect(entrance.exchange(early)).not.toBeNull()
  now++
  expect(entrance.exchange(late)).toBeNull()
})

test('the cookie that other ports of this machine see opens nothing without the key of this origin', async () => {
  const { server, cookie, key } = await serving()
  const stolen = await enter(server)
  expect(await upgrade(server.port, '/rpc', { cookie })).toBe(401)
  expect(await upgrade(server.port, '/rpc', { cookie, key: stolen.key })).toBe(401)
  expect(await upgrade(server.port, '/rpc', { key })).toBe(401)
  expect(await upgrade(server.port, '/rpc', { cookie, key })).toBe(101)
  const session = (headers: Record<string, string>) => fetch(`${server.address}session`, { headers })
  expect((await session({ cookie })).status).toBe(401)
  expect((await session({ cookie, 'x-recross-key': key })).status).toBe(200)
})

test('a browser without a pass reads how it gets one, and a command of this user gets an address for it', async () => {
  const { server } = await serving()
  const page = await fetch(server.address)
  expect(page.status).toBe(401)
  expect(await page.text()).toContain('npm run lab -- open')
  const address = await requestEntrance(server.address, server.token)
  expect((await fetch(address)).status).toBe(200)
  await expect(requestEntrance(server.address, 'guessed')).rejects.toMatchObject({ code: 'no-answer' })
})

test.each<[string, (at: { host: string; cookie: string; key: string }) => Record<string, string>, number]>([
  ['without a token', ({ host }) => ({ host }), 401],
  ['with a wrong token', ({ host }) => ({ host, cookie: 'recross-1=x', authorization: 'Bearer x' }), 401],
  ['under another name', ({ cookie }) => ({ cookie, host: 'evil.example' }), 403],
  ['under another port', ({ cookie }) => ({ cookie, host: '127.0.0.1:1' }), 403],
  ['from another origin', ({ cookie, host }) => ({ cookie, host, origin: 'http://evil.example' }), 403],
  ['from another local port', ({ cookie, host }) => ({ cookie, host, origin: 'http://127.0.0.1:1' }), 403],
  ['from a sandboxed page', ({ cookie, host }) => ({ cookie, host, origin: 'null' }), 403],
  ['from a page elsewhere', ({ cookie, host }) => ({ cookie, host, 'sec-fetch-site': 'cross-site' }), 403],
  ['from a page on another port', ({ cookie, host }) => ({ cookie, host, 'sec-fetch-site': 'same-site' }), 403]
])('a request %s is refused, as page and as socket', async (_, headers, status) => {
  const { server, cookie, key, host } = await serving()
  expect((await get(server.port, '/', headers({ host, cookie, key }))).status).toBe(status)
  expect(await upgrade(server.port, '/rpc', { ...headers({ host, cookie, key }), key })).toBe(status)
})

test('the right secrets open the socket, by cookie and key or by header, and only at its place', async () => {
  const { server, cookie, key, host } = await serving()
  expect(await upgrade(server.port, '/rpc', { cookie, key, origin: `http://${host}` })).toBe(101)
  expect(await upgrade(server.port, '/rpc', { authorization: `Bearer ${server.token}` })).toBe(101)
  expect(await upgrade(server.port, '/elsewhere', { cookie, key })).toBe(404)
})

test.each([
  '/../secret.json',
  '/%2e%2e/secret.json',
  '/..%2fsecret.json',
  '/assets/../../secret.json',
  '//etc/passwd',
  '/%00',
  '/%',
  '/nothing.js'
])('the path %s leads nowhere', async (path) => {
  const { server, cookie } = await serving()
  const { status, body } = await get(server.port, path, { cookie })
  expect(status).toBe(404)
  expect(body).not.toContain('secret"')
})

test('only GET is answered', async () => {
  const { server, cookie } = await serving()
  expect((await fetch(server.address, { method: 'POST', headers: { cookie }, body: 'x' })).status).toBe(405)
})

test.each(['0.0.0.0', '::', '192.168.1.10', 'example.org'])('binding %s is refused', async (host) => {
  const lab = await openLab()
  await expect(LabServer.start({ router: lab.router, renderer: newHome(), host })).rejects.toMatchObject({
    code: 'not-loopback'
  })
})

test('a port that is taken is named', async () => {
  const { server, lab } = await serving()
  await expect(LabServer.start({ router: lab.router, renderer: newHome(), port: server.port })).rejects.toMatchObject({
    code: 'port-in-use'
  })
})

test('a message that is too large closes its socket; the lab and other sockets go on', async () => {
  const { server } = await serving()
  const other = await connect(server.address, server.token)
  onTestFinished(() => other.close())
  const flood = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, {
    headers: { authorization: `Bearer ${server.token}` }
  })
  const closed = new Promise<number>((resolve) => flood.on('close', resolve))
  flood.on('error', () => undefined)
  await new Promise((resolve) => flood.once('open', resolve))
  flood.send(Buffer.alloc(largestMessage + 1))
  expect([1006, 1009]).toContain(await closed)
  expect((await other.client.lab.settings()).provider).toBe('auto')
})

test('bytes that are no HTTP do not bring the server down', async () => {
  const { server, cookie, key } = await serving()
  await new Promise<void>((resolve) => {
    const socket = dial(server.port, '127.0.0.1', () => socket.end('\u0000\u0001 nonsense\r\n\r\n'))
    socket.on('close', () => resolve())
    socket.on('error', () => undefined)
    socket.resume()
  })
  const rubbish = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, [socketProtocol, key], { headers: { cookie } })
  rubbish.on('error', () => undefined)
  await new Promise((resolve) => rubbish.once('open', resolve))
  rubbish.send('this is no request')
  rubbish.send(Buffer.from([1, 2, 3]))
  await new Promise((resolve) => setTimeout(resolve, 50))
  rubbish.terminate()
  expect((await get(server.port, '/', { cookie })).status).toBe(200)
})

test('the page says which language is chosen, as it is at the time', async () => {
  const { lab, server, cookie, host } = await serving()
  const page = async () => (await get(server.port, '/', { host, cookie })).body
  expect(await page()).toContain('<html lang="en" data-language="system">')
  await lab.client.lab.saveSettings({ language: 'de' })
  expect(await page()).toContain('<html lang="de" data-language="de">')
})
