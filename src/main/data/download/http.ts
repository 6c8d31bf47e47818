import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, EnvHttpProxyAgent, ProxyAgent, request, type Dispatcher } from 'undici'
import { LabError, messageOf } from '../../contract/error.ts'
import { refuseRedirect } from './redirect.ts'
import { requestWasSent } from './sent.ts'

export interface HttpOptions {
  /** Address of a proxy; null: that of the environment (HTTPS_PROXY, NO_PROXY), if any. */
  proxy: string | null
  signal: AbortSignal
  log(text: string, level?: 'info' | 'warn'): void
  /** So many tries at most; a look that somebody waits for has fewer than a download. */
  tries?: number
  /** Waits before another try, in milliseconds: the first, doubled each time up to the last. */
  firstWait?: number
  longestWait?: number
  /** A server that sends nothing for so long is given up, in milliseconds. */
  stallTime?: number
}

export interface Answer {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Dispatcher.ResponseData['body']
  /** Where the answer came from, after redirects. */
  url: string
}

const mostTries = 6
const mostRedirects = 10
/** Lists come in pages of a thousand files, about 300 bytes each; descriptions of data sets have some megabytes at most. */
const mostTextBytes = 32 << 20
const offlineCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED', 'ENETDOWN'])

/**
 * Fetches addresses: follows redirects, waits as a busy server asks (429 and 503 with Retry-After), tries again after
 * network trouble. A token goes to the first host only, and never into a log or a message.
 */
export class Http {
  readonly #options: HttpOptions
  readonly #dispatcher: Dispatcher
  readonly #token: string | null

  constructor(options: HttpOptions, token: string | null) {
    this.#options = options
    this.#token = token
    const timeouts = {
      headersTimeout: options.stallTime ?? 60_000,
      bodyTimeout: options.stallTime ?? 60_000,
      connect: { timeout: options.stallTime ?? 30_000 }
    }
    this.#dispatcher =
      options.proxy !== null
        ? new ProxyAgent({ uri: options.proxy, ...timeouts })
        : process.env['HTTPS_PROXY'] ||
            process.env['HTTP_PROXY'] ||
            process.env['https_proxy'] ||
            process.env['http_proxy']
          ? new EnvHttpProxyAgent(timeouts)
          : new Agent(timeouts)
  }

  /**
   * One answer with a status below 400, or a status in `accept`. Throws offline, server-busy, not-found, access-denied,
   * download-failed.
   */
  async get(address: string, headers: Record<string, string> = {}, accept: readonly number[] = []): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const answer = await this.#tryOnce(address, headers).catch((thrown: unknown) => {
        if (this.#options.signal.aborted || thrown instanceof LabError) throw thrown
        if (tries >= this.#mostTries) throw networkError(address, thrown)
        return thrown as Error
      })
      if (answer instanceof Error) {
        this.#options.log(`${hostOf(address)}: ${messageOf(answer)}. Trying again.`, 'warn')
        await this.wait(tries)
        continue
      }
      if (answer.status < 400 || accept.includes(answer.status)) return answer
      await answer.body.dump()
      const busy = answer.status === 429 || answer.status >= 500
      if (!busy || tries >= this.#mostTries) throw statusError(address, answer.status)
      const asked = retryAfter(answer.headers['retry-after'])
      this.#options.log(`${hostOf(address)} answers ${answer.status}. Trying again.`, 'warn')
      await this.wait(tries, asked)
    }
  }

  get #mostTries(): number {
    return this.#options.tries ?? mostTries
  }

  async text(address: string): Promise<{ text: string; headers: Answer['headers'] }> {
    const { body, headers } = await this.get(address, { accept: 'application/json', 'accept-encoding': 'identity' })
    refuseCompressed(address, { headers, body })
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length
      if (bytes > mostTextBytes) throw tooLong(address)
      chunks.push(chunk as Buffer)
    }
    return { text: Buffer.concat(chunks).toString('utf8'), headers }
  }

  /** Waits before the next try: as long as the server asked, else longer each time. */
  async wait(tries: number, askedMilliseconds: number | null = null): Promise<void> {
    const { firstWait = 1000, longestWait = 60_000, signal } = this.#options
    const usual = Math.min(longestWait, firstWait * 2 ** (tries - 1))
    await sleep(askedMilliseconds ?? usual, undefined, { signal })
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }

  async #tryOnce(address: string, headers: Record<string, string>): Promise<Answer> {
    let url = new URL(address)
    const first = url.origin
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const own = this.#token !== null && url.origin === first ? { authorization: `Bearer ${this.#token}` } : {}
      const hasToken = 'authorization' in own
      const {
        statusCode,
        headers: got,
        body
      } = await request(url, {
        dispatcher: this.#dispatcher,
        signal: this.#options.signal,
        headers: { 'user-agent': 'recross-lab', ...headers, ...own }
      }).catch((thrown: unknown) => {
        requestWasSent(url, hasToken, null)
        throw thrown
      })
      requestWasSent(url, hasToken, statusCode)
      const location = got.location
      if (statusCode < 300 || statusCode >= 400 || typeof location !== 'string')
        return { status: statusCode, headers: got, body, url: url.href }
      await body.dump()
      const next = nextAddress(location, url)
      refuseRedirect(url, next)
      url = next
    }
    throw new LabError('download-failed', `${hostOf(address)} leads in circles (${mostRedirects} redirects).`)
  }
}

