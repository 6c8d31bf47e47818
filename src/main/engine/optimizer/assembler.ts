/**
 * A small WebAssembly assembler: just the instructions that the optimiser's loops need (https://webassembly.github.io/spec/core/binary).
 * Code is written as nested expressions, so that a kernel reads like its formula, and assembled when the program starts; no
 * compiler is needed on any machine.
 */

/** Instructions, in WebAssembly's byte encoding. */
export type Code = readonly number[]
export type NumberType = 'i32' | 'f32' | 'f64' | 'v128'

export interface FunctionSource {
  readonly name: string
  /** Parameters, then locals, in the order of their indices. */
  readonly parameters: readonly NumberType[]
  readonly locals: readonly NumberType[]
  readonly result: NumberType | null
  readonly body: Code
}

const typeCodes: Record<NumberType, number> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b }

/** A module that imports a memory, shared or not, as `env.memory` and exports the functions. */
export function assemble(
  functions: readonly FunctionSource[],
  { maximumPages, shared }: { maximumPages: number; shared: boolean }
): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    ...vector(parameters.map((type) => [typeCodes[type]])),
    ...vector(result === null ? [] : [[typeCodes[result]]])
  ])
  const memory = [
    ...text('env'),
    ...text('memory'),
    0x02,
    shared ? 0x03 : 0x01,
    ...unsigned(1),
    ...unsigned(maximumPages)
  ]
  const bodies = functions.map(({ locals, body }) => {
    const code = [...vector(locals.map((type) => [1, typeCodes[type]])), ...body, 0x0b]
    return [...unsigned(code.length), ...code]
  })
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))),
    ...section(10, vector(bodies))
  ])
}

/** Names for a function's parameters and locals, with readers and writers by name. */
export class Frame<P extends string, L extends string> {
  readonly #index = new Map<string, number>()

  constructor(parameters: Record<P, NumberType>, locals: Record<L, NumberType>) {
    for (const name of [...Object.keys(parameters), ...Object.keys(locals)]) this.#index.set(name, this.#index.size)
  }

  get(name: P | L): Code {
    return [0x20, ...unsigned(this.#index.get(name)!)]
  }

  set(name: P | L, value: Code): Code {
    return [...value, 0x21, ...unsigned(this.#index.get(name)!)]
  }
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)]
const binary =
  (opcode: Code) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode]
const unary =
  (opcode: Code) =>
  (a: Code): Code => [...a, ...opcode]
/** 16-byte accesses with a fixed offset; any address is allowed. */
const memoryArgument = (offset: number): Code => [0x04, ...unsigned(offset)]

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: binary([0x6a]),
  sub: binary([0x6b]),
  mul: binary([0x6c]),
  shl: binary([0x74]),
  less: binary([0x49]),
  min: (a: Code, b: Code): Code => [...a, ...b, ...a, ...b, 0x49, 0x1b]
}

/** Four 32-bit integers at once. */
export const i32x4 = {
  splat: unary([0xfd, 0x11]),
  max: binary([0xfd, 0xb8, 0x01])
}

/** Sixteen bytes at once. */
export const bytes = {
  and: binary([0xfd, 0x4e]),
  /** Bytes 0 to 15 are those of `a`, 16 to 31 those of `b`. */
  shuffle: (a: Code, b: Code, places: readonly number[]): Code => [...a, ...b, 0xfd, 0x0d, ...places]
}

export const f32 = {
  const: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  add: binary([0x92]),
  sub: binary([0x93]),
  mul: binary([0x94]),
  div: binary([0x95]),
  /** Not a number where one of them is none. */
  max: binary([0x97]),
  load: (address: Code): Code => [...address, 0x2a, 0x02, 0x00],
  store: (address: Code, value: Code): Code => [...address, ...value, 0x38, 0x02, 0x00]
}

export const f64 = {
  const: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
  add: binary([0xa0]),
  promote: unary([0xbb])
}

/** Four floats at once. */
export const f32x4 = {
  load: (address: Code, offset = 0): Code => [...address, ...simd(0x00), ...memoryArgument(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...simd(0x0b),
    ...memoryArgument(offset)
  ],
  splat: unary(simd(0x13)),
  lane: (value: Code, index: number): Code => [...value, ...simd(0x1f), index],
  add: binary(simd(0xe4)),
  sub: binary(simd(0xe5)),
  mul: binary(simd(0xe6)),
  div: binary(simd(0xe7)),
  sqrt: unary(simd(0xe3)),
  zero: (): Code => f32x4.splat(f32.const(0)),
  /** The four lanes added up, as f32. */
  sum: (value: Code): Code =>
    f32.add(f32.add(f32x4.lane(value, 0), f32x4.lane(value, 1)), f32.add(f32x4.lane(value, 2), f32x4.lane(value, 3)))
}

/** Runs the body, then again as long as the condition holds. */
export function repeatWhile(condition: Code, ...body: readonly Code[]): Code {
  return [0x03, 0x40, ...body.flat(), ...condition, 0x0d, 0x00, 0x0b]
}

export function sequence(...parts: readonly Code[]): Code {
  return parts.flat()
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content]
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()]
}

function text(value: string): Code {
  return vector([...new TextEncoder().encode(value)].map((byte) => [byte]))
}

/** LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = []
  do {
    const low = value & 0x7f
    value >>>= 7
    bytes.push(value === 0 ? low : low | 0x80)
  } while (value !== 0)
  return bytes
}

function signed(value: number): Code {
  const bytes: number[] = []
  for (;;) {
    const low = value & 0x7f
    value >>= 7
    const done = (value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0)
    bytes.push(done ? low : low | 0x80)
    if (done) return bytes
  }
}
