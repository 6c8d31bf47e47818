import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import { latestVersion } from '../../src/main/store/migrate.ts'
import { canMakeDisks, makeSmallDisk } from '../files/small-disk.ts'
import { needs } from '../needs.ts'
import { newHome, openLab } from './fixture.ts'

/** Ways in which a home cannot be opened: what is made at a path, and what is said of it. */
const homes: Record<string, { make: (folder: string) => string; code: string }> = {
  'a file': { make: (folder) => file(folder, 'home'), code: 'home-not-folder' },
  'below a file': { make: (folder) => join(file(folder, 'home'), 'deep', 'er'), code: 'home-not-folder' },
  'a device': { make: () => '/dev/null', code: 'home-not-folder' },
  'below a device': { make: () => '/dev/null/home', code: 'home-not-folder' },
  'a name that is too long': { make: (folder) => join(folder, 'x'.repeat(300)), code: 'home-path-too-long' },
  'a path that is too long': {
    make: (folder) => join(folder, ...Array.from({ length: 5 }, () => 'y'.repeat(120))),
    code: 'home-path-too-long'
  },
  'a link in a circle': { make: (folder) => link(folder, 'home', 'home'), code: 'home-not-folder' },
  'a link to nothing below a file': {
    make: (folder) => link(folder, 'home', join(file(folder, 'f'), 'x')),
    code: 'home-not-folder'
  },
  'one whose place is a file': { make: (folder) => (file(folder, 'models'), folder), code: 'home-not-folder' },
  'one whose place is a link': { make: (folder) => (link(folder, 'runs', '/tmp'), folder), code: 'home-place-linked' },
  'one whose database is a text': { make: (folder) => (file(folder, 'lab.db'), folder), code: 'database-unreadable' },
  'one whose database is a folder': {
    make: (folder) => (mkdirSync(join(folder, 'lab.db')), folder),
    code: 'database-unreadable'
  },
  'one of a newer lab': { make: ofVersion(latestVersion + 1), code: 'database-too-new' },
  'one of a much newer lab': { make: ofVersion(100_000), code: 'database-too-new' }
}

function file(folder: string, name: string): string {
  writeFileSync(join(folder, name), 'this is a text, and no database at all')
  return join(folder, name)
}

function link(folder: string, name: string, to: string): string {
  symlinkSync(to, join(folder, name))
  return join(folder, name)
}

function ofVersion(version: number): (folder: string) => string {
  return (folder) => {
    const sqlite = new Sqlite(join(folder, 'lab.db'))
    sqlite.pragma(`user_version = ${version}`)
    sqlite.close()
    return folder
  }
}

/** What a person is told: a sentence that names the thing, and no word of the system's alone. */
function isSentence(message: string, home: string): void {
  expect(message).not.toMatch(/^E[A-Z]{3,}|^SQLITE_|no such file or directory|unable to open database file/)
  expect(message.length).toBeGreaterThan(40)
  expect(message).toMatch(/\.\s|\.$/)
  expect(message.includes(home) || message.includes('/dev/null') || message.includes(home.split('/deep')[0]!)).toBe(
    true
  )
}

describe('a home that is', () => {
  test.each(Object.keys(homes))(
    '%s cannot be opened, and it is said why',
    needs(process.platform !== 'win32', 'paths of POSIX'),
    async (name) => {
      const { make, code } = homes[name]!
      const home = make(newHome())
      const thrown = await openLab({ home }).catch((error: unknown) => error as Error)
      expect(thrown).toMatchObject({ code })
      isSentence((thrown as Error).message, home)
    }
  )

  test(
    'on a read-only disk cannot be opened, there before or not',
    needs(canMakeDisks, 'small disks need root on Linux'),
    async () => {
      const disk = makeSmallDisk(20)
      onTestFinished(() => disk.remove())
      const home = join(disk.path, 'home')
      await (await openLab({ home })).close()
      disk.readOnly(true)
      for (const path of [home, join(disk.path, 'new'), join(disk.path, 'new', 'deep')]) {
        const thrown = await openLab({ home: path }).catch((error: unknown) => error as Error)
        expect(thrown).toMatchObject({ code: 'disk-read-only' })
        isSentence((thrown as Error).message, path)
      }
      disk.readOnly(false)
    }
  )

  test(
    'not mine cannot be opened',
    needs(process.platform === 'linux' && process.getuid?.() === 0, 'only root on Linux can be another user'),
    () => {
      const folder = newHome()
      chmodSync(folder, 0o755)
      mkdirSync(join(folder, 'taken'), { mode: 0o700 })
      mkdirSync(join(folder, 'readable'), { mode: 0o755 })
      const root = join(import.meta.dirname, '../..')
      const script = `
      const { Lab } = await import(${JSON.stringify(join(root, 'src/main/hosts/lab.ts'))})
      const { forkStarter } = await import(${JSON.stringify(join(root, 'src/main/hosts/fork-starter.ts'))})
      process.setgroups([]); process.setgid(65534); process.setuid(65534)
      for (const home of ${JSON.stringify(['taken', 'readable', 'taken/new', 'new'].map((name) => join(folder, name)))}) {
        const thrown = await Lab.open({ home, host: 'cli', workers: forkStarter('x') }).then(() => 'opened', (error) => error)
        console.log(JSON.stringify([thrown.code, thrown.message]))
      }`
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8'
      })
      const said = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as [string, string])
      expect(
        said.map(([code]) => code),
        stderr
      ).toEqual(Array.from({ length: 4 }, () => 'home-not-allowed'))
      for (const [, message] of said) isSentence(message, folder)
    }
  )
})

test.each([
  '[AsyncIdQueue] Queue[l] was closed or aborted while waiting for pulling.',
  'WebSocket is not open: readyState 3 (CLOSED)'
])('a lab that ends under a command is named, not what the wire says: %s', (words) => {
  const error = fromCall(new Error(words))
  expect(error.code).toBe('disconnected')
  expect(error.message).toMatch(/lab .* has ended.*Start it again/)
})
