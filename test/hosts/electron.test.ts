import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openedMessage } from '../../src/main/contract/bridge.ts'
import { connect } from '../../src/main/hosts/connect.ts'
import { startDesktop } from '../../src/main/hosts/electron/desktop.ts'
import { electronBinary } from '../../src/main/hosts/electron-binary.ts'
import { isOurPage } from '../../src/main/hosts/electron/pages.ts'
import { systemTokenStore } from '../../src/main/hosts/electron/token-store.ts'
import { readHolder } from '../../src/main/store/home-lock.ts'
import { ElectronDouble } from './electron-double.ts'
import { newHome, openLab, untilJob } from './fixture.ts'

async function desktop(home = newHome()) {
  const electron = new ElectronDouble(newHome())
  const lab = await startDesktop(electron.parts, ['--home', home])
  if (lab !== null) onTestFinished(() => lab.close())
  return { electron, lab: lab! }
}

describe('the window', () => {
  test('is sandboxed, isolated and without Node, and loads the screens from their own scheme', async () => {
    const { electron } = await desktop()
    const [window] = electron.windows
    expect(window!.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false
    })
    expect(electron.app.sandboxed).toBe(true)
    expect(window!.loaded).toBe('app://lab/index.html')
    expect(window!.shown).toBe(false)
    window!.emit('ready-to-show')
    expect(window!.shown).toBe(true)
  })

  test('of a second start is the first one', async () => {
    const { electron } = await desktop()
    let focused = 0
    electron.windows[0]!.on('focused', () => focused++)
    electron.app.emit('second-instance', {}, [], '', { home: null })
    expect(focused).toBe(1)
    const second = new ElectronDouble(newHome())
    second.app.firstInstance = false
    expect(await startDesktop(second.parts, [])).toBeNull()
    expect(second.app.quits).toBe(1)
    expect(second.windows).toEqual([])
  })

  test('is told the files that the lab was opened with, once it asks, and those of later starts', async () => {
    const folder = newHome()
    mkdirSync(folder, { recursive: true })
    const [first, second, third] = ['a b.csv', 'ö.jsonl', 'c.yaml'].map((name) => join(folder, name))
    for (const path of [first!, second!, third!]) writeFileSync(path, 'x')
    const electron = new ElectronDouble(newHome())
    // A checkout is started as "electron . file"; what is no file is left aside.
    const lab = await startDesktop(electron.parts, ['.', '--home', newHome(), first!, '--gpu', 'no-such-file'])
    onTestFinished(() => lab!.close())
    electron.app.emit('open-file', { preventDefault: () => undefined }, second!)
    const sent: unknown[] = []
    const sender = { isDestroyed: () => false, send: (...message: unknown[]) => sent.push(message) }
    const ask = (url: string) => electron.ipcMain.emit(openedMessage, { senderFrame: { url, parent: null }, sender })
    ask('https://elsewhere.example/')
    expect(sent, 'another page is told nothing').toEqual([])
    ask('app://lab/index.html')
    expect(sent).toEqual([[openedMessage, [first, second]]])
    electron.app.emit('second-instance', {}, [], '', { home: null, files: [third] })
    expect(sent.slice(1)).toEqual([[openedMessage, [third]]])
  })

  test.each([
    ['loads it again', 0, 2, 0],
    ['quits', 1, 1, 1]
  ])('whose page has died twice asks what to do, and %s', async (_name, response, reloads, quits) => {
    const { electron } = await desktop()
    const contents = electron.windows[0]!.webContents
    contents.emit('render-process-gone', {}, { reason: 'crashed' })
    expect(contents.reloads).toBe(1)
    expect(electron.dialog.asked).toEqual([])
    electron.dialog.answer = { response, checkboxChecked: false }
    contents.emit('render-process-gone', {}, { reason: 'crashed' })
    await vi.waitFor(() => expect([contents.reloads, Math.min(1, electron.app.quits)]).toEqual([reloads, quits]))
    expect(electron.dialog.asked).toHaveLength(1)
  })

  test('does not open on a home that another process holds; it says who holds it', async () => {
    const home = newHome()
    await openLab({ home })
    const electron = new ElectronDouble(newHome())
    expect(await startDesktop(electron.parts, ['--home', home])).toBeNull()
    expect(electron.dialog.errors[0]).toContain(`process id ${process.pid}`)
    expect(electron.app.exitCode).toBe(1)
  })
})

