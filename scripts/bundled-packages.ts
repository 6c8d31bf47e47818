import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Plugin } from 'vite'

/** Writes the names of the packages whose code is in a bundle into a file, for the notices that go with it. */
export function bundledPackages(file: string): Plugin {
  return {
    name: 'bundled-packages',
    apply: 'build',
    generateBundle() {
      const names = [...this.getModuleIds()].map(packageOf).filter((name) => name !== null)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${JSON.stringify([...new Set(names)].sort(), null, 2)}\n`)
    }
  }
}

/** The package that a module belongs to, from its path; null for our own. */
function packageOf(id: string): string | null {
  const [, path] = /.*node_modules\/((?:@[^/]+\/)?[^/?]+)/.exec(id.replaceAll('\\', '/')) ?? []
  return path ?? null
}
