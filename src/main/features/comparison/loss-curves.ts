import { createHash } from 'node:crypto'
import { crc32c } from './crc32c.ts'
import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { csvText } from '../../evaluation/report/csv.ts'

/** What a run reported while it tuned, a row per step (thinned to 2,000): step, loss, learningRate and others. */
export interface LossCurve {
  runId: string
  strategy: string
  target: string
  round: number
  seed: number
  /** When the run finished, in milliseconds since 1970. */
  finishedAt: number
  rows: readonly Readonly<Record<string, number>>[]
}

/** One line per step of every run; figures that a run did not report are empty. */
export function curvesCsv(curves: readonly LossCurve[]): string {
  const figures = [...new Set(curves.flatMap(({ rows }) => rows.flatMap((row) => Object.keys(row))))]
  const rest = figures.filter((name) => name !== 'step')
  const lines = curves.flatMap(({ runId, strategy, target, round, seed, rows }) =>
    rows.map((row, at) => [
      ...[runId, strategy, target, round + 1, seed, row['step'] ?? at + 1],
      ...rest.map((name) => exact(row[name]))
    ])
  )
  return csvText([['run', 'strategy', 'target', 'round', 'seed', 'step', ...rest], ...lines])
}

/** All digits: a learning rate of 6e-6 would be rounded away. As text it must not look like a formula, so no sign stands first. */
function exact(value: number | undefined): string | number {
  if (value === undefined) return ''
  return value > 0 && value < 1e-3 ? String(value) : value
}

/**
 * TensorBoard event files, one folder per run: TFRecords of `tensorflow.Event` (event.proto: wall_time 1, step 2, file_version 3,
 * summary 5; summary.proto: value 1 with tag 1 and simple_value 2).
 */
export function tensorBoardFiles(curves: readonly LossCurve[]): { name: string; content: Buffer }[] {
  return curves
    .filter(({ rows }) => rows.length > 0)
    .map(({ runId, strategy, target, round, finishedAt, rows }) => {
      const seconds = finishedAt / 1000
      const first = record(event(seconds, (writer) => writer.tag(3, 2).string('brain.Event:2')))
      const steps = rows.map((row, at) => {
        const step = row['step'] ?? at + 1
        const figures = Object.entries(row).filter(([name]) => name !== 'step')
        return record(
          event(seconds, (writer) => {
            writer.tag(2, 0).int64(step).tag(5, 2).fork()
            for (const [name, value] of figures)
              writer.tag(1, 2).fork().tag(1, 2).string(name).tag(2, 5).float(value).join()
            writer.join()
          })
        )
      })
      const folder = [strategy, target, `round-${round + 1}`].map((part) => part.replaceAll(/[^\w.-]+/g, '-')).join('/')
      const name = `${folder}/events.out.tfevents.${Math.floor(seconds)}.recross-lab.${runId}`
      return { name, content: Buffer.concat([first, ...steps]) }
    })
}

function event(wallTime: number, rest: (writer: BinaryWriter) => void): Buffer {
  const writer = new BinaryWriter().tag(1, 1).double(wallTime)
  rest(writer)
  return Buffer.from(writer.finish())
}

/** Length, its checksum, data, their checksum; checksums are CRC-32C, rotated and shifted as TensorFlow masks them. */
function record(data: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeBigUInt64LE(BigInt(data.length), 0)
  head.writeUInt32LE(masked(head.subarray(0, 8)), 8)
  const tail = Buffer.alloc(4)
  tail.writeUInt32LE(masked(data), 0)
  return Buffer.concat([head, data, tail])
}

function masked(bytes: Buffer): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/** What MLflow shows of a run. */
export interface TrackedRun extends LossCurve {
  startedAt: number
  /** Settings by their path. */
  params: Readonly<Record<string, string>>
  /** Scores and times. */
  metrics: Readonly<Record<string, number>>
}

/**
 * The layout of MLflow's file store: `mlruns/<experiment>/meta.yaml`, and per run meta.yaml, params/, metrics/ (lines of time, value,
 * step) and tags/. Opened by `mlflow ui --backend-store-uri mlruns`.
 */
export function mlflowFiles(
  experiment: { id: string; name: string; createdAt: number },
  runs: readonly TrackedRun[]
): { name: string; content: string }[] {
  const id = String(BigInt(`0x${digest(experiment.id).slice(0, 15)}`))
  const meta = {
    artifact_location: `mlruns/${id}`,
    creation_time: experiment.createdAt,
    experiment_id: id,
    last_update_time: experiment.createdAt,
    lifecycle_stage: 'active',
    name: experiment.name
  }
  return [{ name: `mlruns/${id}/meta.yaml`, content: yaml(meta) }, ...runs.flatMap((run) => filesOfRun(id, run))]
}

function filesOfRun(experimentId: string, run: TrackedRun): { name: string; content: string }[] {
  const id = digest(run.runId).slice(0, 32)
  const folder = `mlruns/${experimentId}/${id}`
  const runName = `${run.strategy}, ${run.target}, round ${run.round + 1}`
  const meta = {
    artifact_uri: `${folder}/artifacts`,
    end_time: run.finishedAt,
    entry_point_name: '',
    experiment_id: experimentId,
    lifecycle_stage: 'active',
    run_id: id,
    run_name: runName,
    run_uuid: id,
    source_name: 'ReCross Lab',
    // LOCAL and FINISHED in MLflow's enumerations.
    source_type: 4,
    source_version: '',
    start_time: run.startedAt,
    status: 3,
    tags: [],
    user_id: 'recross-lab'
  }
  const series = new Map<string, string[]>()
  for (const [at, row] of run.rows.entries())
    for (const [name, value] of Object.entries(row))
      if (name !== 'step') {
        const lines = series.get(name) ?? []
        lines.push(`${run.finishedAt} ${value} ${row['step'] ?? at + 1}`)
        series.set(name, lines)
      }
  for (const [name, value] of Object.entries(run.metrics)) series.set(name, [`${run.finishedAt} ${value} 0`])
  const params = {
    strategy: run.strategy,
    target: run.target,
    round: String(run.round + 1),
    seed: String(run.seed),
    ...run.params
  }
  const tags = { 'mlflow.runName': runName, 'mlflow.user': 'recross-lab', 'recross.run': run.runId }
  const named = (kind: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, content]) => ({ name: `${folder}/${kind}/${fit(name)}`, content }))
  return [
    { name: `${folder}/meta.yaml`, content: yaml(meta) },
    ...named('params', params),
    ...named('tags', tags),
    // MLflow takes a folder for a run only where it has all four folders, and a zip holds no empty one.
    { name: `${folder}/artifacts/run.txt`, content: `Run ${run.runId} of ReCross Lab\n` },
    ...[...series].map(([name, lines]) => ({
      name: `${folder}/metrics/${fit(name)}`,
      content: `${lines.join('\n')}\n`
    }))
  ]
}

/** MLflow's names hold letters, digits, `_ - . / ` and blanks. */
const fit = (name: string): string => name.replaceAll(/[^\w\-. ]+/g, '_')
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** JSON values are YAML too. */
function yaml(values: Readonly<Record<string, string | number | readonly string[]>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('')
}
