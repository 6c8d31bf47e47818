import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startDesktop } from '../../src/main/hosts/electron/desktop.ts'
import { commandFile, commandScript } from '../../src/main/hosts/electron/command-on-path.ts'
import { speak, titleOf, words } from '../../src/main/hosts/electron/words.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { ElectronDouble } from './electron-double.ts'
import { newHome, untilJob } from './fixture.ts'

async function desktop(prepare: (electron: ElectronDouble) => void = () => undefined) {
  const electron = new ElectronDouble(newHome())
  prepare(electron)
  const lab = (await startDesktop(electron.parts, ['--home', newHome()]))!
  onTestFinished(() => lab.close())
  return { electron, lab, window: electron.windows[0]! }
}

/** A job that is at work for as long as a test needs. */
async function busy(lab: Lab) {
  const { id } = lab.services.jobs.add('self-test', { steps: 100_000, milliseconds: 5 }, { title: 'Long work' })
  await untilJob(lab, id, 'running')
  return id
}

describe('closing the window', () => {
  test('with nothing to do just closes it', async () => {
    const { electron, window } = await desktop()
    expect(window.close()).toBe(true)
    expect(electron.dialog.asked).toEqual([])
  })

  test.each([
    ['keep running', 0, { shown: false, trays: 1, quits: 0 }],
    ['stop and quit', 1, { shown: true, trays: 0, quits: 1 }],
    ['cancel', 2, { shown: true, trays: 0, quits: 0 }]
  ])('with work under way asks; %s does that', async (_name, response, expected) => {
    const { electron, lab, window } = await desktop()
    await busy(lab)
    window.emit('ready-to-show')
    electron.dialog.answer = { response, checkboxChecked: false }
    expect(window.close()).toBe(false)
    await vi.waitFor(() => {
      const seen = { shown: window.shown, trays: electron.trays.length, quits: Math.min(1, electron.app.quits) }
      expect(seen).toEqual(expected)
    })
    expect(electron.dialog.asked[0]!.message).toBe(words.leave.message(1))
    expect(electron.dialog.asked[0]!.buttons).toHaveLength(3)
    expect(lab.services.store.settings.get().whenClosed, 'nothing was to be remembered').toBe('ask')
  })

  test('remembers the answer where that is wanted, and the tray brings the window back', async () => {
    const { electron, lab, window } = await desktop()
    await busy(lab)
    electron.dialog.answer = { response: 0, checkboxChecked: true }
    window.close()
    await vi.waitFor(() => expect(electron.trays).toHaveLength(1))
    expect(lab.services.store.settings.get().whenClosed).toBe('background')
    electron.trays[0]!.menu[0]!.click()
    expect(window.shown).toBe(true)
    expect(window.close()).toBe(false)
    await vi.waitFor(() => expect(window.shown).toBe(false))
    expect(electron.dialog.asked, 'asked once').toHaveLength(1)
  })

  test.each(['shutdown', 'session-end'])('is not asked about at a %s: the lab ends cleanly', async (signal) => {
    const { electron, lab, window } = await desktop()
    const id = await busy(lab)
    const gone = new Promise((resolve) => electron.app.once('will-quit', resolve))
    if (signal === 'shutdown') electron.powerMonitor.emit('shutdown', { preventDefault: () => undefined })
    else window.emit('session-end')
    await gone
    expect(electron.dialog.asked).toEqual([])
    expect(lab.pool.workers()).toEqual([])
    expect(id).toBeTruthy()
  })

  test('quitting from the menu asks as well', async () => {
    const { electron, lab } = await desktop()
    await busy(lab)
    electron.dialog.answer = { response: 2, checkboxChecked: false }
    electron.app.quit()
    await vi.waitFor(() => expect(electron.dialog.asked).toHaveLength(1))
    expect(lab.pool.workers()).not.toEqual([])
  })
})

