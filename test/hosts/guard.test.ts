import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { guard } from '../../src/main/hosts/guard.ts'

let said: string
beforeEach(() => {
  said = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
})
afterEach(() => void vi.restoreAllMocks())

/** The guard's own listeners, called as Node calls them; the test runner has others. */
function guarded(close: () => Promise<void>) {
  const before = ['uncaughtException', 'unhandledRejection'].map((event) => process.listeners(event as 'exit'))
  const codes: number[] = []
  const guarding = guard(close, (code) => void codes.push(code))
  onTestFinished(() => guarding.stop())
  const [uncaught, unheard] = (['uncaughtException', 'unhandledRejection'] as const).map(
    (event, at) =>
      process.listeners(event as 'exit').find((listener) => !before[at]!.includes(listener)) as unknown as (
        thrown: unknown
      ) => void
  )
  return {
    uncaught: uncaught!,
    unheard: unheard!,
    codes,
    stop: () => guarding.stop(),
    count: () => before.map((list) => list.length)
  }
}

const withCode = (code: string) => Object.assign(new Error(`it broke: ${code}`), { code })

test.each([
  ...['ECONNRESET', 'ECONNABORTED', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTCONN', 'ERR_STREAM_DESTROYED'],
  ...['ERR_STREAM_WRITE_AFTER_END', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_IPC_CHANNEL_CLOSED', 'ERR_INVALID_URL'],
  ...['ERR_HTTP_HEADERS_SENT', 'ERR_INVALID_CHAR']
])('a connection that breaks (%s) ends nothing', (code) => {
  const close = vi.fn(async () => undefined)
  const { uncaught, codes } = guarded(close)
  uncaught(withCode(code))
  expect([close.mock.calls.length, codes]).toEqual([0, []])
  expect(said).toContain('A connection broke; the lab goes on.')
  expect(said).toContain(code)
})

test.each([
  ['an error', new Error('unheard')],
  ['a text', 'unheard'],
  ['nothing', undefined]
])('a promise that fails unheard with %s ends nothing', (_, reason) => {
  const close = vi.fn(async () => undefined)
  const { unheard, codes } = guarded(close)
  unheard(reason)
  expect([close.mock.calls.length, codes]).toEqual([0, []])
  expect(said).toContain('the lab goes on')
})

test.each<[string, unknown]>([
  ['an error', new Error('a fault')],
  ['an error of the disk', withCode('EIO')],
  ['a text', 'a fault'],
  ['nothing', undefined]
])('%s that nobody caught closes the lab in order, once, and then ends the process', async (_, thrown) => {
  const closed = Promise.withResolvers<void>()
  const close = vi.fn(() => closed.promise)
  const { uncaught, codes } = guarded(close)
  uncaught(thrown)
  uncaught(new Error('another, while it closes'))
  expect([close.mock.calls.length, codes]).toEqual([1, []])
  expect(said).toContain('its jobs go on')
  closed.resolve()
  await vi.waitFor(() => expect(codes).toEqual([1]))
})

test('a lab that fails to close, or hangs, ends all the same', async () => {
  const failing = guarded(async () => {
    throw new Error('cannot close')
  })
  failing.uncaught(new Error('a fault'))
  await vi.waitFor(() => expect(failing.codes).toEqual([1]))

  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const hanging = guarded(() => new Promise(() => undefined))
  hanging.uncaught(new Error('a fault'))
  vi.advanceTimersByTime(9_999)
  expect(hanging.codes).toEqual([])
  vi.advanceTimersByTime(1)
  expect(hanging.codes).toEqual([1])
})

test('nobody who reads what it says is no reason to end, and a stopped guard hears nothing', () => {
  const { unheard, stop, count } = guarded(async () => undefined)
  vi.spyOn(process.stderr, 'write').mockImplementation(() => {
    throw withCode('EPIPE')
  })
  expect(() => unheard(new Error('x'))).not.toThrow()
  stop()
  expect([process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection')]).toEqual(count())
})

test.each([null, undefined, 'ECONNRESET', { code: 'ECONNRESET' }, new Error('x'), withCode('ENOSPC')])(
  'what is no error, or has another code, is no connection: %s',
  (thrown) => {
    const close = vi.fn(async () => undefined)
    guarded(close).uncaught(thrown)
    expect(close.mock.calls.length).toBe(1)
  }
)

test('in a process of its own: it outlives a broken connection and a lost promise, and closes before it ends', () => {
  const module = join(import.meta.dirname, '../../src/main/hosts/guard.ts')
  const script = `
    const { guard } = await import(${JSON.stringify(module)})
    guard(async () => console.log('closed'))
    Promise.reject(new Error('unheard'))
    setTimeout(() => { throw Object.assign(new Error('reset'), { code: 'ECONNRESET' }) }, 5)
    setTimeout(() => console.log('alive'), 30)
    setTimeout(() => { throw new TypeError('a fault') }, 40)
    setTimeout(() => console.log('still here'), 60_000)`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8'
  })
  expect([stdout, status]).toEqual(['alive\nclosed\n', 1])
  expect(stderr).toMatch(/a promise failed.*unheard.*connection broke.*reset.*a fault/is)
})
