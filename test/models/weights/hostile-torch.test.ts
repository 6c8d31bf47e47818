import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src/main/contract/error.ts'
import { openWeights } from '../../../src/main/models/weights/checkpoint.ts'
import { dictionaryPickle, pickle, tensorPickle, temporaryFile, temporaryFolder, torchZip, zip } from './files.ts'
import { opensOrExplains } from './opens.ts'

const { int, long, text, tuple, global, file: pickleFile } = pickle
const one = (tensor: Uint8Array): Uint8Array => torchZip(dictionaryPickle([['a', tensor]]))
const call = (module: string, name: string, ...parameters: Uint8Array[]): Uint8Array =>
  pickleFile(global(module, name), tuple(...parameters), Buffer.from('R'))
const bytes = (...values: number[]): Buffer => Buffer.from(values)
const good = dictionaryPickle([['a', tensorPickle()]])

/** Pickles that would run something in Python. */
const attacks: [string, Uint8Array][] = [
  ['os.system', call('os', 'system', text('echo broken in'))],
  ['posix.system', call('posix', 'system', text('echo broken in'))],
  ['builtins.eval', call('builtins', 'eval', text('1'))],
  ['builtins.getattr', call('builtins', 'getattr', text('a'), text('b'))],
  ['torch.load', call('torch', 'load', text('x'))],
  ['torch.storage._load_from_bytes', call('torch.storage', '_load_from_bytes', text('x'))],
  ['a name of Object.prototype', call('torch._utils', 'constructor')],
  ['a dotted name', call('collections', 'OrderedDict.fromkeys')],
  [
    'STACK_GLOBAL',
    pickleFile(
      bytes(0x8c, 2),
      Buffer.from('os'),
      bytes(0x8c, 6),
      Buffer.from('system'),
      bytes(0x93),
      tuple(text('x')),
      Buffer.from('R')
    )
  ],
  ['INST', pickleFile(Buffer.from('(ios\nsystem\n'))],
  ['OBJ', pickleFile(Buffer.from('('), global('os', 'system'), text('x'), Buffer.from('o'))],
  ['NEWOBJ', pickleFile(global('os', 'system'), tuple(text('x')), bytes(0x81))],
  ['NEWOBJ_EX', pickleFile(global('os', 'system'), tuple(text('x')), Buffer.from('}'), bytes(0x92))],
  ['EXT1', pickleFile(bytes(0x82, 1))],
  ['PERSID', pickleFile(Buffer.from('Px\n'))],
  ['BUILD of an object', pickleFile(global('a', 'b'), Buffer.from('}'), Buffer.from('b'))],
  ['a call of a text', pickleFile(text('os.system'), tuple(text('x')), Buffer.from('R'))],
  ['a call of a storage type', call('torch', 'FloatStorage', int(5))],
  ['a reference that is no storage', pickleFile(text('module'), Buffer.from('Q'))],
  ['a reference to an unknown type', one(tensorPickle({ type: 'EvilStorage' }))],
  ['a type from the prototype', one(tensorPickle({ type: 'toString' }))]
]

