import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src/main/contract/error.ts'
import { openCheckpoint, openWeights } from '../../../src/main/models/weights/checkpoint.ts'
import { safetensors, temporaryFile, temporaryFolder } from './files.ts'
import { opensOrExplains } from './opens.ts'

const f32 = (shape: unknown, begin: unknown, end: unknown, dtype: unknown = 'F32'): unknown => ({
  dtype,
  shape,
  data_offsets: [begin, end]
})

/** Each file is wrong in one way; the message must name the file and what was found. */
const files: [string, Uint8Array, RegExp][] = [
  ['nothing', Buffer.alloc(0), /0 bytes, too few/],
  ['less than a length', Buffer.alloc(7), /7 bytes, too few/],
  ['a header of 100 GB', safetensors('{}', 0, 100_000_000_000n), /claims 100000000000 bytes/],
  ['a header of 2^64 - 1', safetensors('{}', 0, 2n ** 64n - 1n), /claims 18446744073709551615 bytes/],
  ['a header longer than the file', safetensors('{}', 0, 3n), /claims 3 bytes, but the file has only/],
  ['no JSON', safetensors('{"a":'), /not a proper JSON object/],
  ['an array', safetensors('[]'), /not a proper JSON object/],
  ['not UTF-8', safetensors('{}', Buffer.from([0xff]), 3n), /not UTF-8/],
  ['a name twice', safetensors('{"a":{},"a":{}}'), /comes twice/],
  ['metadata twice', safetensors('{"__metadata__":{},"__metadata__":{}}'), /comes twice/],
  ['metadata that is no text', safetensors({ __metadata__: { a: 1 } }), /__metadata__ entry "a"/],
  ['metadata that is a list', safetensors({ __metadata__: [] }), /__metadata__ is not an object/],
  ['a tensor that is null', safetensors({ a: null }), /tensor "a" has no description/],
  ['a type that does not exist', safetensors({ a: f32([1], 0, 4, 'F99') }, 4), /"a" has the element type F99/],
  ['a type from the prototype', safetensors({ a: f32([1], 0, 4, 'constructor') }, 4), /element type constructor/],
  ['an fp8 type', safetensors({ a: f32([4], 0, 4, 'F8_E4M3') }, 4), /element type F8_E4M3.*F32, F16 or BF16/],
  ['a type that is a number', safetensors({ a: f32([1], 0, 4, 7) }, 4), /element type 7/],
  ['no shape', safetensors({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4), /"a" has the impossible shape/],
  ['a negative dimension', safetensors({ a: f32([-1], 0, 4) }, 4), /impossible shape \[-1\]/],
  ['a broken dimension', safetensors({ a: f32([0.5], 0, 4) }, 4), /impossible shape \[0.5\]/],
  ['a dimension of 2^53', safetensors({ a: f32([2 ** 53], 0, 4) }, 4), /impossible shape/],
  ['a product beyond 2^53', safetensors({ a: f32([2 ** 30, 2 ** 30], 0, 4) }, 4), /impossible shape/],
  ['a dimension that is null (NaN)', safetensors({ a: f32([NaN], 0, 4) }, 4), /impossible shape \[null\]/],
  ['a dimension that is text', safetensors({ a: f32(['1'], 0, 4) }, 4), /impossible shape/],
  ['fewer bytes than the shape needs', safetensors({ a: f32([2], 0, 4) }, 4), /needs 8 bytes, but is given 4/],
  ['more bytes than the shape needs', safetensors({ a: f32([1], 0, 8) }, 8), /needs 4 bytes, but is given 8/],
  ['an end beyond the file', safetensors({ a: f32([2], 0, 8) }, 4), /lies at bytes \[0,8\], but the data has 4/],
  ['an end before the start', safetensors({ a: f32([1], 4, 0) }, 4), /lies at bytes \[4,0\]/],
  ['a negative start', safetensors({ a: f32([1], -4, 0) }, 4), /lies at bytes \[-4,0\]/],
  ['offsets that are texts', safetensors({ a: f32([1], '0', '4') }, 4), /lies at bytes/],
  ['three offsets', safetensors({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4, 4] } }, 4), /lies at bytes/],
  ['overlapping tensors', safetensors({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), /"b" at byte 4 overlaps/],
  ['two tensors at one place', safetensors({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4), /overlaps/],
  ['a hole', safetensors({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /"b" at byte 8 leaves a hole/],
  ['bytes that no tensor has', safetensors({ a: f32([1], 0, 4) }, 8), /end at byte 4 of the data, but the file has 8/]
]

describe('a safetensors file with', () => {
  it.each(files)('%s is refused', async (_, bytes, message) => {
    const file = temporaryFile('model.safetensors', bytes)
    const error = await openWeights(file).then(
      () => null,
      (thrown: unknown) => thrown
    )
    expect(error).toBeInstanceOf(LabError)
    expect((error as LabError).code).toBe('checkpoint-damaged')
    expect((error as LabError).message).toContain(file)
    expect((error as LabError).message).toMatch(message)
  })

  it('a tensor called __proto__ is only a tensor', async () => {
    const file = temporaryFile(
      'model.safetensors',
      safetensors('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4)
    )
    const checkpoint = await openWeights(file)
    expect(checkpoint.names()).toEqual(['__proto__'])
    expect([...(await checkpoint.read('__proto__'))]).toEqual([0])
    await checkpoint.close()
  })

  it('colons and quotes in names is read', async () => {
    const names = ['a:b', 'c"d', 'e\\', '{f:"g"}', 'h\\":']
    const header = Object.fromEntries(names.map((name, i) => [name, f32([1], 4 * i, 4 * i + 4)]))
    const checkpoint = await openWeights(temporaryFile('model.safetensors', safetensors(header, 4 * names.length)))
    expect(checkpoint.names().sort()).toEqual(names.toSorted())
    await checkpoint.close()
  })

  it('random headers never gives anything but a LabError', async () => {
    const folder = temporaryFolder()
    const offset = fc.oneof(fc.integer({ min: -9, max: 40 }), fc.double(), fc.constant(null))
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'BOOL'), fc.string()),
        shape: fc.array(fc.oneof(fc.integer({ min: -2, max: 9 }), fc.double(), fc.maxSafeInteger()), { maxLength: 4 }),
        data_offsets: fc.array(offset, { maxLength: 3 })
      },
      { requiredKeys: [] }
    )
    const header = fc.dictionary(fc.string(), fc.oneof(entry, fc.json()))
    await fc.assert(
      fc.asyncProperty(header, fc.nat(64), async (rows, size) => {
        const file = join(folder, 'x.safetensors')
        writeFileSync(file, safetensors(rows, size))
        await opensOrExplains(file)
      }),
      { numRuns: 300 }
    )
  })

  it('changed or missing bytes never gives anything but tensors or a LabError', async () => {
    const whole = readFileSync(join(import.meta.dirname, 'golden', 'safetensors', 'model.safetensors'))
    const file = join(temporaryFolder(), 'x.safetensors')
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(whole.length), async (edits, cut) => {
        const bytes = Buffer.from(whole)
        for (const [at, value] of edits) bytes[at] = value
        writeFileSync(file, cut % 3 === 0 ? bytes.subarray(0, cut) : bytes)
        await opensOrExplains(file)
      }),
      { numRuns: 400 }
    )
  })
})

