/** Which of a model's weights are those of linear layers: what is worth keeping in fewer bits. */
import type { BaseWeights } from '../contract/base-weights.ts'
import type { ModelConfig } from './architectures/index.ts'
import { isHead } from './locate.ts'
import { parameterSize, type Parameter } from './parameters.ts'

/** A model's linear layers, without `.weight`. Tables are only looked up. */
export function linearLayers(parameters: readonly Parameter[]): Set<string> {
  const table = /embed|shared|relative_attention_bias|lm_head/
  return new Set(
    parameters
      .filter(({ name, dims }) => dims.length === 2 && name.endsWith('.weight') && !table.test(name))
      .map(({ name }) => name.slice(0, -'.weight'.length))
  )
}

/** Those that a base in fewer bits rounds: all but heads, which decide what is chosen, and are small. */
export function baseLayers(config: ModelConfig, parameters: readonly Parameter[]): Set<string> {
  return new Set([...linearLayers(parameters)].filter((layer) => !isHead(config, `${layer}.weight`)))
}

/** Numbers that share a scale in 4 bits. */
export const codeBlock = 64

/** Bytes of the weights in memory. */
export function weightBytes(config: ModelConfig, parameters: readonly Parameter[], base: BaseWeights): number {
  const layers = base === 'full' ? new Set<string>() : baseLayers(config, parameters)
  return parameters.reduce((sum, parameter) => {
    const size = parameterSize(parameter)
    if (!layers.has(parameter.name.replace(/\.weight$/, ''))) return sum + 4 * size
    return (
      sum + (base === '8-bit' ? size + 4 * parameter.dims[0]! : Math.ceil(size / 2) + 4 * Math.ceil(size / codeBlock))
    )
  }, 0)
}

/** Bytes that they take on a card: the same, and room for the largest of the layers in fp32, as each is read in full by itself. */
export function cardBytes(config: ModelConfig, parameters: readonly Parameter[], base: BaseWeights): number {
  const layers = base === 'full' ? new Set<string>() : baseLayers(config, parameters)
  const sizes = parameters.filter(({ name }) => layers.has(name.replace(/\.weight$/, ''))).map(parameterSize)
  return weightBytes(config, parameters, base) + 4 * Math.max(0, ...sizes)
}
