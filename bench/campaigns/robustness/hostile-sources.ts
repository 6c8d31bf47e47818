import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Random } from '../../../src/main/random/random.ts'
import { tar, zip } from '../../../test/data/import/archives.ts'
import type { TinyWorld } from '../../../test/worker/tiny-world.ts'

/** A sound file or folder of one kind, of which damaged ones are made. */
export interface HostileSource {
  name: string
  what: 'data' | 'model'
  kind: 'upstream' | 'target'
  /** Writes a damaged one below `folder` and returns its path. */
  write(folder: string, damage: (bytes: Buffer) => Buffer, random: Random): string
}

const rows = Array.from({ length: 60 }, (_, n) => ({
  input: `What is ${n}?`,
  output: `It is "${n}", or so`,
  task: `t${n % 3}`
}))
const jsonl = rows.map((row) => JSON.stringify(row)).join('\n')
const csv = [
  'input,output,task',
  ...rows.map(({ input, output, task }) => `"${input}","${output.replaceAll('"', '""')}",${task}`)
].join('\r\n')

export async function hostileSources(world: TinyWorld): Promise<HostileSource[]> {
  const parquet = Buffer.from(
    parquetWriteBuffer({
      columnData: (['input', 'output', 'task'] as const).map((name) => ({
        name,
        data: rows.map((row) => row[name]),
        type: 'STRING' as const
      })),
      rowGroupSize: 20
    })
  )
  const workbooks = join(import.meta.dirname, '../../../test/oracle/golden/workbooks')
  const workbook = readFileSync(
    join(
      workbooks,
      readdirSync(workbooks)
        .filter((name) => name.endsWith('.xlsx'))
        .sort()[0]!
    )
  )
  return [
    data('jsonl', Buffer.from(jsonl)),
    data('json', Buffer.from(JSON.stringify({ data: rows }, null, 1))),
    data('csv', Buffer.from(csv)),
    data(
      'tsv',
      Buffer.from(
        csv.replaceAll('","', '"\t"').replaceAll('",t', '"\tt').replace('input,output,task', 'input\toutput\ttask')
      )
    ),
    data('txt', Buffer.from(rows.map(({ input }) => input).join('\n'))),
    data('parquet', parquet),
    data('xlsx', workbook),
    data('db', readFileSync(world.upstream)),
    data('jsonl.gz', gzipSync(jsonl)),
    data('zip', zip({ 'a.jsonl': jsonl, 'b/c.jsonl': jsonl })),
    data('tar', tar({ 'a.jsonl': jsonl, 'b/c.jsonl': jsonl })),
    data('tar.gz', gzipSync(tar({ 'a.jsonl': jsonl }))),
    ...readdirSync(world.model)
      .filter((name) => /\.(json|safetensors)$/.test(name))
      .map((name) => model(name, world.model))
  ]
}

function data(ending: string, bytes: Buffer): HostileSource {
  return {
    name: ending,
    what: 'data',
    // A text has no answers.
    kind: ending === 'txt' ? 'target' : 'upstream',
    write(folder, damage) {
      mkdirSync(folder, { recursive: true })
      const path = join(folder, ending === 'db' ? 'examples.db' : `data.${ending}`)
      writeFileSync(path, damage(bytes))
      return path
    }
  }
}

function model(file: string, from: string): HostileSource {
  const bytes = readFileSync(join(from, file))
  return {
    name: `a model's ${file}`,
    what: 'model',
    kind: 'upstream',
    write(folder, damage) {
      cpSync(from, folder, { recursive: true })
      writeFileSync(join(folder, file), damage(bytes))
      return folder
    }
  }
}
