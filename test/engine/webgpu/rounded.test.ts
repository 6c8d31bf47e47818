import { expect, it } from 'vitest'
import type { RoundedOnDevice } from './rounded.ts'
import { onSwiftShader, patience, withDriver } from './swiftshader.ts'

it.each(['8-bit', '4-bit'])(
  'a base in %s is tuned and answers on WebGPU as on the CPU',
  { timeout: patience, ...withDriver },
  async (base) => {
    const { training, losses, sameAnswers } = (await onSwiftShader('rounded.ts', base)) as RoundedOnDevice
    expect(training).toBeLessThan(1e-4)
    expect(losses).toBeLessThan(1e-4)
    expect(sameAnswers).toBe(true)
  }
)
