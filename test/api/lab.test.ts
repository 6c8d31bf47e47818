import { describe, expect, onTestFinished, test } from 'vitest'
import type { Change } from '../../src/main/contract/events.ts'
import { LabError } from '../../src/main/contract/error.ts'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { openLab, until } from '../hosts/fixture.ts'
import { transports } from '../hosts/transports.ts'

const quick = { steps: 3, milliseconds: 1 }

async function thrownBy(call: Promise<unknown>): Promise<LabError> {
  try {
    await call
  } catch (thrown) {
    return fromCall(thrown)
  }
  throw new Error('The call did not throw.')
}

describe.each(Object.keys(transports))('over %s', (name) => {
  async function connected() {
    const lab = await openLab()
    const connect = async (to: Lab = lab) => {
      const wire = await transports[name]!(to)
      onTestFinished(() => wire.cut())
      return wire
    }
    return { lab, connect, ...(await connect()) }
  }

  test('calls answer with what the contract says', async () => {
    const { client, lab } = await connected()
    const home = await client.lab.home()
    expect(home).toMatchObject({ path: lab.home.path, host: 'cli', cores: expect.any(Number) as number })
    expect(home.usedBytes).toBeGreaterThan(0)
    expect(await client.lab.settings()).toMatchObject({ provider: 'auto', hasToken: false, tokenStore: 'none' })
    expect(await client.lab.saveSettings({ theme: 'dark' })).toMatchObject({ theme: 'dark' })
  })

  test('input that does not fit is refused, naming the field', async () => {
    const { client } = await connected()
    const error = await thrownBy(client.lab.saveSettings({ threads: -1 }))
    expect(error).toMatchObject({ code: 'bad-request', message: expect.stringContaining('threads') as string })
  })

  test('errors keep code, message, details and cause', async () => {
    const { client, lab } = await connected()
    const missing = await thrownBy(client.jobs.get({ id: 'nope' }))
    expect(missing).toBeInstanceOf(LabError)
    expect(missing).toMatchObject({ code: 'not-found', details: { what: 'job', id: 'nope' } })
    lab.services.store.jobs.find = () => {
      throw new LabError('disk-failing', 'The disk failed.', {
        cause: new Error('EIO', { cause: new Error('sector 7') })
      })
    }
    expect(await thrownBy(client.jobs.get({ id: 'x' }))).toMatchObject({ code: 'disk-failing', cause: 'EIO: sector 7' })
    lab.services.store.jobs.find = () => {
      throw new TypeError('x is not a function')
    }
    expect(await thrownBy(client.jobs.get({ id: 'x' }))).toMatchObject({ code: 'bug', message: 'x is not a function' })
  })

  test('an unknown route is refused', async () => {
    const { client } = await connected()
    const unknown = client as unknown as { lab: { explode(input: object): Promise<unknown> } }
    expect((await thrownBy(unknown.lab.explode({}))).code).toBe('unknown-route')
  })

  test('jobs are started, watched and steered', async () => {
    const { client } = await connected()
    const { id } = await client.jobs.selfTest(quick)
    const job = await until(
      () => client.jobs.get({ id }),
      ({ status }) => status === 'finished'
    )
    expect(job.progress?.fraction).toBe(1)
    expect((await client.jobs.list({ kinds: ['self-test'] })).total).toBe(1)
    expect(await client.jobs.curve({ id })).toHaveLength(3)
    expect((await client.jobs.log({ id })).length).toBeGreaterThan(0)
    expect((await thrownBy(client.jobs.resume({ id }))).code).toBe('job-state')
    await client.jobs.remove({ id })
    expect((await client.jobs.list({})).total).toBe(0)
  })

  test('changes stream to every client; one that was away asks and goes on', async () => {
    const { client, lab, cut, connect } = await connected()
    const seen: Change[] = []
    const watch = async (from: typeof client) => {
      for await (const change of await from.lab.changes()) seen.push(change)
    }
    const first = watch(client).catch(() => undefined)
    await until(
      () => lab.services.changes.subscribers,
      (count) => count === 1
    )
    const { id } = await client.jobs.selfTest({ steps: 200, milliseconds: 5 })
    await until(
      () => seen,
      (all) => all.some((change) => change.type === 'job' && change.job.progress !== null)
    )
    await cut()
    await first
    await until(
      () => lab.services.changes.subscribers,
      (count) => count === 0
    )
    seen.length = 0
    const again = await connect()
    const now = await again.client.jobs.get({ id })
    expect(now.status).toBe('running')
    expect(now.progress?.done).toBeGreaterThan(0)
    void watch(again.client).catch(() => undefined)
    await again.client.jobs.cancel({ id })
    await until(
      () => seen,
      (all) => all.some((change) => change.type === 'job' && change.job.status === 'cancelled')
    )
  })

  test('the doctor looks at everything and says what to do', async () => {
    const { client } = await connected()
    const { checks } = await client.lab.doctor()
    const names = checks.map((check) => check.name)
    expect(names).toEqual(expect.arrayContaining(['Node', 'Memory', 'Disk', 'SQLite', 'ONNX Runtime', 'Provider cpu']))
    for (const { name: part, state, advice } of checks) if (state === 'missing') expect(advice, part).not.toBe('')
  })
})
