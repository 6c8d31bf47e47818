import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cases, type Differences } from './cases.ts'
import type { HalfRun } from './half-run.ts'
import type { HalfReport } from './half.ts'
import { onLavapipe, withHalf } from './lavapipe.ts'
import type { ProductErrors } from './products.ts'
import type { HalfOffer } from './offers-half.ts'
import { onSwiftShader, patience, withDriver } from './swiftshader.ts'

describe('half precision on WebGPU', { timeout: patience, ...withHalf }, () => {
  it('is offered after a look at products of it, which say what they lose', async () => {
    const { code, message, error } = (await onLavapipe('offers-half.ts')) as HalfOffer
    expect(code).toBeNull()
    expect(error).toBeLessThan(0.005)
    // Rounding to 16 bits alone: products that were in fp32 after all would be off by far less.
    expect(error).toBeGreaterThan(1e-4)
    expect(message).toMatch(/^webgpu, for half precision: .* times as fast as in fp32 here, and off by 0\.\d+ %\.$/)
  })

  it('trains as fp32 on the CPU does: all weights, LoRA, with activations computed anew, and T5', async () => {
    const numbers = cases.flatMap(({ change }, at) => (change.optimizer === 'adafactor' ? [] : [at]))
    const compared = (await onLavapipe('train.ts', numbers.join(), 'half')) as Differences[]
    expect(compared).toHaveLength(4)
    for (const [at, { steps, loss, gradientNorm }] of compared.entries()) {
      const what = `${cases[numbers[at]!]!.model}, ${cases[numbers[at]!]!.title}`
      expect(steps, what).toBeGreaterThanOrEqual(4)
      expect(loss, what).toBeLessThan(1e-3)
      expect(loss, what).toBeGreaterThan(1e-6)
      expect(gradientNorm, what).toBeLessThan(1e-2)
    }
  })

  it('is off by what docs/performance.md says, with few terms as with many, where the kernels are off by more and more', async () => {
    const documents = readFileSync(join(import.meta.dirname, '../../../docs/performance.md'), 'utf8')
    const found = (await onLavapipe('products.ts')) as ProductErrors[]
    expect(found).toHaveLength(6)
    for (const { terms, positive, lab, kernel, rounding } of found) {
      const row = new RegExp(`^\\| ${terms} \\| ${positive ? 'one' : 'both'} \\|.*`, 'm').exec(documents)![0]
      const said = row
        .split('|')
        .slice(3, 6)
        .map((cell) => parseFloat(cell) / 100)
      for (const [at, value] of [kernel, lab, rounding].entries())
        expect(Math.abs(value - said[at]!), row).toBeLessThan(0.1 * value + 5e-5)
    }
  })

  it('leaves nothing of a step to the CPU but lengths and shapes', async () => {
    const placement = (await onLavapipe('placement.ts', 'bart', 'half')) as Record<string, Record<string, number>>
    const lengths = ['Add', 'Concat', 'Div', 'Min', 'Mul', 'Reshape', 'Sub']
    expect(Object.keys(placement['CPUExecutionProvider'] ?? {}).filter((op) => !lengths.includes(op))).toEqual([])
    const device = placement['WebGpuExecutionProvider']!
    for (const op of ['Cast', 'Gemm', 'MatMul', 'Pad', 'ReduceSum']) expect(device[op], op).toBeGreaterThan(0)
    // A copy to the host in the middle of a step would wait for the whole device.
    expect(device['MemcpyToHost'] ?? 0).toBe(0)
  })

  it('tunes a run of an experiment; where the lab may choose, a device that is slower than the processor is refused', async () => {
    const { losses, log, provider, auto } = (await onLavapipe('half-run.ts')) as HalfRun
    expect(losses.half).toHaveLength(6)
    losses.half.forEach((loss, at) => expect(Math.abs(loss / losses.exact[at]! - 1)).toBeLessThan(1e-3))
    expect(losses.half).not.toEqual(losses.exact)
    expect(log.join(' ')).toContain('webgpu, for half precision')
    expect(provider).toBe('webgpu')
    expect(auto).toMatch(
      /not faster than the processor here .*Choose the precision "fp32", or the provider "webgpu" by name\.$/
    )
  })

  it('goes on bit for bit; where gradients overflow, with a smaller scale and without losing a batch', async () => {
    const { resumed, overflowed, lastBlocks } = (await onLavapipe('half.ts')) as HalfReport
    expect(resumed).toEqual({ steps: 2, same: true })
    expect(overflowed.scale).toBeLessThan(65536)
    expect(Math.log2(overflowed.scale) % 1).toBe(0)
    expect(overflowed.steps).toBe(4)
    expect(overflowed.loss).toBeLessThan(1e-3)
    expect(overflowed.gradientNorm).toBeLessThan(1e-2)
    expect(lastBlocks.loss).toBeLessThan(1e-3)
    expect(lastBlocks.gradientNorm).toBeLessThan(1e-2)
  })
})

it('a device without 16-bit numbers is refused by name', { timeout: patience, ...withDriver }, async () => {
  expect(await onSwiftShader('offers-half.ts')).toMatchObject({
    code: 'half-unavailable',
    message: expect.stringMatching(
      /the device here has no 16-bit numbers \(requires f16.*Choose the precision "fp32"\./
    ) as string
  })
})