/** Pickles that are no proper program, or describe tensors that cannot be. */
const broken: [string, Uint8Array, RegExp][] = [
  ['nothing', Buffer.alloc(0), /cut short/],
  ['no end', good.subarray(0, -1), /cut short/],
  ['a text that is longer than the file', pickleFile(bytes(0x58, 255, 255, 255, 255)), /cut short/],
  ['an unknown instruction', pickleFile(bytes(0xff)), /instruction 0xff/],
  ['a newer protocol', bytes(0x80, 9, 0x2e), /newer than 5/],
  ['an empty stack', pickleFile(Buffer.from('u')), /mark that is not there/],
  ['a mark as a value', pickleFile(Buffer.from('(')), /empty stack/],
  ['values left over', pickleFile(int(1), int(2)), /left over/],
  ['a value that was never stored', pickleFile(bytes(0x68, 3)), /never stored/],
  ['a text that is not UTF-8', pickleFile(bytes(0x8c, 1, 0xff)), /not UTF-8/],
  ['a number in place of a dictionary', pickleFile(int(1)), /dictionary of tensors/],
  [
    'a dictionary without tensors',
    dictionaryPickle([['a', int(1)]]),
    /but no weights, neither directly nor under state_dict/
  ],
  ['a dictionary that is a list', pickleFile(Buffer.from(']')), /dictionary of tensors/],
  [
    'a name twice',
    dictionaryPickle([
      ['a', tensorPickle()],
      ['a', tensorPickle()]
    ]),
    /"a" comes twice/
  ],
  ['odd items', pickleFile(Buffer.from('}('), text('a'), Buffer.from('u')), /items of something/],
  ['a name that is a number', pickleFile(Buffer.from('}('), int(1), tensorPickle(), Buffer.from('u')), /not a text/],
  ['a negative dimension', one(tensorPickle({ shape: [int(-1)], strides: [int(1)] })), /impossible shape/],
  ['a negative stride', one(tensorPickle({ strides: [int(-2), int(1)] })), /impossible shape/],
  ['a negative offset', one(tensorPickle({ offset: int(-1) })), /impossible shape/],
  ['fewer strides than dimensions', one(tensorPickle({ strides: [int(1)] })), /impossible shape/],
  ['a dimension of 2^62', one(tensorPickle({ shape: [long(2n ** 62n)], strides: [int(1)] })), /impossible shape/],
  ['a shape beyond its storage', one(tensorPickle({ shape: [int(3), int(2)] })), /\[3, 2\].*does not fit in its 4/],
  ['an offset beyond its storage', one(tensorPickle({ offset: int(1) })), /does not fit/],
  ['strides beyond its storage', one(tensorPickle({ strides: [int(3), int(1)] })), /does not fit/],
  [
    'a small storage blown up by stride 0',
    one(tensorPickle({ shape: [int(1 << 30), int(4)], strides: [int(0), int(1)] })),
    /repeats its 4 elements/
  ],
  ['a shape that is a list of texts', one(tensorPickle({ shape: [text('2')], strides: [int(1)] })), /impossible shape/],
  ['a storage of 2^53 elements', one(tensorPickle({ elements: long(2n ** 53n) })), /impossible number/],
  ['a storage of 2^51 elements', one(tensorPickle({ elements: long(2n ** 51n) })), /impossible number/],
  ['a storage of -1 elements', one(tensorPickle({ elements: int(-1) })), /impossible number/],
  [
    'a storage that is larger than its entry',
    one(tensorPickle({ elements: int(5) })),
    /should have 20 bytes, but has 16/
  ],
  [
    'a storage that is smaller than its entry',
    one(tensorPickle({ elements: int(2), shape: [int(2)], strides: [int(1)] })),
    /should have 8 bytes, but has 16/
  ],
  ['a storage that is not there', one(tensorPickle({ key: '../0' })), /"..\/0" is listed but not there/],
  [
    'two descriptions of a storage',
    torchZip(
      dictionaryPickle([
        ['a', tensorPickle()],
        ['b', tensorPickle({ type: 'HalfStorage' })]
      ])
    ),
    /two different ways/
  ]
]

const storage = { name: 'archive/data/0', data: Buffer.alloc(16) }
const listing = { name: 'archive/data.pkl', data: good }
const archives: [string, Uint8Array, RegExp][] = [
  ['no data.pkl', zip([storage]), /without data.pkl/],
  ['an entry twice', zip([listing, storage, storage]), /comes twice/],
  [
    'a size that ends beyond the file',
    zip([listing, { ...storage, size: 4_000_000_000 }]),
    /archive\/data\/0|ends at byte|should have/
  ],
  [
    'an entry that starts beyond the file',
    zip([listing, { ...storage, at: 900_000 }]),
    /not where the table of contents says/
  ],
  [
    'an entry that starts in the middle of another',
    zip([listing, { ...storage, at: 7 }]),
    /not where the table of contents says/
  ],
  ['two entries at one place', torchZipOverlap(), /overlap/],
  ['a compressed storage', zip([listing, { ...storage, data: deflateRawSync(storage.data), method: 8 }]), /compressed/],
  [
    'a compressed list of tensors',
    zip([{ ...listing, data: deflateRawSync(Buffer.alloc(50_000_000)), method: 8 }, storage]),
    /compressed/
  ],
  [
    'a parent folder as the name of an entry',
    zip([{ ...listing, name: '../data.pkl' }, storage]),
    /table of contents cannot be read|without data.pkl/
  ],
  [
    'big-endian numbers',
    zip([listing, storage, { name: 'archive/byteorder', data: Buffer.from('big') }]),
    /not little-endian/
  ],
  ['no end', torchZip(good).subarray(0, -30), /not a whole zip/]
]

