import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LabServer } from '../../src/main/hosts/server/server.ts'
import { ownerIn } from '../../src/main/hosts/server/peer-user.ts'
import { needs } from '../needs.ts'
import { newHome, openLab } from './fixture.ts'

/** nobody, on all systems that the tests meet. */
const other = 65_534
const asSomebodyElse = needs(
  process.platform === 'linux' && process.getuid?.() === 0,
  'only root on Linux can be another user'
)

/** Runs JavaScript as another user of this machine, and returns what it printed. */
function asOther(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // The process starts as root, as the other user may not be able to read the program.
    const become = `process.setgroups([]); process.setgid(${other}); process.setuid(${other});`
    const child = spawn(process.execPath, ['-e', `${become} (async () => { ${script} })()`], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('error', reject)
    child.on('exit', () => resolve(said.trim()))
  })
}

async function served() {
  const home = newHome()
  // A folder that was there before the lab, open to everybody.
  chmodSync(home, 0o755)
  const lab = await openLab({ home })
  const renderer = join(newHome(), 'renderer')
  mkdirSync(renderer)
  writeFileSync(join(renderer, 'index.html'), '<h1>lab</h1>')
  const server = await LabServer.start({ router: lab.router, renderer })
  lab.announce(server)
  onTestFinished(() => server.close())
  return { lab, home, server }
}

test(
  'another user who reads the code in a command line gets nothing for it, and does not use it up',
  asSomebodyElse,
  async () => {
    const { server } = await served()
    const address = server.newEntrance()
    const status = await asOther(
      `const a = await fetch(${JSON.stringify(address)}); console.log(a.status, a.headers.get('set-cookie'))`
    )
    expect(status).toBe('403 null')
    const mine = await fetch(address)
    expect(mine.headers.get('set-cookie')).toContain('HttpOnly')

    const stolen = { authorization: `Bearer ${server.token}`, cookie: mine.headers.get('set-cookie')!.split(';')[0]! }
    const page = `const a = await fetch(${JSON.stringify(server.address)}, { headers: ${JSON.stringify(stolen)} }); console.log(a.status)`
    expect(await asOther(page)).toBe('401')
    const upgrade = `
    const socket = require('node:net').connect(${server.port}, '127.0.0.1')
    socket.write('GET /rpc HTTP/1.1\\r\\nHost: 127.0.0.1:${server.port}\\r\\nAuthorization: Bearer ${server.token}\\r\\n' +
      'Upgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\n\\r\\n')
    socket.once('data', (bytes) => { console.log(String(bytes).slice(9, 12)); socket.destroy() })`
    expect(await asOther(upgrade)).toBe('401')
  }
)

test('another user can neither read the home nor lock its owner out', asSomebodyElse, async () => {
  const { home, lab } = await served()
  await lab.client.lab.saveToken({ token: 'hf_secret', plain: true })
  const names = ['lab.db', 'lab.db-wal', 'lock.db', 'holder.json', 'token', 'datasets']
  const script = `for (const name of ${JSON.stringify(names)}) {
    try { require('node:fs').accessSync(require('node:path').join(${JSON.stringify(home)}, name)); console.log(name) } catch {}
  }`
  expect(await asOther(script)).toBe('')
  await lab.close()
  // Even in a home that somebody opened to all, the lock stays its owner's: who can open a file can lock it.
  chmodSync(home, 0o755)
  const lock = `for (const mode of ['r', 'r+', 'a']) {
    try { require('node:fs').openSync(${JSON.stringify(join(home, 'lock.db'))}, mode); console.log(mode) } catch (error) { console.log(error.code) }
  }`
  expect(await asOther(lock)).toBe('EACCES\nEACCES\nEACCES')
  await openLab({ home })
})

test(
  'the owner of a connection stands in the table of the system, and nobody owns a closed one',
  needs(process.platform === 'linux', 'only Linux lists the owners of connections'),
  async () => {
    const { server } = await served()
    const { connect } = await import('node:net')
    const socket = connect(server.port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const end = { address: '127.0.0.1', port: socket.localPort!, to: server.port }
    expect(ownerIn(readFileSync('/proc/net/tcp', 'utf8'), end)).toBe(process.getuid!())
    expect(ownerIn(readFileSync('/proc/net/tcp', 'utf8'), { ...end, port: 1 })).toBeNull()
    socket.destroy()
    const row = ' 0: 0100007F:1F90 0100007F:0050 05 00000000:00000000 00:00000000 00000000     0        0 0 1'
    expect(ownerIn(`head\n${row}`, { address: '127.0.0.1', port: 8080, to: 80 })).toBe('closed')
    const six =
      ' 0: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:0050 01 0:0 00:0 0  1000        0 77 1'
    expect(ownerIn(`head\n${six}`, { address: '127.0.0.1', port: 8080, to: 80 })).toBe(1000)
  }
)
