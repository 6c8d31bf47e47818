/** AdamW (Loshchilov and Hutter, 2019) as PyTorch computes it: decoupled decay, bias-corrected moments, ε outside the root. */
import { adamwFormula } from './adamw-formula.ts'
import { sizeOf, type Optimizer, type UpdateSettings } from './optimizer.ts'

export interface AdamwSettings {
  betas: readonly [number, number]
  epsilon: number
  weightDecay: number
}

export function adamw({ betas: [beta1, beta2], epsilon, weightDecay }: AdamwSettings): Optimizer {
  /** Numbers that change from step to step. */
  const numbers = ({ step, learningRate, scale }: UpdateSettings) => ({
    rate: learningRate / (1 - beta1 ** step),
    decay: 1 - learningRate * weightDecay,
    scale,
    correction: 1 / Math.sqrt(1 - beta2 ** step)
  })
  return {
    stateNames: () => ['first', 'second'],
    stateDims: (dims) => [dims, dims],
    stateLengths: (dims) => [sizeOf(dims), sizeOf(dims)],
    update: (team, _slots, settings) => team.adamw({ beta1, beta2, epsilon, ...numbers(settings) }),
    numbers,
    graph(g, { weight, gradient, state: [first, second], decays }, number) {
      const x = g.mul(gradient, number('scale'))
      const formula = adamwFormula(g)
      const m = formula.first(first!, x, { beta: beta1, rest: 1 - beta1 })
      const v = formula.second(second!, x, { beta: beta2, rest: 1 - beta2 })
      const change = formula.change({ m, v }, { rate: number('rate'), correction: number('correction'), epsilon })
      return { weight: g.sub(decays ? g.mul(weight, number('decay')) : weight, change), state: [m, v] }
    }
  }
}
