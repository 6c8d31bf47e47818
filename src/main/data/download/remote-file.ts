import { LabError } from '../../contract/error.ts'
import type { Wanted } from './fetch-file.ts'
import type { Http } from './http.ts'

/** A file that is still on its server. */
export interface RemoteFile {
  /** Where it is going to be. */
  readonly path: string
  readonly bytes: number
  /** Fills `target` from `position` on; false where the server does not give parts of files. */
  read(target: Uint8Array, position: number): Promise<boolean>
}

/** The weights that the whole folder is about; those of modules lie in folders of their own and are small. */
export function isWeights({ path }: Pick<Wanted, 'path'>): boolean {
  return (
    /(^|[/\\])(model|pytorch_model)[^/\\]*\.(safetensors|bin)$/.test(path) && !/[/\\]\d+_\w+[/\\][^/\\]+$/.test(path)
  )
}

const mostTries = 4

export function remoteFile(http: Http, { url, path, bytes }: Wanted): RemoteFile {
  return {
    path,
    bytes: bytes ?? 0,
    async read(target, position) {
      if (target.length === 0) return true
      for (let tries = 1; tries <= mostTries; tries++) {
        const found = await readPart(http, url, target, position).catch((thrown: unknown) => {
          if (thrown instanceof LabError) throw thrown
          // A connection that breaks again and again is for the download itself to say.
          return null
        })
        if (found !== null) return found
        await http.wait(tries)
      }
      return false
    }
  }
}

/** Null where the connection ended too early. */
async function readPart(http: Http, url: string, target: Uint8Array, position: number): Promise<boolean | null> {
  const range = `bytes=${position}-${position + target.length - 1}`
  const { status, body } = await http.get(url, { range, 'accept-encoding': 'identity' })
  if (status !== 206) {
    await body.dump({ limit: 1 })
    return false
  }
  let at = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    // More than was asked for is no answer to it.
    if (at + chunk.length > target.length) return false
    target.set(chunk, at)
    at += chunk.length
  }
  return at === target.length ? true : null
}
