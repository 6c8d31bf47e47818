import type { Settings } from '../../contract/settings.ts'
import { contentSecurityPolicy, securityHeaders } from '../server/security.ts'
import { staticFile } from '../static-files.ts'
import { scheme, type ElectronParts } from './parts.ts'

/** Before the app is ready: the scheme is as good as https, with an origin of its own. */
export function registerScheme({ protocol }: ElectronParts): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }
  ])
}

/** Serves the built screens under app://lab/, and nothing else of the disk. */
export function serveScreens(
  { protocol }: ElectronParts,
  renderer: string,
  language: () => Settings['language']
): void {
  protocol.handle(scheme, async (request) => {
    const { host, pathname } = new URL(request.url)
    const file = host === 'lab' && request.method === 'GET' ? await staticFile(renderer, pathname, language()) : null
    if (file === null) return new Response('There is no such page.', { status: 404, headers: { ...securityHeaders } })
    return new Response(file.body, {
      headers: {
        ...securityHeaders,
        'content-type': file.mediaType,
        'content-security-policy': contentSecurityPolicy('')
      }
    })
  })
}
