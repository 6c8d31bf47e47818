import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, expect, test } from '@playwright/test'
import { connect } from '../../../src/main/hosts/connect.ts'
import { electronBinary } from '../../../src/main/hosts/electron-binary.ts'
import { HomeFolder } from '../../../src/main/store/home.ts'
import { readHolder } from '../../../src/main/store/home-lock.ts'

/** The real window, where Electron's program is there and has a screen to show it on. */
const binary = electronBinary()
const screen = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined

test.describe('the Electron window', () => {
  test.skip(binary === null, "Electron's program has not been fetched on this machine")
  test.skip(!screen, 'there is no screen; run with xvfb-run')

  test('opens the lab, runs a job in a utility process and closes cleanly', async () => {
    const home = mkdtempSync(join(tmpdir(), 'recross-electron-'))
    const app = await _electron.launch({
      executablePath: binary ?? '',
      args: [resolve('.'), '--home', home, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
    })
    const window = await app.firstWindow()
    expect(window.url()).toBe('app://lab/index.html')
    await expect(window.getByRole('navigation').first()).toBeVisible()
    expect(await window.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined')
    const { sandbox, contextIsolation } = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents
      return (
        contents as unknown as { getLastWebPreferences(): { sandbox: boolean; contextIsolation: boolean } }
      ).getLastWebPreferences()
    })
    expect({ sandbox, contextIsolation }).toEqual({ sandbox: true, contextIsolation: true })
    const { address, token } = readHolder(new HomeFolder(home))!
    const { client, close } = await connect(address!, token!)
    const { id } = await client.jobs.selfTest({ steps: 3 })
    await expect.poll(async () => (await client.jobs.get({ id })).status).toBe('finished')
    await close()
    await window.reload()
    await expect(window.getByRole('navigation').first(), 'a reload is allowed').toBeVisible()
    await app.close()
    expect(readHolder(new HomeFolder(home)), 'the home is let go of').toBeNull()
    rmSync(home, { recursive: true, force: true })
  })
})
