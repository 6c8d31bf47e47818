/**
 * The optimiser's loops over parameters, as WebAssembly with 128-bit vectors. They are bound by memory, where this equals
 * compiled C++. All arrays are float32 in one memory, padded to whole vectors; addresses and counts are in bytes and
 * elements.
 */
import { adamwFormula } from './adamw-formula.ts'
import { rounding } from './rounding.ts'
import {
  assemble,
  f32,
  f32x4,
  f64,
  Frame,
  i32,
  repeatWhile,
  sequence,
  type Code,
  type FunctionSource
} from './assembler.ts'

/** Byte addresses in the shared memory. `count` is a multiple of 4 and at least 4. */
export interface Kernels {
  /** Σ g². */
  sumSquares(g: number, count: number): number
  /**
   * One AdamW update (adamw-formula.ts), with g scaled first and p multiplied by `decay`, 1 - learning rate · weight decay.
   */
  adamw(
    ...args: [
      p: number,
      g: number,
      m: number,
      v: number,
      count: number,
      rate: number,
      beta1: number,
      beta2: number,
      epsilon: number,
      decay: number,
      scale: number,
      correction: number
    ]
  ): void
  /** Adafactor, one row: v ← β·v + (1-β)·(g² + ε) for every column, with g scaled first; returns Σ g² of the row. */
  mixSquares(v: number, g: number, count: number, beta: number, epsilon: number, scale: number): number
  /** Adafactor, one row: columns += g², with g scaled first; returns Σ g² of the row. */
  addSquares(columns: number, g: number, count: number, scale: number): number
  /** Σ (g·factor/√v)², the squared length of an unclipped update. */
  updateLength(g: number, v: number, count: number, factor: number): number
  /** p ← decay·p - factor·g/√v. */
  applyUpdate(p: number, g: number, v: number, count: number, factor: number, decay: number): void
  /**
   * Rows p `[rows, width]` in 8 bits: bytes q of the same layout and a scale s for each row, p ≈ q·s. `rows` and `width` are at least 16.
   * A row with something that is no finite number gets such a scale.
   */
  roundRows(p: number, q: number, s: number, rows: number, width: number): void
  /** Bytes q `[rows, width]` turned around: t `[width, …]`, whose rows are `stride` bytes apart. `rows` and `width` are at least 16. */
  turnRows(q: number, t: number, rows: number, width: number, stride: number): void
}

/** The pages a 32-bit memory can have: 4 GB. */
export const maximumPages = 65536

export function assembleKernels(shared = true): Uint8Array<ArrayBuffer> {
  return assemble([sumSquares(), adamw(), mixSquares(), addSquares(), updateLength(), applyUpdate(), ...rounding()], {
    maximumPages,
    shared
  })
}

const vectorBytes = 16

/** Squares are summed in float32 over blocks of this many elements, and the blocks in double. */
const blockElements = 4096

function sumSquares(): FunctionSource {
  const parameters = { g: 'i32', count: 'i32' } as const
  const locals = { end: 'i32', blockEnd: 'i32', total: 'f64', sum: 'v128', x: 'v128' } as const
  const { get, set } = bound(new Frame(parameters, locals))
  const body = sequence(
    set('end', i32.add(get('g'), i32.shl(get('count'), i32.const(2)))),
    repeatWhile(
      i32.less(get('g'), get('end')),
      set('sum', f32x4.zero()),
      set('blockEnd', i32.min(get('end'), i32.add(get('g'), i32.const(blockElements * 4)))),
      repeatWhile(
        i32.less(get('g'), get('blockEnd')),
        set('x', f32x4.load(get('g'))),
        set('sum', f32x4.add(get('sum'), f32x4.mul(get('x'), get('x')))),
        set('g', i32.add(get('g'), i32.const(vectorBytes)))
      ),
      set('total', f64.add(get('total'), f64.promote(f32x4.sum(get('sum')))))
    ),
    get('total')
  )
  return define('sumSquares', { parameters, locals }, 'f64', body)
}

