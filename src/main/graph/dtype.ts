/** Element types of values. */
export type DType = 'float32' | 'float64' | 'float16' | 'int64' | 'int32' | 'int8' | 'uint8' | 'bool'

const floatTypes: readonly DType[] = ['float32', 'float64', 'float16']

export function isFloat(dtype: DType): boolean {
  return floatTypes.includes(dtype)
}
