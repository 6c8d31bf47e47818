import type { WebFrameMain } from 'electron'
import { scheme } from './parts.ts'

/** Is this an address of our own screens? While developing they come from the development server. */
export function isOurPage(address: string, packaged: boolean): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  if (url.protocol === `${scheme}:` && url.host === 'lab') return true
  const development = developmentPage(packaged)
  return development !== undefined && url.origin === new URL(development).origin
}

/** Is it one of our own screens, in the top frame? */
export function isOurFrame(frame: WebFrameMain | null, packaged: boolean): frame is WebFrameMain {
  return frame !== null && frame.parent === null && isOurPage(frame.url, packaged)
}

/** Address of the development server; an installed app has none, whatever its environment says. */
export function developmentPage(packaged: boolean): string | undefined {
  return packaged ? undefined : process.env['ELECTRON_RENDERER_URL']
}
