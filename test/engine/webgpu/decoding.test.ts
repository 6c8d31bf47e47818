import { describe, expect, it } from 'vitest'
import type { Seq2SeqConfig } from '../../../src/main/models/config.ts'
import { readCase, type Seq2SeqGolden } from '../../oracle/golden.ts'
import type { DecodedOnDevice } from './decode.ts'
import { patience, onSwiftShader, withDriver } from './swiftshader.ts'

/** Shapes and indices may be worked out on the CPU; nothing that computes may. */
const allowedOnCpu = ['Concat', 'Reshape']

describe('decoding on WebGPU, keys and values on the device', { timeout: patience, ...withDriver }, () => {
  it.each(['bart', 't5-lm-adapted'])('%s: the answers and vectors of the CPU', async (name) => {
    const golden = await readCase<Seq2SeqGolden>(name)
    const { eos } = (golden.config as Seq2SeqConfig).ids
    const answers = (beams: number) =>
      golden.golden.generated
        .find(({ batch, settings }) => batch === 0 && settings.num_beams === beams)!
        .ids.map((row) => row.slice(1, row.indexOf(eos, 1) < 0 ? row.length : row.indexOf(eos, 1) + 1))
    const decoded = (await onSwiftShader('decode.ts', name)) as DecodedOnDevice
    expect(decoded.greedy).toEqual(answers(1))
    expect(decoded.beams).toEqual(answers(4))
    expect(decoded.vectorError).toBeLessThan(1e-4)
    expect(decoded.onCpu.filter((op) => !allowedOnCpu.includes(op))).toEqual([])
  })
})
