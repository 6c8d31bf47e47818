import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LabError } from '../../../src/main/contract/error.ts'
import { openCheckpoint } from '../../../src/main/models/weights/checkpoint.ts'

/** Files of torch.save as trainers and people leave them (test/oracle/torch_strangers.py): the numbers are torch's, or the file is refused. */
const strangers = join(import.meta.dirname, 'golden/strangers')
const index = JSON.parse(readFileSync(join(strangers, 'index.json'), 'utf8')) as Record<
  string,
  Record<string, { shape: number[]; values: number[] }> | null
>

/** Counters and the like, which no layer reads as weights. */
const integers: Record<string, ((bytes: Uint8Array) => number[]) | undefined> = {
  I64: (bytes) => Array.from(new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8), Number),
  I32: (bytes) => [...new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)],
  I16: (bytes) => [...new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)],
  I8: (bytes) => [...new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)],
  U8: (bytes) => [...bytes],
  BOOL: (bytes) => [...bytes]
}

function folderOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-torch-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(strangers, `${name}.bin`), join(folder, 'pytorch_model.bin'))
  return folder
}

test.each(Object.entries(index))('%s', async (name, expected) => {
  const opened = openCheckpoint(folderOf(name))
  if (expected === null) {
    const thrown: unknown = await opened.catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(LabError)
    expect((thrown as LabError).code).toBe('checkpoint-unsupported')
    expect((thrown as LabError).message).toContain('pytorch_model.bin')
    return
  }
  const checkpoint = await opened
  const found: Record<string, unknown> = {}
  for (const tensor of checkpoint.names()) {
    const { shape, dtype } = checkpoint.info(tensor)
    const numbers = integers[dtype]
    const values = numbers ? numbers(await checkpoint.readBytes(tensor)) : [...(await checkpoint.read(tensor))]
    found[tensor] = { shape: [...shape], values }
  }
  await checkpoint.close()
  const floats = Object.entries(expected).map(([key, { shape, values }]) => [
    key,
    { shape, values: values.map(Math.fround) }
  ])
  expect(found).toEqual(Object.fromEntries(floats))
})