describe('a shard index', () => {
  const shard = safetensors({ a: f32([1], 0, 4) }, 4)
  const open = async (weightMap: unknown): Promise<unknown> => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: weightMap }))
    writeFileSync(join(folder, 'one.safetensors'), shard)
    const checkpoint = await openCheckpoint(folder)
    await checkpoint.close()
    return checkpoint
  }

  it.each([
    '../one.safetensors',
    '../../etc/passwd',
    '/etc/passwd',
    'a/one.safetensors',
    'a\\one.safetensors',
    'C:one.safetensors',
    '..',
    '.safetensors',
    'one.safetensors\u0000',
    'one.pickle',
    ''
  ])('that leads to %j is refused', async (path) => {
    await expect(open({ a: path })).rejects.toMatchObject({
      code: 'checkpoint-damaged',
      details: { tensor: 'a', shard: path }
    })
  })

  it.each([[null], [{}], [[]], [{ a: 7 }], ['x']])('of the form %j is refused', async (map) => {
    await expect(open(map)).rejects.toMatchObject({ code: 'checkpoint-damaged' })
  })

  it('that names a tensor which its shard does not hold is refused', async () => {
    await expect(open({ a: 'one.safetensors', b: 'one.safetensors' })).rejects.toThrow(/"b" is in one.safetensors/)
  })

  it('that names a file which is not there is refused', async () => {
    await expect(open({ a: 'two.safetensors' })).rejects.toMatchObject({ code: 'checkpoint-missing' })
  })

  it('that is true is read', async () => {
    await expect(open({ a: 'one.safetensors' })).resolves.toBeTruthy()
  })
})
