import { describe, expect, it } from 'vitest'
import { patience, onSwiftShader, withDriver } from './swiftshader.ts'

type Placement = Record<string, Record<string, number>>

/** What may run on the CPU: shapes, and the indices of embeddings and labels, which come from there. */
const allowedOnCpu = ['Concat', 'Reshape']

describe('a training step on WebGPU', { timeout: patience, ...withDriver }, () => {
  it.each(['bart', 't5'])('%s: leaves nothing that computes to the CPU', async (model) => {
    const placement = (await onSwiftShader('placement.ts', model)) as Placement
    const fallbacks = Object.keys(placement['CPUExecutionProvider'] ?? {})
    expect(fallbacks.filter((op) => !allowedOnCpu.includes(op))).toEqual([])
    const device = placement['WebGpuExecutionProvider']!
    for (const op of ['Gemm', 'MatMul', 'Softmax', 'ReduceSum', 'ScatterND']) expect(device[op], op).toBeGreaterThan(0)
    // Each brings back nothing: a copy to the host in the middle of a step would wait for the whole device.
    expect(device['MemcpyToHost'] ?? 0).toBe(0)
  })
})