describe('while a job is at work', () => {
  test('the computer stays awake and the task bar shows progress; afterwards neither', async () => {
    const { electron, lab, window } = await desktop()
    const id = await busy(lab)
    await vi.waitFor(() => expect(electron.powerSaveBlocker.active.size).toBe(1))
    expect(window.progress).toBeGreaterThanOrEqual(0)
    lab.services.jobs.cancel(id)
    await untilJob(lab, id, 'cancelled')
    await vi.waitFor(() => expect([electron.powerSaveBlocker.active.size, window.progress]).toEqual([0, -1]))
  })

  test('the computer may sleep while a job runs at a place, which goes on there', async () => {
    const { electron, lab, window } = await desktop()
    const { id: place } = await lab.client.places.add({ name: 'beside', kind: 'process', folder: newHome() })
    const { id } = await lab.client.jobs.selfTest({ steps: 1000, milliseconds: 50, place })
    await vi.waitFor(() => expect(lab.services.jobs.get(id).where?.state).toBe('running'), { timeout: 30_000 })
    expect(window.progress).toBeGreaterThanOrEqual(0)
    expect(electron.powerSaveBlocker.active.size).toBe(0)
    lab.services.jobs.cancel(id)
    await untilJob(lab, id, 'cancelled')
  })

  test('the computer may sleep where the user wants that', async () => {
    const { electron, lab, window } = await desktop()
    lab.services.store.settings.save({ keepAwake: false })
    await busy(lab)
    await vi.waitFor(() => expect(window.progress).toBeGreaterThanOrEqual(0))
    expect(electron.powerSaveBlocker.active.size).toBe(0)
  })
})

describe('the end of something long', () => {
  test.each([
    [90, false, 'finished' as const, [words.ended.finished('Import')]],
    [90, false, 'failed' as const, [words.ended.failed('Import')]],
    [90, true, 'finished' as const, []],
    [5, false, 'finished' as const, []],
    [90, false, 'cancelled' as const, []]
  ])('%s s, window looked at: %s, %s', async (seconds, focused, status, told) => {
    const { electron, lab, window } = await desktop()
    window.focused = focused
    await busy(lab)
    const { id } = lab.services.jobs.add('self-test', { steps: 1, milliseconds: 1 }, { title: 'Import' })
    const job = await untilJob(lab, id, 'finished')
    const startedAt = new Date(Date.now() - seconds * 1000).toISOString()
    const change = { ...job, id: 'another', startedAt, finishedAt: new Date().toISOString() }
    lab.services.changes.publish({ type: 'job', job: { ...change, status: 'running', finishedAt: null } })
    await new Promise((resolve) => setTimeout(resolve, 20))
    lab.services.changes.publish({ type: 'job', job: { ...change, status } })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(electron.notifications.map(({ title }) => title)).toEqual(told)
  })
})

test('the end is told in the language of the window', () => {
  const title = { says: 'import', of: { name: 'Rainfall' } }
  const job = { title: 'Import Rainfall', called: title }
  expect(titleOf(job)).toBe('Import Rainfall')
  speak('de')
  try {
    expect(titleOf(job)).toBe('Rainfall einlesen')
    expect(titleOf({ title: 'Import Rainfall', called: null })).toBe('Import Rainfall')
  } finally {
    speak('en')
  }
})

