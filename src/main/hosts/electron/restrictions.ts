import type { WebContents } from 'electron'
import { isOurPage } from './pages.ts'
import type { ElectronParts } from './parts.ts'

/** Copying a command to the clipboard is all that the screens ask the system for. */
const allowedPermissions: readonly string[] = ['clipboard-sanitized-write']

/** No page leaves our screens, opens anything, embeds anything or gets a permission, whichever window it is in. */
export function denyEverything({ app, session, shell }: ElectronParts): void {
  app.on('web-contents-created', (_event, contents) => confine(contents, shell, app.isPackaged))
  void app.whenReady().then(() => {
    session.defaultSession.setPermissionRequestHandler((_contents, permission, decide) =>
      decide(allowedPermissions.includes(permission))
    )
    session.defaultSession.setPermissionCheckHandler((_contents, permission) => allowedPermissions.includes(permission))
    session.defaultSession.setDevicePermissionHandler(() => false)
  })
}

function confine(contents: WebContents, shell: ElectronParts['shell'], packaged: boolean): void {
  contents.on('will-navigate', (event) => {
    // A reload is a navigation too.
    if (!isOurPage(event.url, packaged)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOurPage(event.url, packaged)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    // Links to licences and data pages open in the user's own browser.
    if (isLinked(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}

/**
 * Sites that the screens link to: where models, data, papers and licences are. A name in somebody's data must not be able
 * to open anything else.
 */
const linkedSites: readonly string[] = [
  'huggingface.co',
  'github.com',
  'arxiv.org',
  'aclanthology.org',
  'doi.org',
  'choosealicense.com',
  'creativecommons.org',
  'opensource.org',
  'spdx.org',
  'apache.org'
]

function isLinked(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username } = new URL(url)
  if (protocol !== 'https:' || username !== '') return false
  return linkedSites.some((site) => hostname === site || hostname.endsWith(`.${site}`))
}
