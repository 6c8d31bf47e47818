import type { Client } from '../api/client.ts'

const chunkBytes = 512 * 1024

/**
 * Gives the backend a file that the user has picked or dropped, and its path there. Under Electron the file has a path of
 * its own; in a browser it travels in pieces. `progress` is told 0…1.
 */
export async function sendFile(client: Client, file: File, progress?: (share: number) => void): Promise<string> {
  const path = globalThis.window?.recross?.pathOf(file)
  if (path) return path
  let offset = 0
  let kept: string
  let upload: string | null = null
  do {
    const chunk = file.slice(offset, offset + chunkBytes)
    const last = offset + chunk.size >= file.size
    const taken: { upload: string; path: string } = await client.data.upload({
      upload,
      name: file.name,
      offset,
      chunk,
      last
    })
    ;({ upload, path: kept } = taken)
    offset += chunk.size
    progress?.(file.size ? offset / file.size : 1)
  } while (offset < file.size)
  return kept
}
