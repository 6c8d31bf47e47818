import { plainImport } from '../../../src/main/contract/kinds/data.ts'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JobInput } from '../../../src/main/contract/jobs.ts'
import { download, type DownloadSettings } from '../../../src/main/data/download/download.ts'
import { HubServer, type Trouble } from '../hub-server.ts'

const content = randomBytes(300_000)
const quick: DownloadSettings = { firstWait: 5, longestWait: 20, stallTime: 300, freeBytes: () => 1e12 }

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'download-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

interface Try {
  files?: string[]
  folder?: string
  token?: string | null
  mirror?: string
  proxy?: string | null
  signal?: AbortSignal
  settings?: DownloadSettings
  source?: JobInput<'download'>['source']
  cache?: string
  progress?: (done: number) => void
}

async function fetchFrom(hub: HubServer, options: Try = {}) {
  const folder = options.folder ?? newFolder()
  const log: string[] = []
  const output = await download(
    {
      catalogId: null,
      kind: 'model',
      name: 'x',
      source: options.source ?? {
        type: 'hub',
        repo: 'some/model',
        repoType: 'model',
        revision: 'main',
        files: options.files ?? [],
        configs: [],
        splits: []
      },
      mirror: options.mirror ?? hub.address,
      proxy: options.proxy ?? null,
      token: options.token ?? null,
      importAs: plainImport('upstream', 0),
      cache: options.cache ?? null
    },
    folder,
    {
      report: ({ done }) => options.progress?.(done),
      log: (text) => log.push(text),
      paused: async () => undefined,
      signal: options.signal ?? new AbortController().signal
    },
    { ...quick, ...options.settings }
  )
  return { output, folder, log }
}

async function hubWith(trouble?: Trouble): Promise<HubServer> {
  const hub = await HubServer.start()
  hub.files.set('some/model/config.json', { content: Buffer.from('{"model_type":"bart"}') })
  hub.files.set('some/model/model.safetensors', { content, lfs: true, ...(trouble ? { trouble } : {}) })
  hub.files.set('some/model/pytorch_model.bin', { content, lfs: true })
  hub.files.set('some/model/README.md', { content: Buffer.from('read me') })
  hub.files.set('some/model/1_Pooling/config.json', { content: Buffer.from('{}') })
  return hub
}

const gets = (hub: HubServer) => hub.requests.filter(({ path }) => path === '/storage/some/model/model.safetensors')

describe('a repository', () => {
  it('comes with the files that the lab needs, checked, in folders', async () => {
    const hub = await hubWith()
    const { folder, output } = await fetchFrom(hub)
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      '1_Pooling',
      join('1_Pooling', 'config.json'),
      'config.json',
      'model.safetensors'
    ])
    expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true)
    expect(output.files).toHaveLength(3)
  })

  it('or with those that are named, `**` standing for any folders or none', async () => {
    const { output, folder } = await fetchFrom(await hubWith(), { files: ['*.md', '**/config.json'] })
    expect(output.files.map((file) => relative(folder, file.path)).sort()).toEqual([
      join('1_Pooling', 'config.json'),
      'README.md',
      'config.json'
    ])
  })

  it('is not fetched twice', async () => {
    const hub = await hubWith()
    const { folder } = await fetchFrom(hub)
    const before = gets(hub).length
    await fetchFrom(hub, { folder })
    expect(gets(hub)).toHaveLength(before)
  })

  it('copied by hand into the folder counts as fetched; a wrong copy does not', async () => {
    const hub = await hubWith()
    const folder = newFolder()
    writeFileSync(join(folder, 'model.safetensors'), content)
    await fetchFrom(hub, { folder })
    expect(gets(hub)).toHaveLength(0)
    writeFileSync(join(folder, 'model.safetensors'), Buffer.alloc(content.length))
    await fetchFrom(hub, { folder })
    expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true)
  })
})

