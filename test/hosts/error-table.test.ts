/**
 * Situations whose words were once raw or misled: each is brought about as a user would, and answered with a code that is known
 * and a sentence that names the thing and a way out. Those that take long are in `test/jobs/death.test.ts` and the campaigns.
 */
import { spawn } from 'node:child_process'
import { createServer as createHttp } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { errorCodes, type ErrorCode } from '../../src/main/contract/error-codes.ts'
import type { JobInput } from '../../src/main/contract/jobs.ts'
import { jobSchemas } from '../../src/main/contract/jobs.ts'
import { download } from '../../src/main/data/download/download.ts'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import { connect } from '../../src/main/hosts/connect.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { plainText } from '../../src/main/hosts/cli/plain-text.ts'
import { HomeFolder } from '../../src/main/store/home.ts'
import { readHolder } from '../../src/main/store/home-lock.ts'
import { HubServer } from '../data/hub-server.ts'
import { canMakeDisks, makeSmallDisk, type SmallDisk } from '../files/small-disk.ts'
import { needs } from '../needs.ts'
import { newHome, openLab, until, untilJob } from './fixture.ts'
import { modelDownload } from './model-download.ts'

interface Said {
  code: string
  message: string
}

interface Situation {
  what: string
  code: ErrorCode
  /** What the sentence must name. */
  names: RegExp
  /** What is asked for, or null. */
  needs?: [unknown, string]
  bring: () => Promise<Said>
}

const disks: [unknown, string] = [canMakeDisks, 'small disks need root on Linux']
const posix: [unknown, string] = [process.platform !== 'win32', 'processes and paths of POSIX']

const situations: Situation[] = [
  {
    ...{ what: 'a home on a disk that can only be read', code: 'disk-read-only', names: /home/, needs: disks },
    async bring() {
      const disk = newDisk(20)
      const home = join(disk.path, 'home')
      await (await openLab({ home })).close()
      disk.readOnly(true)
      onTestFinished(() => disk.readOnly(false))
      return thrown(openLab({ home }))
    }
  },
  {
    ...{ what: 'a new home on a disk that can only be read', code: 'disk-read-only', names: /new/, needs: disks },
    async bring() {
      const disk = newDisk(5)
      disk.readOnly(true)
      onTestFinished(() => disk.readOnly(false))
      return thrown(openLab({ home: join(disk.path, 'new') }))
    }
  },
  {
    ...{ what: 'a home whose path is too long', code: 'home-path-too-long', names: /shorter/, needs: posix },
    bring: () => thrown(openLab({ home: join(newHome(), ...Array.from({ length: 6 }, () => 'p'.repeat(100))) }))
  },
  {
    ...{ what: 'a home that is a file', code: 'home-not-folder', names: /is a file/ },
    bring() {
      const home = join(newHome(), 'home')
      writeFileSync(home, '')
      return thrown(openLab({ home }))
    }
  },
  {
    ...{ what: 'a home that is a device', code: 'home-not-folder', names: /\/dev\/null/, needs: posix },
    bring: () => thrown(openLab({ home: '/dev/null' }))
  },
  {
    ...{ what: 'a lab that dies under a command', code: 'disconnected', names: /has ended.*Start it again/ },
    async bring() {
      const home = newHome()
      const lab = command(home, 'serve')
      await until(lab.output, (shown) => shown.includes('http://'))
      const asked = command(home, '--json', 'jobs', 'self-test', '--steps', '10000')
      const { address, token } = readHolder(new HomeFolder(home))!
      const { client, close } = await connect(address!, token!)
      await until(
        () => client.jobs.list({}),
        ({ jobs }) => jobs.some(({ status }) => status === 'running')
      )
      const closed = close()
      lab.child.kill('SIGKILL')
      await closed
      const { stdout } = await asked.ended
      return (JSON.parse(stdout.slice(stdout.lastIndexOf('{\n  "error"'))) as { error: Said }).error
    }
  },
  {
    ...{ what: 'a disk that fills up under a download', code: 'disk-full', names: /MB/, needs: disks },
    async bring() {
      const hub = await HubServer.start()
      hub.files.set('some/model/a.bin', { content: randomBytes(4_000_000), lfs: true })
      const disk = newDisk(2)
      const hooks = {
        ...{ report: () => undefined, log: () => undefined, paused: async () => undefined },
        signal: new AbortController().signal
      }
      // As if there had been room when it was looked at.
      return thrown(download(modelDownload(hub, ['a.bin']), join(disk.path, 'job'), hooks, { freeBytes: () => 1e12 }))
    }
  },
  {
    ...{ what: 'a worker that is killed', code: 'worker-crashed', names: /killed|ended by/, needs: posix },
    async bring() {
      const lab = await openLab()
      const job = await lab.client.jobs.selfTest({ steps: 10_000, milliseconds: 20 })
      const worker = await until(
        () => (lab.services.jobs.get(job.id).status === 'running' ? lab.pool.workers()[0] : undefined),
        (one) => one?.pid !== undefined
      )
      process.kill(worker!.pid!, 'SIGKILL')
      const { error } = await untilJob(lab, job.id, 'crashed', 'failed')
      // Memory is blamed only where memory was the cause.
      expect(error!.message).not.toMatch(/memory|smaller model/)
      return error!
    }
  },
  {
    ...{ what: 'a lab that does not take the connection', code: 'no-answer', names: /try again/ },
    async bring() {
      const silent = createServer((socket) => socket.destroy())
      await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
      onTestFinished(() => void silent.close())
      return thrown(connect(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/`, 'x'))
    }
  },
  {
    ...{ what: 'a server that compresses although it was asked not to', code: 'server-compresses', names: /gzip/ },
    async bring() {
      const server = createHttp((_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1000)))
      )
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      onTestFinished(() => void server.close())
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.bin`
      const source = { type: 'url', url, fileName: 'a.bin', sha256: null } as const
      const input = { catalogId: null, kind: 'dataset', name: 'a', source, mirror: null, proxy: null, token: null }
      return failedJob(await openLab(), 'download', jobSchemas.download.input.parse(input))
    }
  },
  ...(['model.onnx', 'onnx/model_quantized.onnx', 'flax_model.msgpack'] as const).map((file): Situation => ({
    ...{ what: `a model whose weights are ${file}`, code: 'checkpoint-unsupported', names: new RegExp(file) },
    async bring() {
      const folder = newHome()
      mkdirSync(join(folder, 'onnx'))
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'bert', ...small }))
      writeFileSync(join(folder, 'vocab.txt'), '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc')
      writeFileSync(join(folder, file), 'not read')
      const lab = await openLab()
      const { id } = await lab.client.models.install({ name: 'other', folder })
      return (await untilJob(lab, id, 'failed', 'crashed', 'finished')).error!
    }
  }))
]

