import { LabError } from '../../contract/error.ts'

/** Element types as safetensors names them. Weights are F64, F32, F16 or BF16; the rest is bookkeeping. */
export type StoredType =
  'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U64' | 'U32' | 'U16' | 'U8' | 'BOOL'

/** Bytes of one element. */
export const elementBytes: Readonly<Record<StoredType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1
}

export type FloatType = 'F64' | 'F32' | 'F16' | 'BF16'

export function isStoredType(name: string): name is StoredType {
  return Object.hasOwn(elementBytes, name)
}

export function isFloatType(type: StoredType): type is FloatType {
  return type === 'F64' || type === 'F32' || type === 'F16' || type === 'BF16'
}

/**
 * Number of elements of a shape.
 * @returns null where a dimension is not a whole number of at least 0, or the product leaves the safe integers.
 */
export function elementCount(shape: readonly unknown[]): number | null {
  let count = 1
  let empty = false
  for (const dimension of shape) {
    if (typeof dimension !== 'number' || !Number.isSafeInteger(dimension) || dimension < 0) return null
    if (dimension === 0) empty = true
    else count *= dimension
    if (!Number.isSafeInteger(count)) return null
  }
  return empty ? 0 : count
}

/** Little-endian elements in `bytes` to fp32 in `target`; both hold the same number of elements. */
export function toFloat32(type: FloatType, bytes: Uint8Array, target: Float32Array): void {
  const count = target.length
  if (bytes.length !== count * elementBytes[type]) {
    throw new LabError('tensor-type', `${bytes.length} bytes are not ${count} elements of ${type}.`)
  }
  switch (type) {
    case 'F32':
      new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes)
      return
    case 'F64': {
      const values = new Float64Array(aligned(bytes, 8))
      for (let i = 0; i < count; i++) target[i] = values[i]!
      return
    }
    case 'BF16': {
      // bf16 is the upper half of fp32.
      const halves = new Uint16Array(aligned(bytes, 2))
      const bits = new Uint32Array(target.buffer, target.byteOffset, count)
      for (let i = 0; i < count; i++) bits[i] = halves[i]! << 16
      return
    }
    case 'F16': {
      const halves = new Uint16Array(aligned(bytes, 2))
      const bits = new Uint32Array(target.buffer, target.byteOffset, count)
      const table = halfTable()
      for (let i = 0; i < count; i++) bits[i] = table[halves[i]!]!
      return
    }
  }
}

/** fp32 to little-endian elements of `type`, rounded to nearest, ties to even. */
export function fromFloat32(type: FloatType, values: Float32Array): Uint8Array {
  switch (type) {
    case 'F32':
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    case 'F64':
      return new Uint8Array(Float64Array.from(values).buffer)
    case 'BF16': {
      const halves = new Uint16Array(values.length)
      const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
      for (let i = 0; i < halves.length; i++) halves[i] = toBfloat(bits[i]!)
      return new Uint8Array(halves.buffer)
    }
    case 'F16': {
      const halves = new Uint16Array(values.length)
      const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
      for (let i = 0; i < halves.length; i++) halves[i] = toHalf(bits[i]!)
      return new Uint8Array(halves.buffer)
    }
  }
}

function toBfloat(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40 // stays a NaN
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

function toHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00 // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00 // rounds beyond 65504: infinity
  if (magnitude >= 0x38800000) {
    // Normal: rebias the exponent, round the 13 bits that fall away.
    const rebiased = magnitude - 0x38000000
    return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13)
  }
  if (magnitude < 0x33000000) return sign // less than half of the smallest subnormal
  const exponent = magnitude >>> 23
  const mantissa = (magnitude & 0x7fffff) | 0x800000
  const shift = 126 - exponent
  const kept = mantissa >>> shift
  const rest = mantissa & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0))
}

let halves: Uint32Array | null = null

/** fp32 bits of each of the 65,536 halves. */
function halfTable(): Uint32Array {
  if (halves) return halves
  const table = new Uint32Array(65536)
  for (let half = 0; half < 65536; half++) {
    const sign = (half & 0x8000) << 16
    const exponent = (half >>> 10) & 0x1f
    const mantissa = half & 0x3ff
    if (exponent === 31) table[half] = sign | 0x7f800000 | (mantissa << 13)
    else if (exponent > 0) table[half] = sign | ((exponent + 112) << 23) | (mantissa << 13)
    else if (mantissa > 0) {
      // Subnormal: shift the leading one into place.
      const shift = Math.clz32(mantissa) - 21
      table[half] = sign | ((113 - shift) << 23) | (((mantissa << shift) & 0x3ff) << 13)
    } else table[half] = sign
  }
  halves = table
  return table
}

/** The bytes as a buffer that starts at an element border: itself where it does, else a copy. */
function aligned(bytes: Uint8Array, width: number): ArrayBuffer {
  if (bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength && bytes.length % width === 0) {
    return bytes.buffer as ArrayBuffer
  }
  return Uint8Array.from(bytes).buffer
}

/** Whether a file says a whole number, 0 or more, that a number holds exactly. */
export function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
