import fc from 'fast-check'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { crc32c } from '../../src/main/features/comparison/crc32c.ts'
import {
  curvesCsv,
  mlflowFiles,
  tensorBoardFiles,
  type LossCurve
} from '../../src/main/features/comparison/loss-curves.ts'

const curve = (rows: LossCurve['rows'], runId = 'run-1'): LossCurve => ({
  ...{ runId, strategy: 'Dense', target: 'CB <b>, “x”/y', round: 1, seed: 43 },
  finishedAt: Date.UTC(2026, 10, 20),
  rows
})

test('CRC-32C is that of RFC 3720', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
})

test('curves as CSV keep small learning rates, and leave empty what was not reported', () => {
  const text = curvesCsv([
    curve([
      { step: 1, loss: 2.5, learningRate: 6e-6 },
      { step: 2, loss: 2 }
    ])
  ])
  expect(text.split('\r\n')).toEqual([
    'run,strategy,target,round,seed,step,loss,learningRate',
    'run-1,Dense,"CB <b>, “x”/y",2,43,1,2.5,0.000006',
    'run-1,Dense,"CB <b>, “x”/y",2,43,2,2,',
    ''
  ])
})

describe('event files', () => {
  test('hold every figure of every step, in records whose checksums fit', () => {
    const figure = fc.float({ noNaN: true, noDefaultInfinity: true })
    const rows = fc.array(fc.record({ loss: figure, 'grad norm': figure }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(rows, (drawn) => {
        const given = drawn.map((row, at) => ({ step: at + 1, ...row }))
        const [file] = tensorBoardFiles([curve(given)])
        const events = recordsOf(file!.content).map(readEvent)
        expect(events[0]!.version).toBe('brain.Event:2')
        expect(events.slice(1).map(({ step, values }) => ({ step, ...values }))).toEqual(given)
      }),
      { numRuns: 30 }
    )
  })

  test('lie in a folder for each run, whose name every file system takes', () => {
    const [file, ...more] = tensorBoardFiles([curve([{ step: 1, loss: 1 }]), curve([], 'run-2')])
    expect(more).toEqual([])
    expect(file!.name).toMatch(/^Dense\/CB-b-x-y\/round-2\/events\.out\.tfevents\.\d+\.recross-lab\.run-1$/)
  })
})

test('an mlruns folder says what MLflow asks of each file', () => {
  const run = {
    ...curve([
      { step: 1, loss: 2 },
      { step: 2, loss: 1 }
    ]),
    startedAt: 5,
    params: { 'tune.epochs': '2' },
    metrics: { 'em on CB/x': 40 }
  }
  const files = new Map(
    mlflowFiles({ id: 'experiment-1', name: 'A “name”: with #', createdAt: 1 }, [run]).map(({ name, content }) => [
      name,
      content
    ])
  )
  const [experiment] = [...files.keys()].filter((name) => /^mlruns\/\d+\/meta\.yaml$/.test(name))
  expect(parse(files.get(experiment!)!)).toMatchObject({ name: 'A “name”: with #', lifecycle_stage: 'active' })
  const folder = [...files.keys()].find((name) => /\/[0-9a-f]{32}\/meta\.yaml$/.test(name))!.replace('/meta.yaml', '')
  const meta = parse(files.get(`${folder}/meta.yaml`)!) as Record<string, unknown>
  expect(meta).toMatchObject({ run_id: folder.split('/').at(-1), status: 3, experiment_id: experiment!.split('/')[1] })
  expect(files.get(`${folder}/metrics/loss`)).toBe(`${run.finishedAt} 2 1\n${run.finishedAt} 1 2\n`)
  expect(files.get(`${folder}/metrics/em on CB_x`)).toBe(`${run.finishedAt} 40 0\n`)
  expect(files.get(`${folder}/params/tune.epochs`)).toBe('2')
  // MLflow finds a run by its id only where none of these folders is missing.
  for (const name of ['params', 'metrics', 'tags', 'artifacts'])
    expect([...files.keys()].some((one) => one.startsWith(`${folder}/${name}/`))).toBe(true)
})

function recordsOf(file: Buffer): Buffer[] {
  const masked = (bytes: Buffer) => (((crc32c(bytes) >>> 15) | (crc32c(bytes) << 17)) + 0xa282ead8) >>> 0
  const records: Buffer[] = []
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at))
    expect(file.readUInt32LE(at + 8)).toBe(masked(file.subarray(at, at + 8)))
    const data = file.subarray(at + 12, at + 12 + length)
    expect(file.readUInt32LE(at + 12 + length)).toBe(masked(data))
    records.push(data)
    at += 16 + length
  }
  return records
}

function readEvent(bytes: Buffer): { step: number; version: string; values: Record<string, number> } {
  const event = { step: 0, version: '', values: {} as Record<string, number> }
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === 2) event.step = Number(reader.int64())
    else if (field === 3) event.version = reader.string()
    else if (field === 5) {
      const summary = new BinaryReader(reader.bytes())
      while (summary.pos < summary.len) {
        summary.tag()
        const value = new BinaryReader(summary.bytes())
        value.tag()
        const name = value.string()
        value.tag()
        event.values[name] = value.float()
      }
    } else reader.skip(type)
  }
  return event
}
