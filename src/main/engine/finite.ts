import { LabError } from '../contract/error.ts'

/**
 * Answers and vectors out of NaN look like answers and vectors.
 * @param what completes "in place of …"
 * @throws LabError `model-not-finite`
 */
export function checkFinite(values: Float32Array, what: string): void {
  for (const value of values) {
    if (Number.isFinite(value)) continue
    throw new LabError(
      'model-not-finite',
      `The model gives ${value} in place of ${what}. Its weights hold values that are no numbers (a training that went wrong, ` +
        'or a damaged file), or they overflow. Choose another model, or download it again.',
      { details: { value: String(value) } }
    )
  }
}