describe('a server that', () => {
  it.each<[string, Trouble]>([
    ['cuts the connection', { kind: 'cut', times: 1 }],
    ['cuts it again and again', { kind: 'cut', times: 5 }],
    ['stalls', { kind: 'stall', times: 1 }],
    ['is slow', { kind: 'slow', times: 1 }],
    ['is busy, in seconds', { kind: 'busy', times: 2, retryAfter: '0' }],
    ['is busy, until a date', { kind: 'busy', times: 1, retryAfter: new Date(Date.now() - 1000).toUTCString() }],
    ['is out of order for a while', { kind: 'unavailable', times: 3 }],
    ['promises too little', { kind: 'short-length', times: 1 }],
    ['sends something else first', { kind: 'corrupt', times: 1 }],
    ['changes the file in between', { kind: 'changes', times: 1 }]
  ])('%s is coped with', async (_, trouble) => {
    const hub = await hubWith(trouble)
    const { folder } = await fetchFrom(hub)
    expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true)
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  })

  it('cuts the connection is asked for the rest only', async () => {
    const hub = await hubWith({ kind: 'cut', times: 1 })
    await fetchFrom(hub)
    const [first, second] = gets(hub)
    expect(first!.range).toBeUndefined()
    expect(Number(/bytes=(\d+)-/.exec(second!.range ?? '')?.[1])).toBeGreaterThan(100_000)
  })

  it('knows no ranges is asked for everything', async () => {
    const hub = await hubWith({ kind: 'no-ranges', times: 0 })
    const folder = newFolder()
    writeFileSync(join(folder, 'model.safetensors.part'), content.subarray(0, 1000))
    writeFileSync(join(folder, 'model.safetensors.part.json'), JSON.stringify({ etag: '"x"' }))
    await fetchFrom(hub, { folder })
    expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true)
  })

  it.each<[string, (hub: HubServer) => void, string]>([
    [
      'always sends something else',
      (hub) => (hub.files.get('some/model/model.safetensors')!.trouble = { kind: 'corrupt', times: 99 }),
      'checksum-wrong'
    ],
    [
      'lies about the checksum',
      (hub) => (hub.files.get('some/model/model.safetensors')!.listed = { sha256: 'f'.repeat(64) }),
      'checksum-wrong'
    ],
    [
      'lists more than it has',
      (hub) => (hub.files.get('some/model/model.safetensors')!.listed = { size: 400_000 }),
      'size-wrong'
    ],
    [
      'lists less than it sends',
      (hub) => (hub.files.get('some/model/model.safetensors')!.listed = { size: 200_000 }),
      'size-wrong'
    ],
    [
      'is busy for good',
      (hub) => (hub.files.get('some/model/model.safetensors')!.trouble = { kind: 'busy', times: 99 }),
      'server-busy'
    ],
    [
      'leads in circles',
      (hub) => (hub.files.get('some/model/model.safetensors')!.trouble = { kind: 'loop', times: 99 }),
      'download-failed'
    ],
    [
      'leads to a file of this computer',
      (hub) => (hub.files.get('some/model/model.safetensors')!.trouble = { kind: 'elsewhere', times: 99 }),
      'redirect-refused'
    ],
    [
      'lists paths that lead out',
      (hub) => (hub.files.get('some/model/config.json')!.listed = { path: '../../config.json' }),
      'unsafe-path'
    ],
    ['wants a token', (hub) => hub.statuses.set('some/model', 401), 'access-denied'],
    ['wants the terms accepted', (hub) => hub.statuses.set('some/model', 403), 'access-denied'],
    ['knows no such repository', (hub) => hub.files.clear(), 'not-on-server'],
    [
      'has no weights',
      (hub) => ['model.safetensors', 'pytorch_model.bin'].forEach((name) => hub.files.delete(`some/model/${name}`)),
      'hub-nothing-to-fetch'
    ],
    [
      'is no hub',
      (hub) => hub.pages.set('/api/models/some/model/tree/main', (_, response) => void response.end('<html>')),
      'hub-answer'
    ]
  ])('%s is told', async (title, prepare, code) => {
    const hub = await hubWith()
    prepare(hub)
    const files = title.includes('paths') ? ['**'] : []
    await expect(fetchFrom(hub, { files })).rejects.toMatchObject({ code })
  })
})

