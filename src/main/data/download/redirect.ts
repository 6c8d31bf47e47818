import { isIP } from 'node:net'
import { LabError } from '../../contract/error.ts'

/**
 * Where a server sends a download on to: another address of the web, yes; not a file, not from an encrypted address to one
 * that anybody on the way can read and change, and not from the web into this computer or what is wired to it. Throws
 * `redirect-refused`.
 */
export function refuseRedirect(from: URL, to: URL): void {
  const reason = whyNot(from, to)
  if (reason === null) return
  throw new LabError(
    'redirect-refused',
    `${from.host} sends this download on to ${to.protocol}//${to.host}, which is not followed: ${reason}. Download the file by hand from its page, or use another mirror.`,
    { details: { from: from.origin, to: to.origin } }
  )
}

function whyNot(from: URL, to: URL): string | null {
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return 'that is no address of the web'
  if (from.protocol === 'https:' && to.protocol === 'http:')
    return 'what is sent there is not encrypted, and could be changed on the way'
  if (isHere(to.hostname) && !isHere(from.hostname))
    return 'that is this computer itself, or something on its own network, and not the web'
  return null
}

/** This computer, and addresses that are handed out on a wire without anybody's doing. */
function isHere(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  if (isIP(name) === 4) return /^(127|0)\.|^169\.254\./.test(name)
  if (isIP(name) !== 6) return false
  // An IPv4 address in an IPv6 one is written as two hexadecimal groups by URL.
  const inside = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(name)
  if (inside) {
    const [high, low] = [parseInt(inside[1]!, 16), parseInt(inside[2]!, 16)]
    return isHere([high >> 8, high & 255, low >> 8, low & 255].join('.'))
  }
  return name === '::1' || name === '::' || /^fe[89ab]/.test(name)
}
