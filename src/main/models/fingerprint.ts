import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { sentenceFiles } from './sentence-config.ts'
import { tokenizerFiles } from './tokenizers/files.ts'
import { weightFiles } from './weights/checkpoint.ts'

/** Files beside weights and tokenizer that change what a model computes. */
const configFiles = ['config.json', 'generation_config.json']

/** Read at a time; a stream of smaller pieces takes half as much again of the processor. */
const readBytes = 1 << 22

/** SHA-256 by path; valid as long as size and time of change stay the same. For this process only. */
const known = new Map<string, { size: number; changed: number; digest: string }>()

/**
 * The identity of what a model folder computes: SHA-256 over the names and digests of its weights, config and tokenizer
 * files, in hexadecimal. Files that the lab does not read (a second weights format, a README) do not count.
 * @throws LabError `checkpoint-missing` where there are no weights
 */
export async function fingerprintModel(folder: string, signal?: AbortSignal): Promise<string> {
  const { files, index } = await weightFiles(folder)
  const others = [...new Set([...configFiles, ...tokenizerFiles, ...(await sentenceFiles(folder))])]
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file))
  const total = createHash('sha256').update('recross-lab model 1\n')
  for (const file of [...files, ...(index ? [index] : []), ...others].sort()) {
    total.update(`${relative(folder, file).replaceAll('\\', '/')} ${await digestOf(file, signal)}\n`)
  }
  return total.digest('hex')
}

/** SHA-256 of a file, in hexadecimal; not read again while size and time of change are the same. */
export async function digestOf(file: string, signal?: AbortSignal): Promise<string> {
  const { size, mtimeMs: changed } = await stat(file)
  const before = known.get(file)
  if (before?.size === size && before.changed === changed) return before.digest
  const hash = createHash('sha256')
  const buffer = new Uint8Array(Math.min(size, readBytes))
  const handle = await open(file)
  try {
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await handle.read(buffer, 0, buffer.length)
      if (bytesRead === 0) break
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
  const digest = hash.digest('hex')
  known.set(file, { size, changed, digest })
  return digest
}
