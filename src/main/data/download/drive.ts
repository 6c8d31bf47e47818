import { createReadStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { moveIntoPlace } from '../../files/durable.ts'
import { packingOf } from '../import/data-file.ts'
import { fetchFile, type Fetched } from './fetch-file.ts'
import type { Answer, Http } from './http.ts'

const driveAddress = 'https://drive.google.com'

export interface DriveFile {
  /** Null: the file is looked up by its name in the folder. */
  fileId: string | null
  folderId: string | null
  fileName: string
  /** The page where a person can get the file. */
  page: string
}

interface DriveHooks {
  progress: (bytes: number) => void
  /** Told how large the file is before it comes, where Drive says so. */
  checkRoom: (bytes: number) => void
  address?: string | undefined
}

const mostPages = 3
const largestPage = 1 << 20

/**
 * Downloads a file that somebody shares on Google Drive, by its id or by its name in a shared folder. For large files
 * Drive first shows a page that asks to go on without a virus check; its form is filled in as a browser would. Where
 * Drive refuses (sign-in, quota), throws drive-refused, which tells where to put the file by hand; a file put there is
 * taken.
 */
export async function fetchDriveFile(
  http: Http,
  file: DriveFile,
  folder: string,
  { progress, checkRoom, address = driveAddress }: DriveHooks
): Promise<Fetched> {
  const path = join(folder, file.fileName)
  await mkdir(folder, { recursive: true })
  if (await stat(path).catch(() => null))
    return fetchFile(http, { url: address, path, bytes: null, checksum: null }, progress)
  const fileId = file.fileId ?? (await idInFolder(http, file, folder, address))
  let url = `${address}/uc?export=download&id=${encodeURIComponent(fileId)}`
  for (let pages = 0; pages < mostPages; pages++) {
    const answer = await http.get(url, {}, [401, 403, 404])
    if (answer.status < 400 && !isPage(answer)) {
      answer.body.on('error', () => undefined).destroy()
      checkRoom(Number(answer.headers['content-length'] ?? 0))
      const fetched = await fetchFile(http, { url, path, bytes: null, checksum: null }, progress)
      await refuseHtml(path, file, folder)
      return fetched
    }
    const page = await readPage(answer)
    const next = confirmedAddress(page, answer.url)
    if (answer.status >= 400 || next === null) throw refused(file, folder)
    url = next
  }
  throw refused(file, folder)
}

/** The id behind a file's name, from the plain list of a shared folder that Drive gives without a sign-in. */
async function idInFolder(http: Http, file: DriveFile, folder: string, address: string): Promise<string> {
  const url = `${address}/embeddedfolderview?id=${encodeURIComponent(file.folderId ?? '')}`
  const answer = await http.get(url, {}, [401, 403, 404])
  const page = await readPage(answer)
  if (answer.status < 400)
    for (const entry of page.split('id="entry-').slice(1)) {
      const title = /flip-entry-title"[^>]*>([^<]*)</.exec(entry)?.[1]
      if (title !== undefined && unescape(title.trim()) === file.fileName) return entry.slice(0, entry.indexOf('"'))
    }
  throw refused(file, folder)
}

function isPage(answer: Answer): boolean {
  return String(answer.headers['content-type'] ?? '').startsWith('text/html')
}

async function readPage(answer: Answer): Promise<string> {
  let page = ''
  for await (const chunk of answer.body) {
    page += String(chunk)
    if (page.length > largestPage) break
  }
  return page
}

/** Where the page's download form leads: its action with its hidden fields. Older pages have a link instead. */
function confirmedAddress(page: string, base: string): string | null {
  const form = /<form[^>]*id="(?:download-form|downloadForm)"[^>]*>([\s\S]*?)<\/form>/i.exec(page)
  if (form) {
    const action = /action="([^"]+)"/i.exec(form[0])?.[1]
    if (action === undefined) return null
    const url = new URL(unescape(action), base)
    for (const [input] of form[1]!.matchAll(/<input[^>]*>/gi)) {
      const name = /name="([^"]+)"/i.exec(input)?.[1]
      const value = /value="([^"]*)"/i.exec(input)?.[1]
      if (name !== undefined && value !== undefined) url.searchParams.set(unescape(name), unescape(value))
    }
    return url.href
  }
  const link = /href="(\/uc\?[^"]*confirm=[^"]+)"/i.exec(page)?.[1]
  return link === undefined ? null : new URL(unescape(link), base).href
}

function unescape(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")
}

/** Drive may send its refusal as a file. */
async function refuseHtml(path: string, file: DriveFile, folder: string): Promise<void> {
  if (packingOf(path) !== 'plain') return
  for await (const chunk of createReadStream(path, { end: 511 })) {
    if (!/^\s*<(!doctype html|html)/i.test(String(chunk))) return
    await moveIntoPlace(path, `${path}.refused.html`)
    throw refused(file, folder)
  }
}

function refused(file: DriveFile, folder: string): LabError {
  return new LabError(
    'drive-refused',
    `Google Drive does not hand out ${file.fileName} to programs at the moment (it asks to sign in, or too many people ` +
      `have downloaded it). To get it by hand:\n1. Open ${file.page} in a browser and download the file.\n` +
      `2. Put it at ${join(folder, file.fileName)}\n3. Retry this job, which takes it from there; or import the file directly.`,
    { details: { page: file.page, putAt: join(folder, file.fileName) } }
  )
}