it('goes on after an interruption where it was', async () => {
  const hub = await hubWith({ kind: 'slow', times: 99 })
  const folder = newFolder()
  const stop = new AbortController()
  const progress = (done: number) => {
    if (done > 150_000) stop.abort()
  }
  await expect(fetchFrom(hub, { folder, signal: stop.signal, progress })).rejects.toThrow()
  expect(existsSync(join(folder, 'model.safetensors'))).toBe(false)
  await fetchFrom(hub, { folder })
  expect(Number(/bytes=(\d+)-/.exec(gets(hub).at(-1)!.range ?? '')?.[1])).toBeGreaterThan(100_000)
  expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true)
})

it('sends the token to the hub only, and never writes it down', async () => {
  const hub = await hubWith({ kind: 'unavailable', times: 1 })
  hub.token = 'hf_secret'
  const { log, folder } = await fetchFrom(hub, { token: 'hf_secret' })
  expect(
    hub.requests
      .filter(({ host }) => host.startsWith('localhost'))
      .every(({ authorization }) => authorization === undefined)
  ).toBe(true)
  expect(
    hub.requests
      .filter(({ path }) => path.startsWith('/api/'))
      .every(({ authorization }) => authorization === 'Bearer hf_secret')
  ).toBe(true)
  expect(log.join('\n')).not.toContain('hf_secret')
  for (const name of readdirSync(folder))
    if (name.endsWith('.json')) expect(readFileSync(join(folder, name), 'utf8')).not.toContain('hf_secret')
  await expect(fetchFrom(hub, { token: 'hf_wrong' })).rejects.toMatchObject({
    code: 'access-denied',
    message: expect.not.stringContaining('hf_wrong') as string
  })
})

