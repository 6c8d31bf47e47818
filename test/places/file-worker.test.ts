import { needs } from '../needs.ts'
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { JobFile } from '../../src/main/contract/job-folder.ts'
import { fileWorkerEntry } from '../../src/main/hosts/place-programs.ts'
import { until } from '../hosts/fixture.ts'

/** The root of a place with one job in it. */
function jobFolder(steps: number, more: Partial<JobFile> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'recross-place-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }))
  const folder = join(root, 'jobs', 'job-1')
  mkdirSync(folder, { recursive: true })
  mkdirSync(join(root, 'objects'))
  const job: JobFile = {
    ...{ version: 1, id: 'job-1', kind: 'self-test', folder: 'scratch/job-1', threads: 1, inputs: [], after: [] },
    input: { steps, milliseconds: 20, fail: 'no' },
    ...more
  }
  writeFileSync(join(folder, 'job.json'), JSON.stringify(job))
  return folder
}

function work(folder: string): { child: ChildProcess; code: Promise<number | null>; said: () => string } {
  const child = spawn(process.execPath, [fileWorkerEntry(), folder], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, code: new Promise((resolve) => child.on('close', resolve)), said: () => said }
}

const json = (folder: string, name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown
const lines = (folder: string): { type: string }[] =>
  existsSync(join(folder, 'progress.jsonl'))
    ? readFileSync(join(folder, 'progress.jsonl'), 'utf8')
        .split('\n')
        .flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as { type: string }] : []))
    : []
const begun = (folder: string, rows = 2) =>
  until(
    () => lines(folder).filter(({ type }) => type === 'curve').length,
    (count) => count >= rows
  )

test('a job ends with its result, and is not done again', async () => {
  const folder = jobFolder(3)
  expect(await work(folder).code).toBe(0)
  expect(json(folder, 'result.json')).toMatchObject({ version: 1, output: { steps: 3 }, files: [] })
  expect(lines(folder).filter(({ type }) => type === 'curve')).toHaveLength(3)
  const before = statSync(join(folder, 'result.json')).mtimeMs
  expect(await work(folder).code).toBe(0)
  expect(statSync(join(folder, 'result.json')).mtimeMs).toBe(before)
  if (process.platform !== 'win32')
    for (const name of ['result.json', 'progress.jsonl']) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
})

test('what the job itself says no to is an error, and what is no job folder too', async () => {
  const folder = jobFolder(2, { input: { steps: 2, milliseconds: 1, fail: 'throw' } })
  expect(await work(folder).code).toBe(1)
  expect(json(folder, 'error.json')).toMatchObject({ cancelled: false, error: { code: 'self-test-failed' } })
  const wrong = jobFolder(2, { kind: 'no-such-kind' })
  expect(await work(wrong).code).toBe(1)
  expect(json(wrong, 'error.json')).toMatchObject({ error: { code: 'bad-job-folder' } })
})

test(
  'USR1 hands the job back, TERM stops it; both leave it to be gone on with',
  needs(process.platform !== 'win32', 'Windows has no such signals'),
  async () => {
    const folder = jobFolder(40)
    for (const [signal, code] of [
      ['SIGUSR1', 75],
      ['SIGTERM', 143]
    ] as const) {
      const rows = lines(folder).length
      const worker = work(folder)
      await begun(folder, rows + 2)
      worker.child.kill(signal)
      expect(await worker.code, worker.said()).toBe(code)
      expect(json(folder, 'ended.json')).toEqual({ code })
      expect(existsSync(join(folder, 'result.json')) || existsSync(join(folder, 'error.json'))).toBe(false)
    }
    expect(await work(folder).code).toBe(0)
  }
)

test('pause and cancel are files beside the job', async () => {
  const folder = jobFolder(200)
  const worker = work(folder)
  await begun(folder)
  writeFileSync(join(folder, 'pause'), '')
  expect(await worker.code).toBe(75)
  expect(await work(folder).code).toBe(75)
  rmSync(join(folder, 'pause'))
  const again = work(folder)
  await begun(folder, lines(folder).length)
  writeFileSync(join(folder, 'cancel'), '')
  expect(await again.code).toBe(1)
  expect(json(folder, 'error.json')).toMatchObject({ cancelled: true })
})

test('a job that was started twice is done once', async () => {
  const folder = jobFolder(20)
  const workers = [work(folder), work(folder), work(folder)]
  expect(await Promise.all(workers.map(({ code }) => code))).toEqual([0, 0, 0])
  expect(lines(folder).filter(({ type }) => type === 'curve')).toHaveLength(20)
})

test('a killed worker is followed by another, and half a line that it left is none', async () => {
  const folder = jobFolder(30)
  const worker = work(folder)
  await begun(folder)
  worker.child.kill('SIGKILL')
  await worker.code
  writeFileSync(join(folder, 'progress.jsonl'), '{"type":"log","te', { flag: 'a' })
  expect(await work(folder).code).toBe(0)
  expect(json(folder, 'result.json')).toMatchObject({ output: { steps: 30 } })
  // The job's own lines are whole although one before them was not.
  expect(lines(folder).filter(({ type }) => type === 'curve').length).toBeGreaterThanOrEqual(30)
})

test('inputs are taken by content only: a damaged one is refused and thrown away', async () => {
  const good = Buffer.from('what was sent')
  const sha256 = createHash('sha256').update(good).digest('hex')
  const folder = jobFolder(1, { inputs: [{ path: 'datasets/d/examples.db', sha256, bytes: good.length }] })
  const object = join(folder, '..', '..', 'objects', sha256)
  for (const damaged of [null, good.subarray(1), Buffer.from('WHAT was sent')]) {
    if (damaged !== null) writeFileSync(object, damaged)
    rmSync(join(folder, 'error.json'), { force: true })
    expect(await work(folder).code).toBe(1)
    expect(json(folder, 'error.json')).toMatchObject({
      error: { code: 'input-missing', details: { objects: [sha256] } }
    })
    expect(existsSync(object)).toBe(false)
  }
  writeFileSync(object, good)
  rmSync(join(folder, 'error.json'))
  expect(await work(folder).code).toBe(0)
  expect(readFileSync(join(folder, 'home/datasets/d/examples.db'))).toEqual(good)
  expect(statSync(object).mode & 0o222).toBe(0)
})