describe('the window', () => {
  test('comes back where it was, as large and as near as it was', async () => {
    const first = await desktop()
    first.window.maximised = true
    first.window.webContents.zoom = 2
    first.window.close()
    const { window } = await desktop((electron) => {
      mkdirSync(electron.userData, { recursive: true })
      writeFileSync(join(electron.userData, 'window.json'), JSON.stringify(placeOf(first.window)))
    })
    expect(window.options).toMatchObject({ x: 10, y: 20, width: 1000, height: 700 })
    window.emit('ready-to-show')
    window.webContents.emit('did-finish-load')
    expect([window.maximised, window.webContents.zoom]).toEqual([true, 2])
  })

  test.each([
    ['on a screen that is no longer there', JSON.stringify({ ...outside(), maximised: false, zoom: 0 })],
    ['in a file that is damaged', '{"x":'],
    ['as large as nobody can want it', JSON.stringify({ ...outside(), x: 0, width: 1e9, maximised: false, zoom: 0 })]
  ])('comes up as usual where its last place is %s', async (_name, text) => {
    const { window } = await desktop((electron) => {
      mkdirSync(electron.userData, { recursive: true })
      writeFileSync(join(electron.userData, 'window.json'), text)
    })
    expect(window.options).toMatchObject({ width: 1280, height: 800 })
    expect(window.options.x).toBeUndefined()
  })

  test('has the colour of the theme before the page has drawn anything, and follows it', async () => {
    const { electron, lab, window } = await desktop((double) => (double.nativeTheme.shouldUseDarkColors = true))
    expect(window.options.backgroundColor).toBe('#121618')
    electron.nativeTheme.shouldUseDarkColors = false
    await lab.client.lab.saveSettings({ theme: 'light' })
    await vi.waitFor(() => expect(electron.nativeTheme.themeSource).toBe('light'))
    await vi.waitFor(() => expect(window.options.backgroundColor).toBe('#f6f4ee'))
  })

  test('says so when a second start asks for another home folder', async () => {
    const { electron, lab } = await desktop()
    electron.app.emit('second-instance', {}, [], '', { home: '/somewhere/else' })
    expect(electron.dialog.asked[0]!.message).toContain('/somewhere/else')
    electron.app.emit('second-instance', {}, [], '', { home: lab.home.path })
    expect(electron.dialog.asked).toHaveLength(1)
  })

  test('has a menu with zoom, reload and versions on every system', async () => {
    const { electron } = await desktop()
    const menu = JSON.stringify(electron.Menu.current)
    for (const role of ['reload', 'zoomIn', 'zoomOut', 'resetZoom']) expect(menu).toContain(role)
    expect(menu).toContain(words.menu.licences)
    expect(electron.app.about).toMatchObject({ applicationName: words.product })
  })

  test('has it in the language that is chosen, at once', async () => {
    const { electron, lab } = await desktop()
    const menu = () => JSON.stringify(electron.Menu.current)
    expect(menu()).toContain('Open the home folder')
    await lab.client.lab.saveSettings({ language: 'de' })
    await vi.waitFor(() => expect(menu()).toContain('Ordner des Labors öffnen'))
    await lab.client.lab.saveSettings({ language: 'en' })
    await vi.waitFor(() => expect(menu()).toContain('Open the home folder'))
  })
})

test.each(['linux', 'win32'] as const)('the command of an installed lab on %s survives odd paths', (platform) => {
  const script = commandScript("/opt/it's here/node", '/opt/a b/cli.js', platform)
  expect(script).toContain(platform === 'win32' ? `"/opt/a b/cli.js"` : `'/opt/it'\\''s here/node'`)
  expect(dirname(commandFile(platform, '/home/u'))).toContain('/home/u')
})

function placeOf({ bounds, maximised, webContents }: ElectronDouble['windows'][number]) {
  return { ...bounds, maximised, zoom: webContents.zoom }
}

function outside() {
  return { x: 9000, y: 9000, width: 800, height: 600 }
}

test('work that needs much memory runs under the Node that comes along, and the plan can say so', async () => {
  const { lab } = await desktop()
  expect(lab.pool.hasLarge).toBe(true)
  expect(lab.services.jobs.hasLargeWorkers).toBe(true)
  const worker = lab.pool.take('self-test', 'large')
  const task = {
    id: 't',
    kind: 'self-test' as const,
    input: { steps: 1, milliseconds: 1 },
    folder: null,
    home: lab.home.path
  }
  expect(await worker.run({ ...task, threads: 1 }, {})).toMatchObject({ type: 'finished' })
})
