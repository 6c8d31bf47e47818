import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { settled, undecided, type Lock } from '../../scripts/settle-lock.ts'

/** What `npm ci` does on a machine that reaches nothing but the npm registry, whichever npm it has. */
const root = join(import.meta.dirname, '../..')
const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'))
const lock = read('package-lock.json') as Lock
const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> }

describe('npm ci', () => {
  test('runs no install script that wants something from elsewhere', () => {
    expect(settled(lock, allowScripts, root), 'run: node scripts/settle-lock.ts').toEqual(lock)
  })

  test('asks about no package: every one with an install script is decided on', () => {
    expect(undecided(lock, allowScripts, root)).toEqual([])
  })

  test('lets only Node itself come', () => {
    expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(['node'])
  })
})

test('a lockfile that npm wrote anew is settled again', () => {
  const fresh: Lock = {
    packages: {
      '': { hasInstallScript: true },
      'node_modules/node': { hasInstallScript: true },
      'node_modules/onnxruntime-node': { hasInstallScript: true },
      'node_modules/a/node_modules/better-sqlite3': { gypfile: false },
      'node_modules/better-sqlite3': {},
      'node_modules/surprise': { hasInstallScript: true }
    }
  }
  expect(settled(fresh, allowScripts, root).packages).toEqual({
    '': { hasInstallScript: true },
    'node_modules/node': { hasInstallScript: true },
    'node_modules/onnxruntime-node': {},
    'node_modules/a/node_modules/better-sqlite3': { gypfile: false },
    'node_modules/better-sqlite3': { gypfile: false },
    'node_modules/surprise': { hasInstallScript: true }
  })
  expect(undecided(fresh, allowScripts, root)).toEqual(['surprise'])
})
