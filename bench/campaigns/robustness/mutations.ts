import type { Random } from '../../../src/main/random/random.ts'

type Mutation = (bytes: Buffer, random: Random) => Buffer

const at = (bytes: Buffer, random: Random) => Math.floor(random.uniform() * Math.max(1, bytes.length))
const piece = (bytes: Buffer, random: Random) => {
  const from = at(bytes, random)
  return bytes.subarray(from, from + 1 + Math.floor(random.uniform() * 200))
}
/** Numbers at which readers of lengths and offsets go wrong. */
const edges = [0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 2 ** 53]
/** Text that stands for something elsewhere. */
const words = ['null', '-1', '1e999', '"', '\\u0000', '[[[[[[[[', '{"__proto__":{"a":1}}', '../../../../etc/passwd', '\u001b]0;x\u0007', '\ufeff', 'NaN', ',,,,,,', '\r', '\0\0\0\0'] // prettier-ignore

/** What can be done to a file, whatever is in it. */
const mutations: readonly Mutation[] = [
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => bytes.subarray(at(bytes, random)),
  (bytes, random) => {
    const changed = Buffer.from(bytes)
    for (let times = 1 + random.uniform() * 8; times > 0 && changed.length > 0; times--)
      changed[at(bytes, random)]! ^= 1 << Math.floor(random.uniform() * 8)
    return changed
  },
  (bytes, random) => {
    const changed = Buffer.from(bytes)
    const value = edges[Math.floor(random.uniform() * edges.length)]!
    const place = Math.min(at(bytes, random), changed.length - 8)
    if (place < 0) return changed
    const wide = random.uniform() < 0.5
    if (wide) changed.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), place)
    else changed.writeInt32LE(value | 0, place)
    return changed
  },
  (bytes, random) => {
    const place = at(bytes, random)
    return Buffer.concat([bytes.subarray(0, place), piece(bytes, random), bytes.subarray(place)])
  },
  (bytes, random) => {
    const place = at(bytes, random)
    return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + piece(bytes, random).length)])
  },
  (bytes, random) => {
    const [place, word] = [at(bytes, random), words[Math.floor(random.uniform() * words.length)]!]
    return Buffer.concat([bytes.subarray(0, place), Buffer.from(word), bytes.subarray(place)])
  },
  (bytes, random) => {
    const [place, times] = [at(bytes, random), 10 ** (1 + Math.floor(random.uniform() * 4))]
    const one = piece(bytes, random).subarray(0, 8)
    return Buffer.concat([bytes.subarray(0, place), ...Array.from({ length: times }, () => one), bytes.subarray(place)])
  },
  (bytes, random) => Buffer.concat([bytes, bytes.subarray(at(bytes, random))]),
  (bytes, random) =>
    Buffer.from(
      bytes.toString('latin1').replace(/\d+/, String(edges[Math.floor(random.uniform() * edges.length)])),
      'latin1'
    )
]

/** One to three of them, one after another. */
export function mutated(bytes: Buffer, random: Random): Buffer {
  let changed = bytes
  for (let times = 1 + Math.floor(random.uniform() * 3); times > 0; times--)
    changed = mutations[Math.floor(random.uniform() * mutations.length)]!(changed, random)
  return changed
}
