/**
 * Dimensions that may be symbolic. A dimension is a number or a canonical polynomial over symbols with whole coefficients,
 * such as `B*T`, `2*B` or `P+1`; two dimensions are equal exactly when they are written the same. Keeping them canonical is
 * what lets shape inference follow a batch of unknown size through flattening, cache growth and back.
 */
import { LabError } from '../contract/error.ts'

export type Dim = number | string

/** Values of the symbols, for example `{ B: 4, T: 128 }`. */
export type Bindings = Readonly<Record<string, number>>

/** Monomial (symbols joined by `*`, sorted; the empty string for the constant term) to coefficient. */
type Polynomial = Map<string, number>

export function addDims(...dims: readonly Dim[]): Dim {
  const sum: Polynomial = new Map()
  for (const dim of dims) for (const [monomial, factor] of parse(dim)) accumulate(sum, monomial, factor)
  return print(sum)
}

export function multiplyDims(...dims: readonly Dim[]): Dim {
  let product: Polynomial = new Map([['', 1]])
  for (const dim of dims) {
    const next: Polynomial = new Map()
    for (const [left, a] of product) {
      for (const [right, b] of parse(dim)) accumulate(next, joinMonomials(left, right), a * b)
    }
    product = next
  }
  return print(product)
}

export function subtractDims(a: Dim, b: Dim): Dim {
  return addDims(a, multiplyDims(-1, b))
}

/** The dimension written the one way that compares equal; throws on anything that is not a polynomial over symbols. */
export function canonicalDim(dim: Dim): Dim {
  return typeof dim === 'number' ? dim : print(parse(dim))
}

export function sameDims(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, index) => dim === b[index])
}

/** The number of elements as a dimension. */
export function elementCount(dims: readonly Dim[]): Dim {
  return multiplyDims(...dims)
}

/** NumPy's broadcasting of two shapes, or null where they do not fit. A symbol fits itself and 1. */
export function broadcastDims(a: readonly Dim[], b: readonly Dim[]): readonly Dim[] | null {
  const rank = Math.max(a.length, b.length)
  const result: Dim[] = []
  for (let axis = 0; axis < rank; axis++) {
    const left = a[a.length - rank + axis] ?? 1
    const right = b[b.length - rank + axis] ?? 1
    if (left !== right && left !== 1 && right !== 1) return null
    result.push(left === 1 ? right : left)
  }
  return result
}

/** The number a dimension stands for under these bindings. */
export function evaluateDim(dim: Dim, bindings: Bindings): number {
  if (typeof dim === 'number') return dim
  let total = 0
  for (const [monomial, factor] of parse(dim)) {
    let product = factor
    for (const symbol of symbolsOf(monomial)) {
      const value = bindings[symbol]
      if (value === undefined) {
        throw new LabError(
          'unbound-dimension',
          `Dimension "${dim}" needs a value for "${symbol}", which no input of the graph gives.`
        )
      }
      product *= value
    }
    total += product
  }
  return total
}

/** The terms that a dimension is the sum of; a term without symbols is its constant. */
export function termsOf(dim: Dim): { factor: number; symbols: readonly string[] }[] {
  return [...parse(dim)].map(([monomial, factor]) => ({ factor, symbols: symbolsOf(monomial) }))
}

/** True for a bare symbol, whose value an input's shape can give directly. */
export function isSymbol(dim: Dim): dim is string {
  return typeof dim === 'string' && /^[A-Za-z_]\w*$/.test(dim)
}

const parsed = new Map<string, Polynomial>()

function parse(dim: Dim): Polynomial {
  if (typeof dim === 'number') return dim === 0 ? new Map<string, number>() : new Map([['', dim]])
  const known = parsed.get(dim)
  if (known) return known
  const result: Polynomial = new Map()
  for (const term of dim.replaceAll('-', '+-').split('+')) {
    if (term.trim() === '') continue
    let factor = 1
    const symbols: string[] = []
    for (const part of term.split('*').map((text) => text.trim())) {
      const negative = part.startsWith('-')
      const bare = negative ? part.slice(1).trim() : part
      if (negative) factor = -factor
      if (/^\d+$/.test(bare)) factor *= Number(bare)
      else if (isSymbol(bare)) symbols.push(bare)
      else
        throw new LabError(
          'bad-dimension',
          `"${dim}" is not a dimension: write numbers and symbols joined by + - and *.`
        )
    }
    accumulate(result, symbols.sort().join('*'), factor)
  }
  parsed.set(dim, result)
  return result
}

function print(polynomial: Polynomial): Dim {
  const terms = [...polynomial].filter(([, factor]) => factor !== 0)
  if (terms.length === 0) return 0
  if (terms.length === 1 && terms[0]![0] === '') return terms[0]![1]
  // Symbols first and the constant last, so that a growing cache reads `P+1`.
  terms.sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : a > b ? 1 : 0))
  return terms
    .map(([monomial, factor]) => {
      if (monomial === '') return String(factor)
      if (factor === 1) return monomial
      return factor === -1 ? `-${monomial}` : `${factor}*${monomial}`
    })
    .join('+')
    .replaceAll('+-', '-')
}

function accumulate(polynomial: Polynomial, monomial: string, factor: number): void {
  polynomial.set(monomial, (polynomial.get(monomial) ?? 0) + factor)
}

function joinMonomials(a: string, b: string): string {
  return [...symbolsOf(a), ...symbolsOf(b)].sort().join('*')
}

function symbolsOf(monomial: string): string[] {
  return monomial === '' ? [] : monomial.split('*')
}
