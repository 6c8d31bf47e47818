import { describe, expect, it } from 'vitest'
import { chooseProvider } from '../../src/main/engine/providers.ts'
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
})
