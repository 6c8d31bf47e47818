/** Constants as the bytes ONNX stores. */
import type { DType } from './dtype.ts'
import type { ConstantData } from './value.ts'

export function constantData(dtype: DType, values: readonly number[]): ConstantData {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values)
    case 'float64':
      return Float64Array.from(values)
    case 'float16':
      return Uint16Array.from(values, halfBits)
    case 'int64':
      return BigInt64Array.from(values, BigInt)
    case 'int32':
      return Int32Array.from(values)
    case 'int8':
      return Int8Array.from(values)
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values)
  }
}

const halfScratch = new DataView(new ArrayBuffer(2))

function halfBits(value: number): number {
  halfScratch.setFloat16(0, value)
  return halfScratch.getUint16(0)
}
