import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { attackWithFrames, attackWithRequests, type Door } from '../../bench/campaigns/robustness/door-attack.ts'
import { connect } from '../../src/main/hosts/connect.ts'
import { LabServer } from '../../src/main/hosts/server/server.ts'
import { newHome, openLab } from './fixture.ts'

async function door(): Promise<{ server: LabServer; door: Door; faults: unknown[] }> {
  const lab = await openLab()
  const renderer = join(newHome(), 'renderer')
  mkdirSync(renderer)
  writeFileSync(join(renderer, 'index.html'), '<h1>lab</h1>')
  const server = await LabServer.start({ router: lab.router, renderer })
  onTestFinished(() => server.close())
  const answer = await fetch(server.newEntrance())
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
  const key = /setItem\("recross-lab.key","([\w-]+)"\)/.exec(await answer.text())![1]!
  const faults: unknown[] = []
  const note = (fault: unknown) => faults.push(fault)
  // What would end the process of a host: seen here before anybody else's handler.
  process.on('uncaughtExceptionMonitor', note)
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', note))
  // What oRPC says of messages that it cannot read is noise here.
  const { error } = console
  console.error = () => undefined
  onTestFinished(() => void (console.error = error))
  return { server, door: { port: server.port, cookie, key }, faults }
}

async function stillAnswers(server: LabServer): Promise<void> {
  const { client, close } = await connect(server.address, server.token)
  expect((await client.lab.settings()).provider).toBe('auto')
  await close()
}

test.each(['//', '///', '//evil.example', '/\\', 'http://['])(
  'the target %s ends nothing, as page and as socket',
  async (target) => {
    const {
      server,
      door: { port },
      faults
    } = await door()
    const { connect: dial } = await import('node:net')
    for (const host of [`127.0.0.1:${port}`, 'evil.example']) {
      for (const more of ['', 'Origin: https://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n']) {
        await new Promise<void>((resolve) => {
          const socket = dial(port, '127.0.0.1', () =>
            socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`)
          )
          socket.on('data', () => socket.destroy())
          socket.on('error', () => undefined)
          socket.on('close', () => resolve())
        })
      }
    }
    expect(faults).toEqual([])
    await stillAnswers(server)
  }
)

test('two thousand malformed requests and upgrades without a secret: nobody is let in, nothing ends', async () => {
  const { server, door: at, faults } = await door()
  const { requests, statuses, letIn } = await attackWithRequests(at, 2000, 14)
  expect(letIn).toEqual([])
  expect(faults).toEqual([])
  expect(requests).toBe(2000)
  // The generator reaches the checks behind one another, not only the parser of HTTP.
  for (const status of ['400', '401', '403', '404', '405']) expect(statuses[status], status).toBeGreaterThan(10)
  await stillAnswers(server)
})

test('two thousand broken frames and messages of a page that was let in: nothing ends', async () => {
  const { server, door: at, faults } = await door()
  await attackWithFrames(at, 2000, 14)
  expect(faults).toEqual([])
  await stillAnswers(server)
})
