import type { SentRequest } from '../../contract/requests.ts'

/** Who is told of every request that leaves this process. */
let listener: ((request: SentRequest) => void) | null = null

export function tellOfRequests(tell: (request: SentRequest) => void): void {
  listener = tell
}

export function requestWasSent(url: URL, token: boolean, status: number | null): void {
  listener?.({ time: new Date().toISOString(), host: url.host, path: url.pathname, token, status })
}
