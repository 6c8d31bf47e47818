/** Parquet files of every kind of column, coding and page (oracle/parquet_goldens.py), cell by cell with what pyarrow says of them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readParquet } from '../../../src/main/data/import/read-parquet.ts'
import { importPaths, newFolder } from './run-import.ts'

const goldens = join(import.meta.dirname, '../../oracle/golden/parquet')
const values = JSON.parse(gunzipSync(readFileSync(join(goldens, 'values.json.gz'))).toString('utf8')) as Record<
  string,
  Record<string, unknown>[]
>
const pathOf = (name: string): string => join(goldens, `${name}.parquet`)

async function rowsOf(path: string): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const batch of readParquet({ path, name: 'golden' }, null, { bytes: 0 }))
    rows.push(...batch.map(({ value }) => value))
  return rows
}

/** Nothing is null, and numbers that a double does not hold are their digits, as JSON has both. */
const asJson = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner: unknown) =>
      inner === undefined
        ? null
        : typeof inner === 'bigint'
          ? Number.isSafeInteger(Number(inner))
            ? Number(inner)
            : String(inner)
          : inner
    )
  )

describe('Parquet as pyarrow writes it', () => {
  it.each(Object.keys(values))('%s', async (name) => {
    const rows = (await rowsOf(pathOf(name))).map(asJson)
    expect(rows).toHaveLength(values[name]!.length)
    values[name]!.forEach((row, n) => expect(rows[n], `row ${n + 1}`).toEqual(row))
  })

  it('keeps what a column of texts says when it is imported: dates, decimals, members of structs, lists', async () => {
    const take = async (name: string, input: string, output: string) =>
      (await importPaths([pathOf(name)], { kind: 'upstream', mapping: { input, output }, skipLimit: 100 })).examples
    expect((await take('decimals', 'd38', 'd9')).map(({ input, outputs }) => [input, ...outputs])).toEqual([
      ['12345678901234567890123456789012.345678', '1.50'],
      ['-99999999999999999999.500000', '-0.05'],
      ['0.000000', '9999999.99'],
      ['1.000000', '0.00']
    ])
    expect((await take('timestamps', 'ns UTC', 'us plain'))[1]).toMatchObject({
      input: '1969-12-31 23:59:59.123456789Z',
      outputs: ['1969-12-31 23:59:59.123456']
    })
    const { examples } = await importPaths([pathOf('nested')], {
      mapping: { input: 'struct.text', output: 'struct of lists.text' },
      skipLimit: 100
    })
    expect(examples[0]).toMatchObject({ input: 'a', outputs: ['a', 'b'] })
  })

  it('a codec or type that is not read is refused by its name', async () => {
    const bytes = readFileSync(pathOf('codec-none'))
    const path = join(newFolder(), 'x.parquet')
    // In the footer each column says its codec: Thrift's field of that number, 0 for none; 3 would be LZO.
    const footer = bytes.readUInt32LE(bytes.length - 8)
    const at = bytes.indexOf(Buffer.from('text'), bytes.length - 8 - footer)
    expect(at).toBeGreaterThan(0)
    const changed = Buffer.from(bytes)
    for (let place = bytes.length - 8 - footer; place < bytes.length - 9; place++)
      if (changed[place] === 0x15 && changed[place + 1] === 0x00 && changed[place + 2] === 0x16) changed[place + 1] = 6
    writeFileSync(path, changed)
    await expect(rowsOf(path)).rejects.toMatchObject({
      code: 'file-damaged',
      message: expect.stringContaining('LZO') as string
    })
  })
})
