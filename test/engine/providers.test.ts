import { describe, expect, it } from 'vitest'
import { chooseProvider, deviceTrouble } from '../../src/main/engine/providers.ts'
import { needs } from '../needs.ts'

describe('choosing a provider', () => {
  it('takes the processor when asked to', async () => {
    expect(await chooseProvider('cpu')).toEqual({ provider: 'cpu', reason: 'cpu, as chosen.' })
  })

  it('decides by itself, and says why', async () => {
    const { provider, reason } = await chooseProvider('auto')
    expect(reason.startsWith(`${provider}: `)).toBe(true)
    // Every other provider of the platform is accounted for, or beats the processor.
    if (provider === 'cpu') expect(reason).toMatch(/webgpu is not (available|faster)|webgpu gives wrong results/)
    else expect(reason).toMatch(/times as fast as the CPU/)
  })

  it('refuses one that cannot work here', needs(process.platform === 'linux', 'CoreML may work here'), async () => {
    await expect(chooseProvider('coreml')).rejects.toMatchObject({ code: 'provider-unavailable' })
  })

  it('says in words that there is no graphics card, and of other troubles the first line', () => {
    const text =
      'WebGpuContext::Initialize was false. Failed to get a WebGPU adapter: No supported adapters\n: more of it'
    expect(deviceTrouble(new Error(text))).toBe('no graphics card with a driver was found that it can use')
    expect(deviceTrouble(new Error('Device lost.\nat a line of ours'))).toBe('Device lost')
  })
})
