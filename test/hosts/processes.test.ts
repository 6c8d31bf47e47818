import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/main/hosts/connect.ts'
import { HomeFolder } from '../../src/main/store/home.ts'
import { readHolder } from '../../src/main/store/home-lock.ts'
import { needs } from '../needs.ts'
import { newHome, openLab, until, untilJob } from './fixture.ts'

const onLinux = needs(process.platform === 'linux', 'finds processes in /proc, which only Linux has')
const onPosix = needs(process.platform !== 'win32', 'stops and continues a process, which Windows cannot')

/** The real programs, run from source as `npm run lab` does. */
const cli = resolve('src/main/hosts/cli/index.ts')

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

function start(
  home: string,
  ...options: string[]
): { child: ChildProcess; ended: Promise<Ended>; output: () => string } {
  const child = spawn(process.execPath, [cli, '--home', home, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, stdout, stderr })))
  return { child, ended, output: () => stdout + stderr }
}

function run(home: string, ...options: string[]): Promise<Ended> {
  return start(home, ...options).ended
}

/** A serving lab in its own process, and a connection to it. */
async function serving(home: string) {
  const { child, ended, output } = start(home, 'serve')
  await until(output, (shown) => shown.includes('http://'))
  // The printed address holds a code for a browser; commands find their way by what the lab leaves in the home.
  const { address, token } = readHolder(new HomeFolder(home))!
  const connection = await connect(address!, token!)
  onTestFinished(() => connection.close())
  return { child, ended, client: connection.client }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A dead child of a dead parent may wait to be reaped.
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

/** Process ids of the workers of a lab, by their parent. Linux only. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

test('two processes on one home: the second is told who holds it, and leaves it alone', async () => {
  const home = newHome()
  await openLab({ home })
  const { code, stderr, stdout } = await run(home, 'jobs')
  expect(code).toBe(3)
  expect(stderr).toContain(`process id ${process.pid}`)
  expect(stdout).toBe('')
  const asJson = await run(home, 'jobs', '--json')
  expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code: 'home-in-use', details: { pid: process.pid } } })
  const server = await run(home, 'serve')
  expect(server.code).toBe(3)
  const serverAsJson = await run(home, 'serve', '--json')
  expect(JSON.parse(serverAsJson.stdout)).toMatchObject({ error: { code: 'home-in-use' } })
})

test(
  'a lab that is killed takes its workers with it; the next one finds the job and offers to resume it',
  onLinux,
  async () => {
    const home = newHome()
    const { child, client, ended } = await serving(home)
    const { id } = await client.jobs.selfTest({ steps: 10_000, milliseconds: 20 })
    await until(
      () => client.jobs.get({ id }),
      (job) => (job.progress?.done ?? 0) > 1
    )
    const workers = childrenOf(child.pid!)
    expect(workers.length).toBeGreaterThan(0)
    child.kill('SIGKILL')
    await ended
    await until(
      () => workers.filter(alive),
      (left) => left.length === 0
    )
    const after = await serving(home)
    expect(await after.client.jobs.get({ id })).toMatchObject({ status: 'interrupted', error: { code: 'interrupted' } })
    await after.client.jobs.resume({ id })
    await until(
      () => after.client.jobs.get({ id }),
      ({ status }) => status === 'running'
    )
  }
)

test('a worker that cannot even listen ends with its lab', onLinux, async () => {
  const { child, client, ended } = await serving(newHome())
  const { id } = await client.jobs.selfTest({ steps: 2, milliseconds: 1, fail: 'hang' })
  await until(
    () => client.jobs.get({ id }),
    (job) => (job.progress?.done ?? 0) > 0
  )
  const workers = childrenOf(child.pid!)
  child.kill('SIGKILL')
  await ended
  await until(
    () => workers.filter(alive),
    (left) => left.length === 0
  )
})

test('a worker that is killed is told of; the serving lab goes on', onLinux, async () => {
  const { child, client } = await serving(newHome())
  const { id } = await client.jobs.selfTest({ steps: 10_000, milliseconds: 20 })
  await until(
    () => client.jobs.get({ id }),
    ({ status }) => status === 'running'
  )
  await until(
    () => childrenOf(child.pid!).length,
    (count) => count > 0
  )
  for (const pid of childrenOf(child.pid!)) process.kill(pid, 'SIGKILL')
  const job = await until(
    () => client.jobs.get({ id }),
    ({ status }) => status === 'crashed'
  )
  expect(job.error?.details['signal']).toBe('SIGKILL')
  expect((await client.lab.settings()).provider).toBe('auto')
})

test('a command works on the lab that another process serves', async () => {
  const home = newHome()
  const { client } = await serving(home)
  const { code, stdout } = await run(home, 'jobs', 'self-test', '--steps', '3', '--json')
  expect(code).toBe(0)
  const job = JSON.parse(stdout) as { id: string; status: string }
  expect(job.status).toBe('finished')
  expect((await client.jobs.get({ id: job.id })).status).toBe('finished')
})

describe('a command', () => {
  test.each<[string, string[], number, RegExp]>([
    ['done', ['jobs', 'self-test', '--steps', '2'], 0, /finished/],
    ['of what is not there', ['jobs', 'show', 'nope'], 5, /There is no job "nope"/],
    ['of a job that failed', ['jobs', 'self-test', '--fail', 'throw'], 4, /has failed: The self-test failed/],
    ['of a job that crashed', ['jobs', 'self-test', '--fail', 'abort'], 4, /has crashed: .*abort/],
    ['misspelt', ['jbos'], 2, /unknown command/],
    ['with a wrong option', ['jobs', 'list', '--status', 'late'], 2, /Use one of: queued/],
    ['for help', ['--help'], 0, /Exit codes:/],
    ['for the version', ['--version'], 0, /^\d+\.\d+\.\d+/],
    ['with an unknown setting', ['settings', 'set', 'colour', 'red'], 5, /There is no setting "colour"/],
    ['with a wrong value', ['settings', 'set', 'threads', '-1'], 2, /threads/]
  ])('%s ends with its code and says why', async (_, options, expected, message) => {
    const { code, stdout, stderr } = await run(newHome(), ...options)
    expect(stdout + stderr).toMatch(message)
    expect(code).toBe(expected)
  })

  test('that was not understood says so in JSON where that was asked for', async () => {
    const { code, stdout, stderr } = await run(newHome(), 'jbos', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'usage', message: expect.stringContaining("'jbos'") as string }
    })
    expect(stderr).toContain('Did you mean jobs?')
  })

  test('stops at Ctrl-C, and its job can be resumed', async () => {
    const home = newHome()
    const { child, ended, output } = start(home, 'jobs', 'self-test', '--steps', '100000')
    await until(output, (shown) => shown.includes('stepping'))
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(code).toBe(130)
    expect(stderr).toContain('Ctrl-C again')
    const { jobs } = JSON.parse((await run(home, 'jobs', '--json')).stdout) as {
      jobs: { status: string; id: string }[]
    }
    expect(jobs.map(({ status }) => status)).toEqual(['interrupted'])
  })

  test('stops at Ctrl-C also while it waits for an answer', onLinux, async () => {
    const home = newHome()
    const { child, ended, output } = start(home, 'doctor', '--json')
    await until(
      () => childrenOf(child.pid!).length,
      (count) => count > 0
    )
    child.kill('SIGINT')
    const { code, stdout } = await ended
    expect(code).toBe(130)
    expect(stdout).toBe('')
    expect(output()).toContain('Ctrl-C again')
    await openLab({ home })
  })

  test('stops at once at the second Ctrl-C, whatever does not end', onPosix, async () => {
    const home = newHome()
    const lab = await serving(home)
    const { child, ended, output } = start(home, 'jobs', 'self-test', '--steps', '100000')
    await until(output, (shown) => shown.includes('stepping'))
    // A lab that does not answer any more: saying good-bye to it would take half a minute.
    lab.child.kill('SIGSTOP')
    onTestFinished(() => void lab.child.kill('SIGCONT'))
    child.kill('SIGINT')
    await until(output, (shown) => shown.includes('Ctrl-C again'))
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(child.exitCode, 'it waits for the lab').toBeNull()
    const asked = Date.now()
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
    expect(Date.now() - asked, 'not the half minute of a good-bye').toBeLessThan(20_000)
  })

  test('leaves alone what another lab has left in the queue', async () => {
    const home = newHome()
    const before = await openLab({ home, jobs: { slots: { cpu: 0 } } })
    const { id } = await before.client.jobs.selfTest({ steps: 1 })
    await before.close()
    await run(home, 'jobs', 'self-test', '--steps', '2')
    const { stdout } = await run(home, 'jobs', 'show', id, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ status: 'queued' })
    expect((await run(home, 'jobs', 'resume', id)).code).toBe(0)
  })
})

test('serving stops at Ctrl-C and lets go of the home', async () => {
  const home = newHome()
  const { child, ended } = await serving(home)
  child.kill('SIGINT')
  expect((await ended).code).toBe(0)
  expect(() => readFileSync(join(home, 'holder.json'))).toThrow()
  await openLab({ home })
})

describe('a zip through a pipe', () => {
  test('goes from one home into another, byte for byte, and both commands end well', async () => {
    const [from, to] = [newHome(), newHome()]
    const file = join(newHome(), 'rows.jsonl')
    writeFileSync(
      file,
      Array.from({ length: 300 }, (_, n) => JSON.stringify({ input: `${n}?`, output: 'ä' })).join('\n')
    )
    const lab = await openLab({ home: from })
    const { id } = await lab.client.data.import({ name: 'Rows', kind: 'upstream', files: [file] })
    await untilJob(lab, id, 'finished')
    const { contentHash } = (await lab.client.data.list())[0]!
    await lab.close()
    const started = (home: string, words: string[], stdin: 'ignore' | 'pipe') => {
      const child = spawn(process.execPath, [cli, '--home', home, '--quiet', ...words], {
        stdio: [stdin, 'pipe', 'pipe']
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      let stderr = ''
      child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
      return { child, ended: new Promise((done) => child.on('close', (code) => done({ code, stderr }))) }
    }
    const taking = started(to, ['study', 'import', '-'], 'pipe')
    const giving = started(from, ['study', 'export', 'Rows', '-'], 'ignore')
    giving.child.stdout!.pipe(taking.child.stdin!)
    expect(await Promise.all([giving.ended, taking.ended])).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' }
    ])
    const other = await openLab({ home: to })
    expect(await other.client.data.list()).toMatchObject([{ name: 'Rows', contentHash }])
  })
})