describe('a PyTorch file', () => {
  it.each(attacks)('that calls %s is refused, and nothing is called', async (_, data) => {
    const whole = data[0] === 0x50 ? data : torchZip(data)
    await expectRefusal(whole, 'checkpoint-unsupported', /refused.*nothing in the file is executed/)
  })

  it.each(broken)('with %s is refused', async (_, data, message) => {
    await expectRefusal(data[0] === 0x50 ? data : torchZip(data), /^checkpoint-(damaged|unsupported)$/, message)
  })

  it.each(archives)('with %s is refused', async (_, data, message) => {
    await expectRefusal(data, 'checkpoint-damaged', message)
  })

  it.each<[string, Uint8Array]>([
    ['an empty file', Buffer.alloc(0)],
    ['an error page', Buffer.from('<!DOCTYPE html>')],
    ['another pickle', pickleFile(int(1))],
    ['a tar archive of the first PyTorch', Buffer.alloc(600, 'x')]
  ])('that is %s is refused', async (_, data) => {
    await expectRefusal(data, 'checkpoint-damaged', /neither a zip archive|not one that torch.save wrote/)
  })

  it('with a deep pile of lists is read without running out of stack', async () => {
    const deep = Buffer.concat([Buffer.alloc(200_000, ']'), Buffer.alloc(199_999, 'a')])
    await expectRefusal(torchZip(pickleFile(deep)), 'checkpoint-unsupported', /dictionary of tensors/)
  })

  it('with a tensor called __proto__ is read', async () => {
    const file = temporaryFile('pytorch_model.bin', torchZip(dictionaryPickle([['__proto__', tensorPickle()]])))
    const checkpoint = await openWeights(file)
    expect([...(await checkpoint.read('__proto__'))]).toEqual([0, 0, 0, 0])
    await checkpoint.close()
  })

  it.each(['zip', 'legacy'])('(%s) with changed or missing bytes gives tensors or a LabError', async (layout) => {
    const whole = readFileSync(join(import.meta.dirname, 'golden', layout, 'pytorch_model.bin'))
    const file = join(temporaryFolder(), 'pytorch_model.bin')
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(whole.length), async (edits, cut) => {
        const copy = Buffer.from(whole)
        for (const [at, value] of edits) copy[at] = value
        writeFileSync(file, cut % 4 === 0 ? copy.subarray(0, cut) : copy)
        await opensOrExplains(file)
      }),
      { numRuns: 500 }
    )
  })

  it('with random instructions gives tensors or a LabError', async () => {
    const file = join(temporaryFolder(), 'pytorch_model.bin')
    const known = [
      0x28, 0x29, 0x30, 0x4b, 0x4e, 0x51, 0x52, 0x5d, 0x61, 0x62, 0x65, 0x68, 0x71, 0x73, 0x74, 0x75, 0x7d, 0x85, 0x86,
      0x87, 0x88, 0x94
    ]
    const instruction = fc.oneof(
      fc.constantFrom(...known).map((opcode) => bytes(opcode)),
      fc.constant(tensorPickle()),
      fc.constant(global('collections', 'OrderedDict')),
      fc.string().map(text),
      fc.uint8Array({ maxLength: 3 })
    )
    await fc.assert(
      fc.asyncProperty(fc.array(instruction, { maxLength: 30 }), async (parts) => {
        writeFileSync(file, torchZip(pickleFile(...parts)))
        await opensOrExplains(file)
      }),
      { numRuns: 500 }
    )
  })
})

/** A second storage whose entry points at the first one's bytes. */
function torchZipOverlap(): Uint8Array {
  const data = dictionaryPickle([
    ['a', tensorPickle()],
    ['b', tensorPickle({ key: '1' })]
  ])
  const start = 30 + listing.name.length + data.length
  return zip([{ ...listing, data }, storage, { ...storage, name: 'archive/data/1', at: start }])
}

async function expectRefusal(data: Uint8Array, code: string | RegExp, message: RegExp): Promise<void> {
  const file = temporaryFile('pytorch_model.bin', data)
  const error = await openWeights(file).then(
    () => null,
    (thrown: unknown) => thrown
  )
  expect(error).toBeInstanceOf(LabError)
  expect((error as LabError).code).toMatch(code)
  expect((error as LabError).message).toContain(file)
  expect((error as LabError).message).toMatch(message)
}
