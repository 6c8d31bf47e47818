import { randomBytes } from 'node:crypto'
import { connect as dial, type Socket } from 'node:net'
import fc from 'fast-check'

/** A lab that is served, and what a browser that was let in has. */
export interface Door {
  port: number
  cookie: string
  key: string
}

export interface DoorCounts {
  requests: number
  /** Requests that were answered with a status, by that status. */
  statuses: Record<string, number>
  /** Answers that a sender without a secret must never get: a socket, or a page of the screens. */
  letIn: string[]
}

/** How long an answer is waited for; what is malformed is often never answered. */
const patience = 150
const atOnce = 40

const awkward = fc.constantFrom(
  '//', '///', '/\\', '//evil.example', '/%', '/%00', '/%ff', '/..', '/../../etc/passwd', '*', '', '?', '#', 'http://', 'http://[',
  'http://[::1', 'https://evil.example/', '/rpc//', '//rpc', '/rpc?x=%', '/enter', '/enter?code=', '/enter?code=%00', '/code', '/session',
  '/again', '/rpc', '/', '/\u0000', '/ü', '/'.repeat(5000), `/${'a'.repeat(9000)}`, 'http://127.0.0.1:99999/', '/?token=x', '/:80', 'javascript:1'
) // prettier-ignore
const target = fc.oneof({ weight: 8, arbitrary: awkward }, fc.string({ unit: 'binary', maxLength: 60 }), fc.webUrl())
const method = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'CONNECT', 'OPTIONS', 'TRACE', 'PUT', 'get', 'PRI')
  },
  fc.string({ maxLength: 12 })
)
const version = fc.oneof(
  { weight: 8, arbitrary: fc.constant('HTTP/1.1') },
  fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', '')
)
const headerName = fc.constantFrom(
  'Origin', 'Cookie', 'Authorization', 'Sec-Fetch-Site', 'Sec-Purpose', 'Upgrade', 'Connection', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version',
  'Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions', 'Content-Length', 'Transfer-Encoding', 'Expect', 'X-Recross-Key', 'Host', 'TE', 'Trailer'
) // prettier-ignore
const headerValue = fc.oneof(
  fc.constantFrom(
    'null', 'websocket', 'Upgrade', 'upgrade, h2c', 'h2c', 'chunked', 'chunked, chunked', '-1', '18446744073709551616', '100-continue', 'x',
    'cross-site', 'none', 'prefetch', 'Bearer', 'Bearer ', 'Bearer x', '13', '8', 'permessage-deflate; client_max_window_bits=99', ',', ' '
  ), // prettier-ignore
  fc.base64String({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 })
)
const request = fc.record({
  method,
  target,
  version,
  host: fc.constantFrom('right', 'right', 'right', 'right', 'wrong', 'none', 'twice'),
  upgrade: fc.boolean(),
  headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 3 }),
  body: fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 200 })),
  ending: fc.oneof({ weight: 10, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r'))
})
type Request = ReturnType<typeof fc.sample<typeof request extends fc.Arbitrary<infer T> ? T : never>>[number]

/** Sends malformed and hostile requests and upgrades, none of them with a secret. */
export async function attackWithRequests({ port }: Door, count: number, seed: number): Promise<DoorCounts> {
  const counts: DoorCounts = { requests: 0, statuses: {}, letIn: [] }
  await inLanes(fc.sample(request, { numRuns: count, seed }), async (one) => {
    const bytes = written(one, port)
    const answer = await exchange(port, [bytes])
    counts.requests++
    const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'no answer'
    counts.statuses[status] = (counts.statuses[status] ?? 0) + 1
    if (status === '101' || status === '200' || status === '303') counts.letIn.push(JSON.stringify(bytes.slice(0, 300)))
  })
  return counts
}

