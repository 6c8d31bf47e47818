import { describe, expect, it } from 'vitest'
import { cases, type Differences } from './cases.ts'
import { patience, onSwiftShader, withDriver } from './swiftshader.ts'

describe('training on WebGPU', { timeout: patience, ...withDriver }, () => {
  it.each(cases.map((example, index) => ({ ...example, index })))(
    '$model, $title: agrees with the CPU',
    async ({ index }) => {
      const [differences] = (await onSwiftShader('train.ts', String(index))) as [Differences]
      expect(differences.steps).toBeGreaterThanOrEqual(4)
      expect(differences.loss).toBeLessThan(1e-4)
      expect(differences.gradientNorm).toBeLessThan(1e-3)
      expect(differences.weights).toBeLessThan(2e-3)
    }
  )
})
