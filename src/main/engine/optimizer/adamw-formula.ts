/** What the formula is written in: graph values, or WebAssembly's vectors of four. */
export interface Arithmetic<Operand, Value extends Operand> {
  add: (a: Operand, b: Operand) => Value
  mul: (a: Operand, b: Operand) => Value
  div: (a: Operand, b: Operand) => Value
  sqrt: (x: Value) => Value
}

/**
 * One update of AdamW (Loshchilov and Hutter 2019), the order of its operations included, so that the CPU's kernel and the
 * graph of a device give the same numbers. `rest` is 1 - β, `rate` the learning rate over 1 - β₁ᵗ, `correction` 1/√(1 - β₂ᵗ).
 */
export function adamwFormula<Operand, Value extends Operand>({ add, mul, div, sqrt }: Arithmetic<Operand, Value>) {
  return {
    /** m ← β₁ m + (1 - β₁) g */
    first: (m: Operand, g: Operand, { beta, rest }: { beta: Operand; rest: Operand }) =>
      add(mul(m, beta), mul(g, rest)),
    /** v ← β₂ v + (1 - β₂) g² */
    second: (v: Operand, g: Operand, { beta, rest }: { beta: Operand; rest: Operand }) =>
      add(mul(v, beta), mul(mul(g, g), rest)),
    /** What is taken from the decayed weights: rate·m / (√v·correction + ε) */
    change: (
      { m, v }: { m: Operand; v: Value },
      { rate, correction, epsilon }: { rate: Operand; correction: Operand; epsilon: Operand }
    ) => div(mul(m, rate), add(mul(sqrt(v), correction), epsilon))
  }
}
