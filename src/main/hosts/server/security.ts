import type { IncomingMessage } from 'node:http'
import { sameSecret } from './entrance.ts'

/** The names under which this server may be called: a page elsewhere that points its own name here is refused. */
export function allowedHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`]
}

/** Why a request is refused, or null: it must call this server by its name. Nothing of the request is parsed before. */
export function wrongHost({ headers, rawHeaders }: IncomingMessage, hosts: readonly string[]): string | null {
  // Of two of a kind Node keeps the first; whoever stands between may have looked at the other.
  for (const name of ['host', 'origin', 'authorization']) if (countOf(rawHeaders, name) > 1) return `${name} twice`
  return headers.host !== undefined && hosts.includes(headers.host) ? null : 'wrong host'
}

/** How many headers have this name; raw headers are names and values in turn. */
function countOf(rawHeaders: readonly string[], wanted: string): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === wanted).length
}

/** Why a request is refused, or null. Pages send an Origin when they open a socket; it must be this server's. */
export function wrongOrigin({ headers }: IncomingMessage, hosts: readonly string[]): string | null {
  const { origin } = headers
  if (origin !== undefined) return hosts.some((name) => origin === `http://${name}`) ? null : 'wrong origin'
  // A page on another port of this machine is "same-site" for a browser, and a stranger for the lab.
  const from = headers['sec-fetch-site']
  return from === 'cross-site' || from === 'same-site' ? 'wrong origin' : null
}

/** Path and query of a request's target; null for one that no page and no command sends. */
export function targetOf({ url }: IncomingMessage): URL | null {
  // Not resolved against our own address: "//" and "//host" would be read as the name of another server.
  const address = `http://lab${url ?? ''}`
  return url?.startsWith('/') === true && URL.canParse(address) ? new URL(address) : null
}

export function cookieName(port: number): string {
  // Cookies do not know ports: two labs on one machine must not overwrite each other's.
  return `recross-${port}`
}

/** Values of the cookie of this name. A browser may send several. */
export function cookiesOf({ headers }: IncomingMessage, name: string): string[] {
  const parts = (headers.cookie ?? '').split(';').map((part) => part.trim())
  return parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1))
}

/** Brings the request the token that the home keeps for this user's commands? */
export function hasBearer({ headers }: IncomingMessage, token: string): boolean {
  const { authorization } = headers
  return authorization?.startsWith('Bearer ') === true && sameSecret(authorization.slice('Bearer '.length), token)
}

/** Only what this server itself sends runs or is shown; styles may be inline because charts set them. */
export function contentSecurityPolicy(socket: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ${socket}`.trim(),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join('; ')
}

export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY'
} as const
