import { randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a code that nobody has used is good, in milliseconds. */
export const codeLifetime = 10 * 60_000
/** Browsers that are let in at the same time; the one that came first goes first. */
const mostSessions = 64

/**
 * A browser that was let in. The cookie goes wherever the browser takes it, and cookies do not know ports: a server of
 * somebody else on this machine may see it. The key lies in the storage of this very origin, port included, so that only
 * both together open the lab.
 */
export interface Session {
  readonly cookie: string
  readonly key: string
}

/** Who is let in: codes that work once and shortly, and the sessions that they were exchanged for. All of it ends with the process. */
export class Entrance {
  /** Code, with the moment of the monotonic clock at which it becomes worthless. */
  readonly #codes = new Map<string, number>()
  readonly #sessions: Session[] = []
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  newCode(): string {
    for (const [code, until] of this.#codes) if (until < this.#now()) this.#codes.delete(code)
    const code = newToken()
    this.#codes.set(code, this.#now() + codeLifetime)
    return code
  }

  /** Is this code still good? It stays so. */
  knows(code: string): boolean {
    const until = this.#codes.get(code)
    return until !== undefined && until >= this.#now()
  }

  /** A session for a code, which is worthless from now on; null for one that is used, too old or made up. */
  exchange(code: string): Session | null {
    if (!this.knows(code)) return null
    this.#codes.delete(code)
    const session = { cookie: newToken(), key: newToken() }
    this.#sessions.push(session)
    if (this.#sessions.length > mostSessions) this.#sessions.shift()
    return session
  }

  /** Has one of these cookies been given out here? Enough for the screens, which are the same for everybody. */
  hasCookie(cookies: readonly string[]): boolean {
    return this.#sessions.some(({ cookie }) => cookies.some((given) => sameSecret(given, cookie)))
  }

  /** Do a cookie and one of these keys belong together? Needed for everything that the lab knows and does. */
  opens(cookies: readonly string[], keys: readonly string[]): boolean {
    return this.#sessions.some(
      (session) =>
        cookies.some((given) => sameSecret(given, session.cookie)) &&
        keys.some((given) => sameSecret(given, session.key))
    )
  }
}

/** 256 random bits that may stand in an address, a header or a cookie. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function sameSecret(given: string, secret: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(secret)
  return a.length === b.length && timingSafeEqual(a, b)
}