function nextAddress(location: string, from: URL): URL {
  try {
    return new URL(location, from)
  } catch (cause) {
    throw new LabError('download-failed', `${from.host} sends this download on to something that is no address.`, {
      cause
    })
  }
}

/**
 * A server, or a proxy in between, that compresses what it was asked to send as it is: sizes and checksums, and going on after
 * an interruption, would all be of something else. Throws `server-compresses`.
 */
export function refuseCompressed(address: string, { headers, body }: Pick<Answer, 'headers' | 'body'>): void {
  const encoding = headers['content-encoding']
  if (encoding === undefined || encoding === '' || encoding === 'identity') return
  // A body that nobody reads says that it was cut off, and nobody would hear that either.
  body.on('error', () => undefined).destroy()
  throw new LabError(
    'server-compresses',
    `${hostOf(address)} sends the file compressed (${String(encoding).slice(0, 40)}) although it was asked to send it as it is; perhaps a proxy in between does that. Use another mirror or proxy, or download the file by hand and import it.`,
    { details: { host: hostOf(address), encoding: String(encoding) } }
  )
}

function tooLong(address: string): LabError {
  return new LabError(
    'answer-too-long',
    `${hostOf(address)} answers with more than ${mostTextBytes >> 20} MB where a list of files or a description was asked for, so it was not read to its end. Check the address of the mirror, or download the files by hand and import them.`,
    { details: { host: hostOf(address), mostBytes: mostTextBytes } }
  )
}

/** Seconds, or a date. Nobody waits longer than an hour. */
function retryAfter(value: string | string[] | undefined): number | null {
  if (typeof value !== 'string') return null
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.min(3600, Math.max(0, seconds)) * 1000 : null
}

export function networkError(address: string, thrown: unknown): LabError {
  const code = codeOf(thrown)
  if (code !== null && offlineCodes.has(code))
    return new LabError(
      'offline',
      `${hostOf(address)} cannot be reached: this computer seems to be offline, or the address is blocked. ` +
        `Connect it, set a proxy or a mirror in Settings, or copy the files from another computer and install them from there.`,
      { cause: thrown, details: { host: hostOf(address) } }
    )
  return new LabError(
    'download-failed',
    `The connection to ${hostOf(address)} failed again and again (${messageOf(thrown)}). Try again later: what has ` +
      `arrived is kept.`,
    { cause: thrown, details: { host: hostOf(address) } }
  )
}

function statusError(address: string, status: number): LabError {
  const host = hostOf(address)
  const details = { host, status, path: new URL(address).pathname }
  if (status === 401 || status === 403)
    return new LabError(
      'access-denied',
      `${host} refuses access to ${details.path} (${status}). If it is gated, accept its terms on its page, then save ` +
        `your Hugging Face token in Settings. If it is private, the token needs access to it.`,
      { details }
    )
  if (status === 404)
    return new LabError('not-on-server', `${host} has nothing at ${details.path}. Check the name and the revision.`, {
      details
    })
  if (status === 429 || status >= 500)
    return new LabError('server-busy', `${host} is too busy or out of order (${status}). Try again later.`, { details })
  return new LabError('download-failed', `${host} answers ${status} to ${details.path}.`, { details })
}

export function hostOf(address: string): string {
  return new URL(address).host
}

function codeOf(thrown: unknown): string | null {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string' && offlineCodes.has(error.code)) return error.code
    if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  }
  return null
}
