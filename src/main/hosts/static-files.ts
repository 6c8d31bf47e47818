import { readFile } from 'node:fs/promises'
import { extname, join, relative, isAbsolute, resolve } from 'node:path'
import type { Settings } from '../contract/settings.ts'

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2'
}

export interface StaticFile {
  body: Buffer<ArrayBuffer>
  mediaType: string
  /** The name holds a hash of the content: it may be kept for ever. */
  immutable: boolean
}

/**
 * A file of the built screens by the path of its address; null if there is none, or the path leads outside. A page is told
 * which language is chosen, as it chooses its texts before it can ask.
 */
export async function staticFile(
  root: string,
  pathname: string,
  language: Settings['language']
): Promise<StaticFile | null> {
  let name: string
  try {
    name = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (name.includes('\0')) return null
  const path = resolve(join(root, name.endsWith('/') ? `${name}index.html` : name))
  const step = relative(root, path)
  if (step === '' || step.startsWith('..') || isAbsolute(step)) return null
  const mediaType = mediaTypes[extname(path)]
  if (mediaType === undefined) return null
  try {
    const read = await readFile(path)
    const body = mediaType.startsWith('text/html') ? Buffer.from(inLanguage(read.toString(), language)) : read
    return { body, mediaType, immutable: step.startsWith('assets') }
  } catch {
    return null
  }
}

/** The page with the chosen language in it; "as the system" is left to the browser, which knows what its user reads. */
export function inLanguage(page: string, language: Settings['language']): string {
  const lang = language === 'system' ? 'en' : language
  return page.replace(/<html lang="[^"]*"/, `<html lang="${lang}" data-language="${language}"`)
}
