import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { LabError } from '../../contract/error.ts'
import type { SavedFile } from '../../contract/saved-file.ts'
import { writeWhole } from '../../files/durable.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'

/** A file's text. Throws `file-missing`. */
export async function readText(path: string): Promise<string> {
  refuseLfsPointer(path)
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new LabError('file-missing', `${resolve(path)} cannot be read. Check the path.`, { cause, details: { path } })
  }
}

/** Where a file would go: nothing that is there already is overwritten unasked. Throws `file-exists`. */
export function newPath(path: string, force: boolean | undefined): string {
  const whole = resolve(path)
  if (force !== true && existsSync(whole))
    throw new LabError(
      'file-exists',
      `There is a file at ${whole} already. Choose another name, or overwrite it with --force.`,
      {
        details: { path: whole }
      }
    )
  return whole
}

/** A name in this folder that no file has yet: `report.html`, `report-2.html`, … */
export function freeName(name: string, ending: string): string {
  for (let number = 1; ; number++) {
    const path = resolve(`${number === 1 ? name : `${name}-${number}`}${ending}`)
    if (!existsSync(path)) return path
  }
}

/**
 * Writes a text as a whole file, or to standard output for `-`. Returns where it is; null where it went to standard
 * output, so that nothing else is to be printed there. Throws `file-exists`.
 */
export async function writeText(path: string, text: string, force: boolean | undefined): Promise<string | null> {
  if (path === '-') {
    process.stdout.write(text)
    return null
  }
  const whole = newPath(path, force)
  await writeWhole(whole, text)
  return whole
}

/** The same for a file that the lab has made, which may be no text. */
export async function writeSaved(
  path: string,
  { text, encoding }: Pick<SavedFile, 'text' | 'encoding'>,
  force: boolean | undefined
): Promise<string | null> {
  if (encoding === 'text') return writeText(path, text, force)
  const bytes = Buffer.from(text, 'base64')
  if (path === '-') {
    process.stdout.write(bytes)
    return null
  }
  const whole = newPath(path, force)
  await writeWhole(whole, bytes)
  return whole
}