function adamw(): FunctionSource {
  const arrays = { p: 'i32', g: 'i32', m: 'i32', v: 'i32', count: 'i32' } as const
  const numbers = {
    rate: 'f32',
    beta1: 'f32',
    beta2: 'f32',
    epsilon: 'f32',
    decay: 'f32',
    scale: 'f32',
    correction: 'f32'
  } as const
  const parameters = { ...arrays, ...numbers }
  const ints = { at: 'i32', end: 'i32' } as const
  const constants = { b1: 'v128', c1: 'v128', b2: 'v128', c2: 'v128', lr: 'v128', eps: 'v128' } as const
  const factors = { keep: 'v128', gs: 'v128', fix: 'v128' } as const
  const locals = { ...ints, ...constants, ...factors, ...({ x: 'v128', first: 'v128', second: 'v128' } as const) }
  const { get, set } = bound(new Frame(parameters, locals))
  const element = (array: 'p' | 'g' | 'm' | 'v') => i32.add(get(array), get('at'))
  const { mul, sub, splat, load, store } = f32x4
  const formula = adamwFormula(f32x4)
  const body = sequence(
    ...[set('b1', splat(get('beta1'))), set('c1', splat(f32.sub(f32.const(1), get('beta1'))))],
    ...[set('b2', splat(get('beta2'))), set('c2', splat(f32.sub(f32.const(1), get('beta2'))))],
    ...[set('lr', splat(get('rate'))), set('eps', splat(get('epsilon'))), set('keep', splat(get('decay')))],
    ...[set('gs', splat(get('scale'))), set('fix', splat(get('correction')))],
    set('end', i32.shl(get('count'), i32.const(2))),
    repeatWhile(
      i32.less(get('at'), get('end')),
      set('x', mul(load(element('g')), get('gs'))),
      set('first', formula.first(load(element('m')), get('x'), { beta: get('b1'), rest: get('c1') })),
      set('second', formula.second(load(element('v')), get('x'), { beta: get('b2'), rest: get('c2') })),
      store(element('m'), get('first')),
      store(element('v'), get('second')),
      store(
        element('p'),
        sub(
          mul(load(element('p')), get('keep')),
          formula.change(
            { m: get('first'), v: get('second') },
            { rate: get('lr'), correction: get('fix'), epsilon: get('eps') }
          )
        )
      ),
      set('at', i32.add(get('at'), i32.const(vectorBytes)))
    )
  )
  return define('adamw', { parameters, locals }, null, body)
}

function mixSquares(): FunctionSource {
  const parameters = { v: 'i32', g: 'i32', count: 'i32', beta: 'f32', epsilon: 'f32', scale: 'f32' } as const
  const locals = {
    end: 'i32',
    square: 'v128',
    sum: 'v128',
    old: 'v128',
    fresh: 'v128',
    eps: 'v128',
    gs: 'v128'
  } as const
  const { get, set } = bound(new Frame(parameters, locals))
  const { add, mul, splat, load, store } = f32x4
  const body = sequence(
    ...[set('old', splat(get('beta'))), set('fresh', splat(f32.sub(f32.const(1), get('beta'))))],
    ...[set('eps', splat(get('epsilon'))), set('gs', splat(get('scale')))],
    set('end', i32.add(get('v'), i32.shl(get('count'), i32.const(2)))),
    repeatWhile(
      i32.less(get('v'), get('end')),
      set('square', mul(load(get('g')), get('gs'))),
      set('square', mul(get('square'), get('square'))),
      set('sum', add(get('sum'), get('square'))),
      store(get('v'), add(mul(load(get('v')), get('old')), mul(add(get('square'), get('eps')), get('fresh')))),
      set('v', i32.add(get('v'), i32.const(vectorBytes))),
      set('g', i32.add(get('g'), i32.const(vectorBytes)))
    ),
    f32x4.sum(get('sum'))
  )
  return define('mixSquares', { parameters, locals }, 'f32', body)
}

