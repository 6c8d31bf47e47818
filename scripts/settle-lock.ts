import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../src/main/hosts/project.ts'

/**
 * npm 11 asks `allowScripts` of package.json which packages may run install scripts; older ones run them all, and some of
 * these want files from servers that are not the registry. What the lockfile does not announce, no npm runs: this takes
 * the announcements of the refused packages out of it. To be run after every change of packages.
 */
export interface LockEntry {
  hasInstallScript?: boolean
  /** False: no build from source because of a binding.gyp. */
  gypfile?: boolean
}
export interface Lock {
  packages: Record<string, LockEntry>
}

/** The lockfile as it must be: the refused packages announce nothing. */
export function settled<T extends Lock>(lock: T, allowScripts: Readonly<Record<string, boolean>>, root: string): T {
  const packages = Object.entries(lock.packages).map(([path, entry]): [string, LockEntry] => {
    const name = path.split('node_modules/').at(-1) ?? ''
    if (path === '' || allowScripts[name] !== false) return [path, entry]
    const { hasInstallScript: _, ...rest } = entry
    const builds = rest.gypfile === false || existsSync(join(root, path, 'binding.gyp'))
    return [path, builds ? { ...rest, gypfile: false } : rest]
  })
  return { ...lock, packages: Object.fromEntries(packages) }
}

/** Names of installed packages that would run something at installation and that `allowScripts` says nothing about. */
export function undecided(lock: Lock, allowScripts: Readonly<Record<string, boolean>>, root: string): string[] {
  const runs = Object.entries(lock.packages).filter(
    ([path, entry]) => path !== '' && (entry.hasInstallScript === true || existsSync(join(root, path, 'binding.gyp')))
  )
  return runs.map(([path]) => path.split('node_modules/').at(-1) ?? '').filter((name) => !(name in allowScripts))
}

if (import.meta.main) {
  const root = projectFolder()
  const path = join(root, 'package-lock.json')
  const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    allowScripts: Record<string, boolean>
  }
  const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock
  writeFileSync(path, `${JSON.stringify(settled(lock, allowScripts, root), null, 2)}\n`)
  const open = undecided(lock, allowScripts, root)
  if (open.length > 0) {
    process.stderr.write(`Decide in allowScripts of package.json about: ${open.join(', ')}\n`)
    process.exitCode = 1
  }
}