it('says so when the computer is offline, and when the disk has no room', async () => {
  const hub = await hubWith()
  await expect(fetchFrom(hub, { mirror: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'offline' })
  await expect(fetchFrom(hub, { settings: { freeBytes: () => 100_000_000 } })).rejects.toMatchObject({
    code: 'disk-full'
  })
  expect(gets(hub)).toHaveLength(0)
})

it('goes through a proxy', async () => {
  const hub = await hubWith()
  const through: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket, head) => {
    through.push(request.url!)
    const [host, port] = request.url!.split(':')
    const server = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      server.write(head)
      server.pipe(socket)
      socket.pipe(server)
    })
    server.on('error', () => socket.destroy())
    socket.on('error', () => server.destroy())
  })
  proxy.on('request', (request, response) => {
    through.push(new URL(request.url!).host)
    void fetch(request.url!, { redirect: 'manual' }).then(async (answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  const { output } = await fetchFrom(hub, { proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })
  expect(output.files).toHaveLength(3)
  expect(through.length).toBeGreaterThan(0)
})

describe('Google Drive', () => {
  const source = {
    type: 'drive',
    fileId: 'abc',
    folderId: null,
    fileName: 'upstream.json',
    page: 'https://drive.google.com/file/d/abc/view'
  } as const
  const file = Buffer.from('[["q",["a"],"t|train|x|#1"]]')
  const html = (text: string) => `<!DOCTYPE html><html><body>${text}</body></html>`
  const asPage = { 'content-type': 'text/html; charset=utf-8' }

  it.each([
    ['directly', null],
    [
      'after the page that asks to go on',
      '<form id="download-form" action="/download" method="get"><input type="hidden" name="id" value="abc"><input type="hidden" name="confirm" value="t&amp;1"><input type="submit" value="Download anyway"></form>'
    ],
    [
      'after the older page',
      '<a id="uc-download-link" href="/uc?export=download&amp;confirm=t%261&amp;id=abc">Download anyway</a>'
    ]
  ])('hands out a file %s', async (_, page) => {
    const hub = await HubServer.start()
    const serve = (url: URL, response: import('node:http').ServerResponse) => {
      if (page !== null && url.searchParams.get('confirm') !== 't&1') {
        response.writeHead(200, asPage)
        return void response.end(html(page))
      }
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': String(file.length) })
      response.end(file)
    }
    for (const path of ['/uc', '/download']) hub.pages.set(path, (_, response, url) => serve(url, response))
    const { output } = await fetchFrom(hub, { source, settings: { drive: hub.address } })
    expect(readFileSync(output.files[0]!.path).equals(file)).toBe(true)
  })

  it.each([
    ['asks to sign in', 200, html('Sign in to continue to Google Drive')],
    ['has handed it out too often', 200, html('Quota exceeded: too many users have viewed or downloaded this file')],
    ['forbids it', 403, html('no')]
  ])('that %s: told where to put the file, and a file put there is taken', async (_, status, page) => {
    const hub = await HubServer.start()
    hub.pages.set('/uc', (_, response) => {
      response.writeHead(status, asPage)
      response.end(page)
    })
    const folder = newFolder()
    const at = join(folder, 'upstream.json')
    const options = { source, folder, settings: { drive: hub.address } }
    await expect(fetchFrom(hub, options)).rejects.toMatchObject({
      code: 'drive-refused',
      message: expect.stringContaining(at) as string,
      details: { page: source.page, putAt: at }
    })
    mkdirSync(folder, { recursive: true })
    writeFileSync(at, file)
    const { output } = await fetchFrom(hub, options)
    expect(output.files).toMatchObject([{ path: at, bytes: file.length }])
  })
  const listed = (name: string, id: string) =>
    `<div class="flip-entry" id="entry-${id}" tabindex="0"><div class="flip-entry-info"><a href="https://drive.google.com/file/d/${id}/view?usp=drive_web"><div class="flip-entry-title">${name}</div></a></div></div>`
  const inFolder = { ...source, fileId: null, folderId: 'shared' }

  it('looks a file up by its name in a shared folder', async () => {
    const hub = await HubServer.start()
    hub.pages.set('/embeddedfolderview', (_, response, url) => {
      response.writeHead(200, asPage)
      const id = url.searchParams.get('id')
      response.end(html(id === 'shared' ? listed('T0 &amp; more.json', 'one') + listed('upstream.json', 'two-2') : ''))
    })
    hub.pages.set('/uc', (_, response, url) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' })
      response.end(url.searchParams.get('id') === 'two-2' ? file : 'the wrong one')
    })
    const { output } = await fetchFrom(hub, { source: inFolder, settings: { drive: hub.address } })
    expect(readFileSync(output.files[0]!.path).equals(file)).toBe(true)
  })

  it.each([
    ['does not list it', 200, html(listed('upstream.json.bak', 'x'))],
    ['asks to sign in', 200, html('Sign in')],
    ['is gone', 404, html('no')]
  ])('where the folder %s: told where to put the file', async (_, status, page) => {
    const hub = await HubServer.start()
    hub.pages.set('/embeddedfolderview', (_, response) => {
      response.writeHead(status, asPage)
      response.end(page)
    })
    const download = fetchFrom(hub, { source: inFolder, settings: { drive: hub.address } })
    await expect(download).rejects.toMatchObject({ code: 'drive-refused', details: { page: source.page } })
  })

  it('is not begun where the disk has no room for it', async () => {
    const hub = await HubServer.start()
    hub.pages.set('/uc', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': String(file.length) })
      response.end(file)
    })
    const settings = { drive: hub.address, freeBytes: () => (500 << 20) + file.length - 1 }
    await expect(fetchFrom(hub, { source, settings })).rejects.toMatchObject({ code: 'disk-full' })
  })
})