function written({ method, target, version, host, upgrade, headers, body, ending }: Request, port: number): string {
  const right = `Host: 127.0.0.1:${port}`
  const hosts = { right: [right], wrong: ['Host: evil.example'], none: [], twice: [right, 'Host: evil.example'] }[host]
  const upgrading = [
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='
  ]
  const lines = [
    `${method} ${target} ${version}`,
    ...hosts,
    ...(upgrade ? upgrading : []),
    ...headers.map(([name, value]) => `${name}: ${value}`)
  ]
  return `${lines.join(ending)}${ending}${ending}${body}`
}

const anything = fc.anything({ maxDepth: 3, withBigInt: false })
const wire = fc.record(
  {
    i: fc.oneof(fc.nat(5).map(String), anything),
    t: fc.oneof(fc.constantFrom(1, 2, 3, 4, 99), anything),
    p: fc.oneof(
      fc.record(
        {
          u: fc.oneof(
            fc.constantFrom('/lab/settings', '/lab/changes', '/jobs/list', '/__proto__', '//', 'http://[', ''),
            anything
          ),
          b: anything,
          h: fc.oneof(
            fc.record(
              {
                'content-type': fc.constantFrom(
                  'multipart/form-data',
                  'text/event-stream',
                  'application/x-www-form-urlencoded'
                ),
                'content-disposition': fc.oneof(fc.string(), fc.constant('attachment; filename="%"'))
              },
              { requiredKeys: [] }
            ),
            anything
          ),
          m: fc.oneof(fc.constantFrom('GET', 'POST'), anything)
        },
        { requiredKeys: [] }
      ),
      anything
    )
  },
  { requiredKeys: [] }
)
const message = fc.oneof(
  { weight: 4, arbitrary: wire.map((value) => Buffer.from(jsonOf(value))) },
  { weight: 1, arbitrary: wire.map((value) => Buffer.concat([Buffer.from(jsonOf(value)), Buffer.from([255, 1, 2])])) },
  fc.string().map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
)
const frame = fc.record({
  payload: message,
  opcode: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(1, 2) }, fc.nat(15)),
  fin: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.boolean()),
  masked: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.boolean()),
  reserved: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(7)),
  /** Added to the length that the head says. */
  lie: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1, 2 ** 31, 2 ** 53))
})
type Frame = ReturnType<typeof fc.sample<typeof frame extends fc.Arbitrary<infer T> ? T : never>>[number]

/** Sends frames and messages as only a page that was let in can. Returns how many. */
export async function attackWithFrames(door: Door, count: number, seed: number): Promise<number> {
  const frames = fc.sample(frame, { numRuns: count, seed })
  const conversations = Array.from({ length: Math.ceil(count / 5) }, (_, at) => frames.slice(at * 5, at * 5 + 5))
  await inLanes(conversations, (some) => exchange(door.port, [opening(door), ...some.map(framed)]))
  return count
}

function opening({ port, cookie, key }: Door): string {
  return [
    'GET /rpc HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: recross-lab, ${key}`,
    `Cookie: ${cookie}`,
    '\r\n'
  ].join('\r\n')
}

function framed({ payload, opcode, fin, masked, reserved, lie }: Frame): Buffer {
  const said = Math.max(0, payload.length + lie)
  const head = Buffer.alloc(said < 126 ? 2 : said < 65_536 ? 4 : 10)
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  head[1] = (masked ? 0x80 : 0) | (said < 126 ? said : said < 65_536 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(said, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(said), 2)
  const mask = masked ? randomBytes(4) : Buffer.alloc(0)
  const body = masked ? payload.map((byte, at) => byte ^ mask[at % 4]!) : payload
  return Buffer.concat([head, mask, body])
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined'
  } catch {
    return '{}'
  }
}

/** Writes the parts one after the other and returns what comes back within the patience. */
function exchange(port: number, parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket: Socket = dial(port, '127.0.0.1')
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(heard)
    }
    const timer = setTimeout(end, patience)
    socket.on('connect', () => {
      for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part) : part)
    })
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1')
      if (parts.length === 1) end()
    })
    socket.on('error', end)
    socket.on('close', end)
  })
}

async function inLanes<T>(work: readonly T[], one: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < work.length) await one(work[next++]!)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}
