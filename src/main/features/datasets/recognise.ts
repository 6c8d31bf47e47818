import { open, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { LabError } from '../../contract/error.ts'
import type { Recognised } from '../../contract/recognised.ts'
import { looksLikeModel } from '../lab/folders.ts'

const modelFiles = /^(model|pytorch_model)[^/]*\.(safetensors|bin)$|^modules\.json$/

/** A study as JSON is smaller; of archives the list of files lies at the end. */
const endBytes = 256 * 1024

/** What a file or folder that somebody brings is for the lab. Throws `file-missing`. */
export async function recognise(path: string): Promise<Recognised> {
  const found = await stat(path).catch(() => null)
  if (found === null)
    throw new LabError('file-missing', `There is no file or folder ${path}. It may have been moved or renamed.`)
  if (found.isDirectory()) {
    return { what: looksLikeModel(path) ? 'model' : 'data', path }
  }
  // Somebody took the files of a model and not their folder.
  if (modelFiles.test(basename(path)) && looksLikeModel(dirname(path))) return { what: 'model', path: dirname(path) }
  if (/\.ya?ml$/i.test(path)) return { what: 'study', path }
  if (/\.json$/i.test(path) && found.size <= endBytes) {
    return { what: isStudy(await endOf(path, found.size)) ? 'study' : 'data', path }
  }
  const archive = /\.zip$/i.test(path) && (await endOf(path, found.size)).includes('ro-crate-metadata.json')
  return { what: archive ? 'archive' : 'data', path }
}

/** Settings by name; data has records. */
function isStudy(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    return 'study' in value || 'preset' in value || ('models' in value && 'targets' in value)
  } catch {
    return false
  }
}

async function endOf(path: string, size: number): Promise<string> {
  const file = await open(path)
  try {
    const length = Math.min(size, endBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await file.close()
  }
}
