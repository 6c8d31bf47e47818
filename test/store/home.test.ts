import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findHome, HomeFolder } from '../../src/main/store/home.ts'
import { HomeLock, readHolder } from '../../src/main/store/home-lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-home-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const home = new HomeFolder(join(folder, 'home'))

describe('the home folder', () => {
  test('is what was asked for, else what the environment says, else the usual place', () => {
    const env = { RECROSS_LAB_HOME: '/from/environment', XDG_DATA_HOME: '/data', APPDATA: '/roaming' }
    expect(findHome('asked', env, 'linux')).toBe(resolve('asked'))
    expect(findHome(undefined, env, 'linux')).toBe(resolve('/from/environment'))
    expect(findHome('', { ...env, RECROSS_LAB_HOME: '' }, 'linux')).toBe(join('/data', 'recross-lab'))
    expect(findHome(undefined, {}, 'linux')).toBe(join(homedir(), '.local', 'share', 'recross-lab'))
    expect(findHome(undefined, {}, 'darwin')).toBe(join(homedir(), 'Library', 'Application Support', 'ReCross Lab'))
    expect(findHome(undefined, { APPDATA: '/roaming' }, 'win32')).toBe(join('/roaming', 'ReCross Lab'))
  })

  test.each(['..', '../..', '../../elsewhere', 'a/../../..', '/etc/passwd'])(
    'is never left: what is named "%s" has no folder',
    (name) => {
      for (const kind of ['dataset', 'model', 'index', 'run', 'scratch'] as const) {
        expect(() => home[kind](name), kind).toThrow(expect.objectContaining({ code: 'outside-home' }) as Error)
      }
    }
  )

  test('is held by one at a time, who can be asked', () => {
    home.create()
    const lock = new HomeLock(home, 'cli')
    expect(readHolder(home)).toMatchObject({ pid: process.pid, host: 'cli', address: null })
    lock.announce('http://127.0.0.1:1/', 'secret')
    expect(readHolder(home)).toMatchObject({ address: 'http://127.0.0.1:1/', token: 'secret' })
    lock.release()
    expect(readHolder(home)).toBeNull()
  })
})
