import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { fetchFile } from '../../../src/main/data/download/fetch-file.ts'
import { Http } from '../../../src/main/data/download/http.ts'
import { listHub } from '../../../src/main/data/download/hub.ts'
import { refuseRedirect } from '../../../src/main/data/download/redirect.ts'
import { HubServer } from '../hub-server.ts'

function newHttp(token: string | null = null): Http {
  const signal = new AbortController().signal
  const http = new Http(
    { proxy: null, signal, log: () => undefined, firstWait: 1, longestWait: 2, stallTime: 2000 },
    token
  )
  onTestFinished(() => http.close())
  return http
}
const source = { repo: 'some/model', repoType: 'model' as const, revision: 'main', files: [] }

const addresses: [string, string, boolean][] = [
  ['https://hub.example/a', 'https://storage.example/b', true],
  ['http://mirror.example/a', 'http://storage.example/b', true],
  ['http://mirror.example/a', 'https://storage.example/b', true],
  ['https://hub.example/a', 'https://hub.example/b', true],
  ['http://127.0.0.1:80/a', 'http://localhost:90/b', true],
  ['http://localhost/a', 'http://[::1]/b', true],
  ['http://10.0.0.1/a', 'http://10.0.0.2/b', true],
  ['https://hub.example/a', 'http://hub.example/a', false],
  ['https://127.0.0.1/a', 'http://127.0.0.1/a', false],
  ...[
    'localhost',
    'a.localhost',
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0.0.0.0',
    '169.254.169.254',
    '[::1]',
    '[::]'
  ].map((host): [string, string, boolean] => ['http://hub.example/a', `http://${host}/`, false]),
  ...['[::ffff:127.0.0.1]', '[::ffff:169.254.169.254]', '[fe80::1]'].map((host): [string, string, boolean] => [
    'http://hub.example/a',
    `http://${host}:8080/`,
    false
  ]),
  ...['file:///etc/passwd', 'ftp://hub.example/a', 'data:text/plain,x', 'javascript:1', 'about:blank'].map(
    (to): [string, string, boolean] => ['http://127.0.0.1/a', to, false]
  )
]

test.each(addresses)('a download from %s sent on to %s is followed: %s', (from, to, followed) => {
  const follow = () => refuseRedirect(new URL(from), new URL(to))
  if (followed) expect(follow).not.toThrow()
  else expect(follow).toThrow(expect.objectContaining({ code: 'redirect-refused' }) as Error)
})

test.each(['http://[', 'http://', '//', 'http://a:99999/'])(
  'a redirect to nonsense (%s) ends with a sentence',
  async (to) => {
    const hub = await HubServer.start()
    hub.pages.set('/x', (_, response) => response.writeHead(302, { location: to }).end())
    await expect(newHttp().get(`${hub.address}/x`)).rejects.toMatchObject({ code: 'download-failed' })
  }
)

test('redirects end: in circles, and one after another for ever', async () => {
  const hub = await HubServer.start()
  let asked = 0
  for (const path of ['/x', '/y'])
    hub.pages.set(path, (_, response) => {
      asked++
      response.writeHead(302, { location: `${path === '/x' ? '/y' : '/x'}?${asked}` }).end()
    })
  await expect(newHttp().get(`${hub.address}/x`)).rejects.toMatchObject({ code: 'download-failed' })
  expect(asked).toBeLessThan(20)
})

test('a token goes to its own host alone, wherever it is sent on to', async () => {
  const hub = await HubServer.start()
  const got: (string | undefined)[] = []
  const other = createServer((request, response) => {
    got.push(request.headers.authorization)
    response.end('ok')
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const there = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
  hub.pages.set('/x', (_, response) => response.writeHead(302, { location: there }).end())
  hub.pages.set('/y', (_, response) => response.writeHead(307, { location: `${hub.storage}/z` }).end())
  hub.pages.set('/z', (request, response) => {
    got.push(request.headers.authorization)
    response.end('ok')
  })
  const http = newHttp('hf_secret')
  await http.text(`${hub.address}/x`)
  await http.text(`${hub.address}/y`)
  expect(got).toEqual([undefined, undefined])
  expect(hub.requests.filter(({ path }) => path !== '/z').map(({ authorization }) => authorization)).toEqual([
    'Bearer hf_secret',
    'Bearer hf_secret'
  ])
})

test('a list of files that never ends, or is larger than any, is given up with a sentence', async () => {
  const hub = await HubServer.start()
  let sent = 0
  hub.pages.set('/api/models/some/model/tree/main', (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = () => {
      while (!response.destroyed) {
        sent += 1 << 20
        if (!response.write(Buffer.alloc(1 << 20, ' '))) return void response.once('drain', more)
      }
    }
    more()
  })
  await expect(listHub(newHttp(), source, hub.address)).rejects.toMatchObject({ code: 'answer-too-long' })
  expect(sent).toBeLessThan(80 << 20)
})

test('pages that link to each other for ever are given up with a sentence', async () => {
  const hub = await HubServer.start()
  hub.pages.set('/api/models/some/model/tree/main', (_, response, url) => {
    const page = Number(url.searchParams.get('cursor') ?? 0)
    const next = `${hub.address}/api/models/some/model/tree/main?cursor=${page + 1}`
    response.writeHead(200, { link: `<${next}>; rel="next"` }).end('[]')
  })
  await expect(listHub(newHttp(), source, hub.address)).rejects.toMatchObject({ code: 'endless-listing' })
})

test.each(['gzip', 'br', 'deflate', 'zstd'])(
  'a server that sends %s although it was asked not to is named',
  async (encoding) => {
    const hub = await HubServer.start()
    hub.pages.set('/file', (request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity')
      response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync('x'.repeat(1000)))
    })
    const folder = mkdtempSync(join(tmpdir(), 'download-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const http = newHttp()
    for (const bytes of [null, 10, 100_000])
      await expect(
        fetchFile(
          http,
          { url: `${hub.address}/file`, path: join(folder, 'file'), bytes, checksum: null },
          () => undefined
        )
      ).rejects.toMatchObject({ code: 'server-compresses' })
    await expect(http.text(`${hub.address}/file`)).rejects.toMatchObject({ code: 'server-compresses' })
    expect(readdirSync(folder)).toEqual([])
  }
)
