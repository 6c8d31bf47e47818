import { mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plainImport } from '../../src/main/contract/kinds/data.ts'
import { RequestLog } from '../../src/main/jobs/request-log.ts'
import { HomeFolder } from '../../src/main/store/home.ts'
import { newHome, openLab, untilJob } from '../hosts/fixture.ts'

let server: Server
let address: string
const asked: string[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url!.split('?')[0]!)
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

describe('what has left this computer', () => {
  test('is every request that a server has seen, of jobs and of questions, without what was asked', async () => {
    const lab = await openLab()
    await lab.client.lab.saveToken({ token: 'hf_secret', plain: true })
    await lab.client.lab.saveSettings({ mirror: address })
    expect((await lab.client.lab.requests({})).all).toBe(0)
    await lab.client.catalog.look({ repo: 'somebody/secret-words', kind: 'upstream' }).catch(() => undefined)
    const { requests, all } = await lab.client.lab.requests({})
    expect(all).toBe(asked.length)
    expect(all).toBeGreaterThan(0)
    expect(requests.map(({ path }) => path).toSorted()).toEqual(asked.toSorted())
    expect(requests[0]).toMatchObject({ host: new URL(address).host, status: 404, token: true })
    expect(readFileSync(join(lab.home.path, 'requests.jsonl'), 'utf8')).not.toContain('hf_secret')
  })

  test('goes with the token, which stands in no job and in no answer', async () => {
    const lab = await openLab()
    await lab.client.lab.saveToken({ token: 'hf_secret', plain: true })
    await lab.client.lab.saveSettings({ mirror: address })
    const { id } = await lab.client.catalog.download({
      ...{ by: 'hub', repo: 'somebody/model', repoType: 'model', importAs: plainImport('upstream') }
    })
    await untilJob(lab, id, 'failed')
    const { requests } = await lab.client.lab.requests({})
    expect(requests.length).toBeGreaterThan(0)
    expect(requests.filter(({ token }) => !token)).toEqual([])
    const said = [await lab.client.jobs.get({ id }), lab.services.jobs.get(id), await lab.client.lab.settings()]
    expect(JSON.stringify(said)).not.toContain('hf_secret')
  })

  test('begins a new file when one is full, keeps the one before, and reads past a line that was cut off', () => {
    const home = new HomeFolder(mkdtempSync(join(newHome(), 'log-')))
    const log = new RequestLog(home, 400)
    const one = (number: number) => ({
      ...{ time: '2026-11-20T10:00:00.000Z', host: 'a.example', path: `/${number}`, token: false, status: 200 }
    })
    for (let number = 0; number < 6; number++) log.add(one(number))
    const { requests, all } = log.list(3)
    expect(requests.map(({ path }) => path)).toEqual(['/5', '/4', '/3'])
    expect(all).toBe(6)
  })
})

test('nothing else sends: one file knows the client of the network', () => {
  const root = join(import.meta.dirname, '..', '..', 'src', 'main')
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
  const sends = /from 'undici'|from 'node:https'|\bfetch\(new URL|globalThis\.fetch/
  const found = files.filter((path) => sends.test(readFileSync(path, 'utf8'))).map((path) => relative(root, path))
  // The command line speaks to the lab of the same computer.
  expect(found.toSorted()).toEqual(['data/download/http.ts', 'hosts/connect.ts'])
})
