import { expect, it } from 'vitest'
import type { RoundedReport } from './rounded.ts'
import { onSwiftShader, patience, withDriver } from './swiftshader.ts'

/** What may run on the processor: shapes, which it works out before anything is computed. */
const shapes = ['Add', 'Concat', 'Mul', 'Reshape', 'Slice']

it(
  'a base in 8 or 4 bits lies on WebGPU once, is tuned and answers as on the CPU',
  { timeout: patience, ...withDriver },
  async () => {
    const { compared, device, processor, brought, uploads, left } = (await onSwiftShader('rounded.ts')) as RoundedReport
    expect(compared.map(({ model, base }) => `${model} ${base}`)).toEqual(
      ['bart', 't5'].flatMap((model) => ['4-bit', '8-bit'].map((base) => `${model} ${base}`))
    )
    for (const { model, base, losses, training, gradients, vectors, sameAnswers, learning } of compared) {
      const what = `${model} ${base}`
      expect(losses, what).toBeLessThan(1e-5)
      expect(training, what).toBeLessThan(1e-5)
      expect(gradients, what).toBeLessThan(1e-4)
      expect(vectors, what).toBeLessThan(1e-5)
      expect(sameAnswers, what).toBe(true)
      expect(learning, what).toBeGreaterThan(0)
    }
    for (const op of ['MatMulBnb4', 'DequantizeLinear', 'Gemm', 'MatMul']) expect(device[op], op).toBeGreaterThan(0)
    expect(Object.keys(processor).filter((op) => !shapes.includes(op))).toEqual([])
    // Each brings back nothing: a copy to the host in the middle of a step would wait for the whole device.
    expect(device['MemcpyToHost'] ?? 0).toBe(0)
    expect(brought).toEqual([])
    expect(uploads).toBeGreaterThan(0)
    expect(left).toBe(0)
  }
)
