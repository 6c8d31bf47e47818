import { LabError } from '../../contract/error.ts'
import { releaseSchema, type Release } from '../../contract/updates.ts'
import { Http, type HttpOptions } from './http.ts'

/** A list of files and a few sentences are smaller. */
const mostBytes = 1 << 20

/** The newest version that a release page names. Throws `release-page`, and what Http throws. */
export async function readReleasePage(address: string, options: HttpOptions): Promise<Release> {
  const http = new Http(options, null)
  try {
    const { body } = await http.get(address, { accept: 'application/json' })
    const pieces: Buffer[] = []
    let bytes = 0
    for await (const piece of body as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > mostBytes) throw notReleases(address, `it is larger than ${mostBytes} bytes`)
      pieces.push(piece)
    }
    return parse(Buffer.concat(pieces).toString('utf8'), address)
  } finally {
    await http.close()
  }
}

function parse(text: string, address: string): Release {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw notReleases(address, 'it is not JSON')
  }
  const found = releaseSchema.safeParse(value)
  if (found.success) return found.data
  const [issue] = found.error.issues
  throw notReleases(address, `"${issue?.path.join('.') ?? ''}" is wrong: ${issue?.message ?? ''}`)
}

function notReleases(address: string, why: string): LabError {
  return new LabError(
    'release-page',
    `What lies at ${address} is not a list of releases of the lab: ${why}. Ask whoever gave you the address; ` +
      `it ends in releases.json.`,
    { details: { address } }
  )
}
