import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How one file is served, besides properly. Each kind of trouble happens on the first `times` requests for it. */
export interface Trouble {
  kind:
    | 'cut'
    | 'busy'
    | 'unavailable'
    | 'stall'
    | 'slow'
    | 'no-ranges'
    | 'short-length'
    | 'too-much'
    | 'corrupt'
    | 'changes'
    | 'loop'
    | 'elsewhere'
  times: number
  /** Seconds or a date, for busy. */
  retryAfter?: string
}

export interface HubFile {
  content: Buffer
  lfs?: boolean
  trouble?: Trouble
  /** What the list says instead of the truth. */
  listed?: { size?: number; sha256?: string; path?: string }
}

/**
 * A hub in this process: lists repositories and serves their files as the real one does (redirect to another host name,
 * ranges, ETags), or badly as told. `requests` keeps what was asked, with the headers.
 */
export class HubServer {
  readonly requests: { path: string; range: string | undefined; authorization: string | undefined; host: string }[] = []
  /** By `owner/name/path`; or by `owner/name@branch/path` where a repository has several branches. */
  readonly files = new Map<string, HubFile>()
  /** Answers for whole repositories, e.g. 401. */
  readonly statuses = new Map<string, number>()
  /** Other pages by path. */
  readonly pages = new Map<string, (request: IncomingMessage, response: ServerResponse, url: URL) => void>()
  token: string | null = null
  readonly #server: Server
  readonly #served = new Map<string, number>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(): Promise<HubServer> {
    const server = createServer((request, response) => hub.#answer(request, response))
    const hub = new HubServer(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return hub
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Where files really lie: another origin, as with the hub's storage. */
  get storage(): string {
    return this.address.replace('127.0.0.1', 'localhost')
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, this.address)
    const path = decodeURIComponent(url.pathname)
    const { range, authorization, host } = request.headers
    this.requests.push({ path, range, authorization, host: host ?? '' })
    const page = this.pages.get(path)
    if (page) return page(request, response, url)
    const repo = /^\/(?:api\/(?:models|datasets)\/|datasets\/|storage\/)?([^/]+\/[^/]+)/.exec(path)?.[1] ?? ''
    const status = this.statuses.get(repo)
    if (status !== undefined) return end(response, status, 'no')
    if (this.token !== null && path.startsWith('/api/') && authorization !== `Bearer ${this.token}`)
      return end(response, 401, 'who are you')
    const list = /^\/api\/(?:models|datasets)\/([^/]+\/[^/]+)\/tree\/(.+)$/.exec(path)
    if (list) return this.#list(this.#branch(list[1]!, list[2]!), url, response)
    const resolve = /^\/(?:datasets\/)?([^/]+\/[^/]+)\/resolve\/(refs\/convert\/parquet|[^/]+)\/(.+)$/.exec(path)
    if (resolve) {
      const name = `${this.#branch(resolve[1]!, resolve[2]!)}/${resolve[3]}`
      if (!this.files.has(name)) return end(response, 404, 'nothing')
      if (this.#troubled(name, 'loop')) return redirect(response, request.url!)
      if (this.#troubled(name, 'elsewhere', false)) return redirect(response, 'file:///etc/passwd')
      return redirect(response, `${this.storage}/storage/${encodeURI(name)}?signature=x`)
    }
    const stored = /^\/storage\/(.+)$/.exec(path)
    if (stored && this.files.has(stored[1]!)) return this.#serve(stored[1]!, request, response)
    return end(response, 404, 'nothing')
  }

  /** Where a repository's files of a branch are kept. */
  #branch(repo: string, revision: string): string {
    return [...this.files.keys()].some((name) => name.startsWith(`${repo}@`)) ? `${repo}@${revision}` : repo
  }

  /** Two entries a page, as a hub with many files pages its lists. */
  #list(repo: string, url: URL, response: ServerResponse): void {
    const names = [...this.files.keys()].filter((name) => name.startsWith(`${repo}/`))
    if (names.length === 0) return end(response, 404, 'no such repository')
    const from = Number(url.searchParams.get('cursor') ?? 0)
    const entries = names.slice(from, from + 2).map((name) => {
      const { content, lfs, listed } = this.files.get(name)!
      const size = listed?.size ?? content.length
      const sha256 = listed?.sha256 ?? createHash('sha256').update(content).digest('hex')
      const git = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
      return {
        type: 'file',
        path: listed?.path ?? name.slice(repo.length + 1),
        size,
        oid: git,
        ...(lfs ? { lfs: { oid: sha256, size } } : {})
      }
    })
    const next = new URL(url)
    next.searchParams.set('cursor', String(from + 2))
    const link =
      from + 2 < names.length ? { link: `<https://huggingface.co${next.pathname}${next.search}>; rel="next"` } : {}
    response.writeHead(200, { 'content-type': 'application/json', ...link })
    response.end(JSON.stringify(entries))
  }

  #serve(name: string, request: IncomingMessage, response: ServerResponse): void {
    const file = this.files.get(name)!
    let { content } = file
    const { trouble } = file
    if (this.#troubled(name, 'busy')) return end(response, 429, 'busy', { 'retry-after': trouble!.retryAfter ?? '0' })
    if (this.#troubled(name, 'unavailable')) return end(response, 503, 'out of order')
    if (this.#troubled(name, 'corrupt')) content = Buffer.concat([Buffer.from('#'), content.subarray(1)])
    if (this.#troubled(name, 'too-much')) content = Buffer.concat([content, Buffer.from('and more')])
    const changed = this.#troubled(name, 'changes')
    if (changed) content = Buffer.from(content.map((byte) => byte ^ 1))
    const etag = `"${createHash('md5').update(content).digest('hex')}"`
    const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const sameFile = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
    const part = asked !== null && sameFile && trouble?.kind !== 'no-ranges'
    const start = part ? Number(asked[1]) : 0
    const until = part && asked[2] !== '' ? Number(asked[2]) + 1 : content.length
    if (start >= content.length && start > 0)
      return end(response, 416, '', { 'content-range': `bytes */${content.length}` })
    const body = content.subarray(start, until)
    const headers: Record<string, string> = { etag, 'content-length': String(body.length) }
    // A server that knows parts gives the whole as a part too where an end was named.
    const partial = start > 0 || until < content.length || (part && asked[2] !== '')
    if (partial) headers['content-range'] = `bytes ${start}-${start + body.length - 1}/${content.length}`
    if (this.#troubled(name, 'short-length')) headers['content-length'] = String(Math.ceil(body.length / 2))
    response.writeHead(partial ? 206 : 200, headers)
    const half = body.subarray(0, Math.ceil(body.length / 2))
    if (changed || this.#troubled(name, 'cut')) {
      response.write(half, () => setTimeout(() => response.destroy(), 20))
    } else if (this.#troubled(name, 'stall')) response.write(half)
    else if (trouble?.kind === 'slow') void drip(response, body)
    else if (headers['content-length'] !== String(body.length)) {
      response.write(half)
      response.end()
    } else response.end(body)
  }

  /** Whether this request is one of those that go wrong in this way; counts it. */
  #troubled(name: string, kind: Trouble['kind'], once = true): boolean {
    const { trouble } = this.files.get(name)!
    if (trouble?.kind !== kind) return false
    const count = (this.#served.get(name) ?? 0) + 1
    if (once) this.#served.set(name, count)
    return count <= trouble.times
  }
}

async function drip(response: ServerResponse, body: Buffer): Promise<void> {
  const step = Math.ceil(body.length / 20)
  for (let at = 0; at < body.length; at += step) {
    response.write(body.subarray(at, at + step))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  response.end()
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location })
  response.end()
}

function end(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers)
  response.end(text)
}