describe('a page', () => {
  test('cannot navigate, embed, open windows or get permissions', async () => {
    const { electron } = await desktop()
    const { EventEmitter } = await import('node:events')
    let open: (details: { url: string }) => { action: string } = () => expect.unreachable()
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler: typeof open) => (open = handler)
    })
    electron.app.emit('web-contents-created', {}, contents)
    const prevents = (name: string, url: string, isMainFrame = true) => {
      let prevented = false
      contents.emit(name, { url, isMainFrame, preventDefault: () => (prevented = true) })
      return prevented
    }
    const elsewhere = ['https://example.org/', 'app://other/index.html', 'file:///etc/passwd', 'javascript:alert(1)']
    for (const url of elsewhere) {
      for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
        expect(prevents(name, url), `${name} ${url}`).toBe(true)
      }
    }
    const own = 'app://lab/index.html'
    expect(prevents('will-navigate', own), 'a reload').toBe(false)
    expect(prevents('will-frame-navigate', own), 'a reload').toBe(false)
    expect(prevents('will-frame-navigate', own, false), 'a frame in the page').toBe(true)
    const addresses = [
      'https://huggingface.co/datasets/glue',
      'https://example.org/',
      'https://huggingface.co.evil.example/',
      'https://huggingface.co@evil.example/',
      'http://huggingface.co/',
      'file:///etc/passwd'
    ]
    for (const url of addresses) expect(open({ url })).toEqual({ action: 'deny' })
    expect(electron.shell.opened, 'only sites that the screens link to').toEqual([addresses[0]])
    const decided: boolean[] = []
    for (const name of ['media', 'geolocation', 'notifications', 'clipboard-sanitized-write']) {
      electron.session.request!(null, name, (allow) => decided.push(allow))
    }
    expect(decided).toEqual([false, false, false, true])
    expect(electron.session.check!(null, 'media')).toBe(false)
  })

  test('gets files of the screens and nothing else', async () => {
    const { electron } = await desktop()
    expect(electron.protocol.schemes[0]).toMatchObject({ scheme: 'app', privileges: { standard: true, secure: true } })
    const get = (url: string) => electron.protocol.handler!(new Request(url))
    for (const url of ['app://lab/../package.json', 'app://lab/%2e%2e/%2e%2e/package.json', 'app://other/index.html']) {
      expect((await get(url)).status, url).toBe(404)
    }
  })

  test.each([
    ['https://evil.example/', null],
    ['app://elsewhere/index.html', null],
    ['app://lab/index.html', {}],
    ['file:///tmp/x.html', null]
  ])('at %s (in frame %o) gets no port', async (url, parent) => {
    const { electron } = await desktop()
    const port = electron.connect(url, parent)
    let answered = false
    port.on('message', () => (answered = true))
    port.postMessage(JSON.stringify({ i: '1', p: { u: '/lab/home', b: {} } }))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(answered).toBe(false)
    port.close()
  })

  test('of ours chooses files through the system dialog; others get none', async () => {
    const { electron } = await desktop()
    const choose = electron.ipcMain.handlers.get('recross-lab-choose')!
    const ours = { sender: {}, senderFrame: { url: 'app://lab/index.html', parent: null } }
    expect(await choose(ours, 'files')).toEqual(['/data/chosen.json'])
    expect(await choose({ sender: {}, senderFrame: { url: 'https://evil.example/', parent: null } }, 'files')).toEqual(
      []
    )
  })
})

test('the development server is believed only by a lab that is not installed', () => {
  vi.stubEnv('ELECTRON_RENDERER_URL', 'http://127.0.0.1:5173')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(isOurPage('http://127.0.0.1:5173/', false)).toBe(true)
  expect(isOurPage('http://127.0.0.1:9999/', false)).toBe(false)
  expect(isOurPage('http://127.0.0.1:5173/', true)).toBe(false)
})