function addSquares(): FunctionSource {
  const parameters = { columns: 'i32', g: 'i32', count: 'i32', scale: 'f32' } as const
  const locals = { end: 'i32', square: 'v128', sum: 'v128', gs: 'v128' } as const
  const { get, set } = bound(new Frame(parameters, locals))
  const { add, mul, splat, load, store } = f32x4
  const body = sequence(
    set('gs', splat(get('scale'))),
    set('end', i32.add(get('columns'), i32.shl(get('count'), i32.const(2)))),
    repeatWhile(
      i32.less(get('columns'), get('end')),
      set('square', mul(load(get('g')), get('gs'))),
      set('square', mul(get('square'), get('square'))),
      set('sum', add(get('sum'), get('square'))),
      store(get('columns'), add(load(get('columns')), get('square'))),
      set('columns', i32.add(get('columns'), i32.const(vectorBytes))),
      set('g', i32.add(get('g'), i32.const(vectorBytes)))
    ),
    f32x4.sum(get('sum'))
  )
  return define('addSquares', { parameters, locals }, 'f32', body)
}

function updateLength(): FunctionSource {
  const parameters = { g: 'i32', v: 'i32', count: 'i32', factor: 'f32' } as const
  const locals = { end: 'i32', x: 'v128', sum: 'v128', by: 'v128' } as const
  const { get, set } = bound(new Frame(parameters, locals))
  const { add, mul, div, sqrt, splat, load } = f32x4
  const body = sequence(
    set('by', splat(get('factor'))),
    set('end', i32.add(get('g'), i32.shl(get('count'), i32.const(2)))),
    repeatWhile(
      i32.less(get('g'), get('end')),
      set('x', div(mul(load(get('g')), get('by')), sqrt(load(get('v'))))),
      set('sum', add(get('sum'), mul(get('x'), get('x')))),
      set('v', i32.add(get('v'), i32.const(vectorBytes))),
      set('g', i32.add(get('g'), i32.const(vectorBytes)))
    ),
    f32x4.sum(get('sum'))
  )
  return define('updateLength', { parameters, locals }, 'f32', body)
}

function applyUpdate(): FunctionSource {
  const parameters = { p: 'i32', g: 'i32', v: 'i32', count: 'i32', factor: 'f32', decay: 'f32' } as const
  const locals = { end: 'i32', by: 'v128', keep: 'v128' } as const
  const { get, set } = bound(new Frame(parameters, locals))
  const { sub, mul, div, sqrt, splat, load, store } = f32x4
  const step = (name: 'p' | 'g' | 'v') => set(name, i32.add(get(name), i32.const(vectorBytes)))
  const body = sequence(
    ...[set('by', splat(get('factor'))), set('keep', splat(get('decay')))],
    set('end', i32.add(get('p'), i32.shl(get('count'), i32.const(2)))),
    repeatWhile(
      i32.less(get('p'), get('end')),
      store(get('p'), sub(mul(load(get('p')), get('keep')), div(mul(load(get('g')), get('by')), sqrt(load(get('v')))))),
      ...[step('p'), step('g'), step('v')]
    )
  )
  return define('applyUpdate', { parameters, locals }, null, body)
}

function define(
  name: keyof Kernels,
  {
    parameters,
    locals
  }: {
    parameters: Record<string, FunctionSource['parameters'][number]>
    locals: Record<string, FunctionSource['locals'][number]>
  },
  result: FunctionSource['result'],
  body: Code
): FunctionSource {
  return { name, parameters: Object.values(parameters), locals: Object.values(locals), result, body }
}

function bound<P extends string, L extends string>(frame: Frame<P, L>) {
  return { get: (name: P | L) => frame.get(name), set: (name: P | L, value: Code) => frame.set(name, value) }
}
