import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { openCommand } from '../project.ts'
import { securityHeaders } from './security.ts'
import type { Session } from './entrance.ts'

/** Where the page keeps its half of the secret: the storage of an origin belongs to one port. */
const keyPlace = 'recross-lab.key'

/** What a person reads before the screens: that this browser is being let in, or how it can be. */
export function letInPage(response: ServerResponse, cookieName: string, session: Session): void {
  const nonce = randomBytes(16).toString('base64')
  // A redirect would count as coming from wherever the address was clicked; this step starts on our own page.
  const script = `localStorage.setItem(${JSON.stringify(keyPlace)},${JSON.stringify(session.key)});location.replace('/')`
  send(response, 200, nonce, {
    title: 'Opening ReCross Lab',
    body: `<p>Opening the lab …</p><noscript><p>The lab needs JavaScript: allow it for this page.</p></noscript>
<script nonce="${nonce}">${script}</script>`,
    cookie: `${cookieName}=${session.cookie}; HttpOnly; SameSite=Strict; Path=/`
  })
}

export function shutOutPage(response: ServerResponse, why: 'no-session' | 'worn-code'): void {
  const what =
    why === 'worn-code'
      ? 'This address has been used already, or is older than ten minutes: it lets one browser in, once.'
      : 'The lab is running, but this browser has not been let in, or has lost its pass (cleared data, a private window, a restart of the lab).'
  send(response, 401, randomBytes(16).toString('base64'), {
    title: 'This browser is not let in',
    body: `<h1>This browser is not let in</h1><p>${what} Nothing is lost, and your jobs go on.</p>
<p>To open the lab here, get a new address in a terminal:</p><p><code>${openCommand()}</code></p>
<p>It opens a window, and prints the address for another browser. If you started the lab with <code>--home</code>, add the
same <code>--home</code>. Starting the lab once more, as you usually do, opens it too.</p>`
  })
}

export function plain(response: ServerResponse, status: number, text: string): void {
  const headers = { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  response.writeHead(status, headers)
  response.end(`${text}\n`)
}

function send(
  response: ServerResponse,
  status: number,
  nonce: string,
  { title, body, cookie }: { title: string; body: string; cookie?: string }
): void {
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    ...(cookie === undefined ? {} : { 'set-cookie': cookie })
  })
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width"><style nonce="${nonce}">${style}</style><main>${body}</main></html>`)
}

const style = `:root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;margin:0}
main{max-width:40rem;margin:12vh auto;padding:0 1.5rem}h1{font-size:1.5rem}
code{font:.95em ui-monospace,monospace;background:color-mix(in srgb,currentColor 10%,transparent);padding:.2em .4em;border-radius:.3em}`