test('commands in a terminal work on the lab in the window, and no longer when it has quit', async () => {
  const home = newHome()
  const { lab } = await desktop(home)
  const { address, token } = readHolder(lab.home)!
  const { client, close } = await connect(address!, token!)
  expect(await client.lab.home()).toMatchObject({ host: 'electron', path: home })
  await close()
  await expect(connect(address!, 'wrong')).rejects.toMatchObject({ code: 'no-answer' })
  await lab.close()
  await expect(connect(address!, token!)).rejects.toMatchObject({ code: 'no-answer' })
})

test('jobs run in utility processes, and a crash there is told like anywhere', async () => {
  const { lab } = await desktop()
  const good = lab.services.jobs.add('self-test', { steps: 2, milliseconds: 1 }, { title: 'test' })
  await untilJob(lab, good.id, 'finished')
  const bad = lab.services.jobs.add('self-test', { steps: 2, milliseconds: 1, fail: 'abort' }, { title: 'test' })
  const job = await untilJob(lab, bad.id, 'crashed')
  expect(job.error).toMatchObject({ code: 'worker-crashed', details: { signal: 'SIGABRT' } })
})

test('quitting waits for the workers and lets go of the home', async () => {
  const home = newHome()
  const { electron, lab } = await desktop(home)
  const { id } = lab.services.jobs.add('self-test', { steps: 1000, milliseconds: 5 }, { title: 'test' })
  await untilJob(lab, id, 'running')
  lab.services.store.settings.save({ whenClosed: 'stop' })
  const gone = new Promise((resolve) => electron.app.once('will-quit', resolve))
  electron.app.emit('window-all-closed')
  await gone
  expect(lab.pool.workers()).toEqual([])
  const next = await openLab({ home })
  expect(next.services.jobs.get(id).status).toBe('interrupted')
})

test("Electron's program is found where it lies unpacked", () => {
  const folder = newHome()
  const env = { ELECTRON_OVERRIDE_DIST_PATH: folder }
  expect(electronBinary(env, 'linux')).toBeNull()
  writeFileSync(join(folder, 'electron'), '')
  expect(electronBinary(env, 'linux')).toBe(join(folder, 'electron'))
  expect(electronBinary(env, 'win32')).toBeNull()
})

describe('the token', () => {
  test('is kept by the system where it can, and never sent to a client', async () => {
    const { electron, lab } = await desktop()
    const settings = await lab.client.lab.saveToken({ token: 'hf_secret', plain: false })
    expect(settings).toMatchObject({ hasToken: true, tokenStore: 'system' })
    expect(JSON.stringify(await lab.client.lab.settings())).not.toContain('hf_secret')
    expect(systemTokenStore(electron.parts).get()).toBe('hf_secret')
    expect((await lab.client.lab.saveToken({ token: null, plain: false })).hasToken).toBe(false)
  })

  test('is kept in plain text only where the user agrees', async () => {
    const lab = await openLab()
    await expect(lab.client.lab.saveToken({ token: 'hf_secret', plain: false })).rejects.toMatchObject({
      data: { code: 'no-secret-store' }
    })
    expect(await lab.client.lab.saveToken({ token: 'hf_secret', plain: true })).toMatchObject({ tokenStore: 'plain' })
    expect(lab.services.store.tokens.get()).toBe('hf_secret')
    expect(statSync(join(lab.home.path, 'token')).mode & 0o077).toBe(0)
    expect(readdirSync(lab.home.path).filter((name) => /^(?!token$)/.test(name) && holds(lab.home.path, name))).toEqual(
      []
    )
  })

  test('that a lab without a secret store kept as text moves into the system at the first start with one', async () => {
    const home = newHome()
    const lab = await openLab({ home })
    await lab.client.lab.saveToken({ token: 'hf_secret', plain: true })
    await lab.close()
    const { electron, lab: next } = await desktop(home)
    expect(await next.client.lab.settings()).toMatchObject({ hasToken: true, tokenStore: 'system' })
    expect(systemTokenStore(electron.parts).get()).toBe('hf_secret')
    expect(existsSync(join(home, 'token'))).toBe(false)
  })
})

function holds(folder: string, name: string): boolean {
  const path = join(folder, name)
  return statSync(path).isFile() && readFileSync(path).includes('hf_secret')
}