const small = {
  ...{ hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 8 },
  ...{ vocab_size: 8, max_position_embeddings: 16, type_vocab_size: 2 }
}

test.each(situations)('$what: $code', async ({ code, names, bring, needs: [there, reason] = [true, ''] }) => {
  // `needs` of a row cannot be told to `test.each`.
  if (!there) return expect(needs(there, reason).meta?.reason).toBe(reason)
  const said = await bring()
  expect(said.code).toBe(code)
  expect(errorCodes).toContain(said.code)
  expect(said.message).toMatch(names)
  expect(said.message).toMatch(/^\S.{30,}[.)"]/su)
  expect(said.message).not.toMatch(/\bE[A-Z]{4,}:|SQLITE_|no such file or directory|AsyncIdQueue|undefined|\[object/)
  expect(plainText(said.message)).toBe(said.message)
})

test('rows that end by a carriage return alone have the columns of any other table', async () => {
  const file = join(newHome(), 'old-mac.csv')
  writeFileSync(file, 'input,output\ra,b\rc,d\r')
  const lab = await openLab()
  const seen = await lab.client.data.preview({ file, kind: 'upstream' })
  expect(JSON.stringify(seen)).toContain('"output"')
  expect(JSON.stringify(seen)).not.toMatch(/outputa|bc/)
})

function newDisk(megabytes: number): SmallDisk {
  const disk = makeSmallDisk(megabytes)
  onTestFinished(() => disk.remove())
  return disk
}

async function thrown(call: Promise<unknown>): Promise<Said> {
  return call.then(() => ({ code: 'nothing was thrown', message: '' }), fromCall)
}

/** What is said of a job that cannot go on: one that waits for room says it too. */
async function failedJob(lab: Lab, kind: 'download', input: JobInput<'download'>): Promise<Said> {
  const { id } = lab.services.jobs.add(kind, input, { title: 'Download' })
  const job = await until(
    () => lab.services.jobs.get(id),
    ({ error }) => error !== null
  )
  return job.error!
}

function command(home: string, ...options: string[]) {
  const cli = resolve('src/main/hosts/cli/index.ts')
  const child = spawn(process.execPath, [cli, '--home', home, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
  const ended = new Promise<{ stdout: string }>((done) => child.on('close', () => done({ stdout })))
  return { child, ended, output: () => stdout + stderr }
}
