import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { WorkerPool } from '../../src/main/jobs/pool.ts'
import { checkStart } from '../../src/main/jobs/start-check.ts'
import type { WorkerStarter } from '../../src/main/jobs/worker-process.ts'

const good = forkStarter(workerEntry())
const home = mkdtempSync(join(tmpdir(), 'recross-start-'))
const wayOut = 'Install the lab again.'

function poolOf(usual: WorkerStarter, large?: WorkerStarter): WorkerPool {
  const pool = new WorkerPool(usual, large === undefined ? {} : { large })
  onTestFinished(() => pool.close())
  return pool
}

/** A worker's program that is not what it should be. */
function broken(program: string): WorkerStarter {
  const path = join(mkdtempSync(join(tmpdir(), 'recross-broken-')), 'worker.mjs')
  writeFileSync(path, program)
  return forkStarter(path)
}

/** Answers as a worker whose ONNX Runtime does not load. */
const withoutRuntime = `process.on('message', ({ id }) => process.send({
  type: 'result', id,
  output: { checks: [{ name: 'ONNX Runtime', state: 'failed', found: 'libonnxruntime.so.1 not found', advice: null }] }
}))`

test('says nothing where workers can do all that jobs need', async () => {
  expect(await checkStart(poolOf(good), { home, wayOut })).toBeNull()
})

test.each([
  ['dies at once', 'process.exit(1)', /exit code 1|ended/],
  ['is killed', 'process.on("message", () => process.kill(process.pid, "SIGTRAP"))', /./],
  ['cannot load ONNX Runtime', withoutRuntime, /ONNX Runtime: libonnxruntime\.so\.1 not found/],
  ['does not answer', 'setInterval(() => undefined, 1000)', /did not answer/]
])('a worker that %s: the Node of the lab does the work, and the user is told why', async (_name, program, why) => {
  const pool = poolOf(broken(program), good)
  const notice = await checkStart(pool, { home, wayOut, milliseconds: 15_000 })
  expect(notice).toMatch(why)
  expect(notice).toContain('is done by the Node that comes with the lab')
  const worker = pool.take('self-test')
  const task = { id: 't', kind: 'self-test' as const, input: { steps: 1, milliseconds: 1 }, folder: null, home }
  expect(await worker.run({ ...task, threads: 1 }, {})).toMatchObject({ type: 'finished' })
})

test('where neither works, both reasons and a way out are told, and nothing is changed', async () => {
  const pool = poolOf(broken('process.exit(3)'), broken(withoutRuntime))
  const notice = await checkStart(pool, { home, wayOut })
  expect(notice).toContain('libonnxruntime.so.1 not found')
  expect(notice).toContain(wayOut)
  expect(pool.hasLarge).toBe(true)
})

test('where there is no other Node, the reason and the way out are told', async () => {
  const notice = await checkStart(poolOf(broken(withoutRuntime)), { home, wayOut })
  expect(notice).toBe(`Jobs will not run here: ONNX Runtime: libonnxruntime.so.1 not found. ${wayOut}`)
})
