import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** All files below a folder that people write, as whole paths. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ['build', 'node_modules'].includes(entry.name) ? [] : filesUnder(path)
    return [path]
  })
}

/** Those of them that are code. */
export function codeUnder(folder: string): string[] {
  return filesUnder(folder).filter((path) => /\.(ts|svelte)$/.test(path))
}
