/** Loops that keep a trained weight in 8 bits beside itself, for the fast precision. */
import {
  bytes,
  f32,
  f32x4,
  Frame,
  i32,
  i32x4,
  repeatWhile,
  sequence,
  type Code,
  type FunctionSource,
  type NumberType
} from './assembler.ts'

/** Rows and columns that there have to be. */
export const leastRounded = 16

/** Numbers a turn. The last turn of a row begins so early that it ends with it: what it does twice is the same twice. */
const group = leastRounded

/** Added to a float of at most 2²², it leaves the nearest integer in the lowest bits. */
const toInteger = 1.5 * 2 ** 23

/** Below this a row counts as zeros: nothing is divided by 0. */
const least = 1e-30

export function rounding(): FunctionSource[] {
  return [roundRows(), turnRows()]
}

function roundRows(): FunctionSource {
  const parameters = { p: 'i32', q: 'i32', s: 'i32', rows: 'i32', width: 'i32' } as const
  const locals = {
    ...({ at: 'i32', last: 'i32', from: 'i32', scale: 'f32' } as const),
    ...({ size: 'v128', largest: 'v128', factor: 'v128', shift: 'v128' } as const)
  } as const
  const frame = new Frame(parameters, locals)
  const get = (name: keyof typeof parameters | keyof typeof locals) => frame.get(name)
  const set = (name: keyof typeof parameters | keyof typeof locals, value: Code) => frame.set(name, value)
  const { add, mul, splat, load, store, lane } = f32x4
  const place = i32.min(get('at'), get('last'))
  const quarters = [0, 16, 32, 48]
  const overRow = (...body: readonly Code[]): Code =>
    sequence(
      set('at', i32.const(0)),
      repeatWhile(
        i32.less(get('at'), get('width')),
        set('from', i32.add(get('p'), i32.shl(place, i32.const(2)))),
        ...body,
        set('at', i32.add(get('at'), i32.const(group)))
      )
    )
  // Sizes of floats order like their bits, and what is no number comes out as the largest.
  const largest = [0, 1, 2, 3].map((index) => lane(get('largest'), index)).reduce((a, b) => f32.max(a, b))
  const rounded = (offset: number): Code => add(mul(load(get('from'), offset), get('factor')), get('shift'))
  const low = [0, 4, 8, 12, 16, 20, 24, 28]
  const halves = quarters.map(rounded)
  const four = bytes.shuffle(
    bytes.shuffle(halves[0]!, halves[1]!, [...low, ...low]),
    bytes.shuffle(halves[2]!, halves[3]!, [...low, ...low]),
    [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
  )
  const body = sequence(
    set('size', i32x4.splat(i32.const(0x7fffffff))),
    set('shift', splat(f32.const(toInteger))),
    set('last', i32.sub(get('width'), i32.const(group))),
    repeatWhile(
      i32.less(i32.const(0), get('rows')),
      set('largest', f32x4.zero()),
      overRow(
        ...quarters.map((offset) =>
          set('largest', i32x4.max(get('largest'), bytes.and(load(get('from'), offset), get('size'))))
        )
      ),
      set('scale', f32.mul(f32.max(largest, f32.const(least)), f32.const(1 / 127))),
      f32.store(get('s'), get('scale')),
      set('factor', splat(f32.div(f32.const(1), get('scale')))),
      overRow(store(i32.add(get('q'), place), four)),
      set('p', i32.add(get('p'), i32.shl(get('width'), i32.const(2)))),
      set('q', i32.add(get('q'), get('width'))),
      set('s', i32.add(get('s'), i32.const(4))),
      set('rows', i32.sub(get('rows'), i32.const(1)))
    )
  )
  return {
    ...{ name: 'roundRows', parameters: Object.values(parameters), locals: Object.values(locals) },
    ...{ result: null, body }
  }
}

function turnRows(): FunctionSource {
  const parameters = { q: 'i32', t: 'i32', rows: 'i32', width: 'i32', stride: 'i32' } as const
  const numbers = { row: 'i32', column: 'i32', r: 'i32', c: 'i32', at: 'i32' } as const
  const names = Array.from({ length: group }, (_, index) => index)
  const vectors = names.flatMap((index) => [[`x${index}`, 'v128'] as const, [`y${index}`, 'v128'] as const])
  const locals: Record<string, NumberType> = { ...numbers, ...Object.fromEntries(vectors) }
  const frame = new Frame<string, string>(parameters, locals)
  const get = (name: string) => frame.get(name)
  const set = (name: string, value: Code) => frame.set(name, value)
  const step = (name: 'row' | 'column'): Code => set(name, i32.add(get(name), i32.const(group)))
  const pairs = [0, 1, 2, 3, 4, 5, 6, 7]
  const interleave = (offset: number) => pairs.flatMap((index) => [index + offset, index + offset + group])
  // To interleave the first half of the rows with the second moves one bit from the number of the row to that of the column; four times all.
  const stage = (from: 'x' | 'y', to: 'x' | 'y'): Code =>
    sequence(
      ...pairs.flatMap((index) =>
        [0, 1].map((half) =>
          set(
            `${to}${2 * index + half}`,
            bytes.shuffle(get(`${from}${index}`), get(`${from}${index + 8}`), interleave(8 * half))
          )
        )
      )
    )
  const body = sequence(
    repeatWhile(
      i32.less(get('row'), get('rows')),
      set('r', i32.min(get('row'), i32.sub(get('rows'), i32.const(group)))),
      set('column', i32.const(0)),
      repeatWhile(
        i32.less(get('column'), get('width')),
        set('c', i32.min(get('column'), i32.sub(get('width'), i32.const(group)))),
        set('at', i32.add(get('q'), i32.add(i32.mul(get('r'), get('width')), get('c')))),
        ...names.flatMap((index) => [
          set(`x${index}`, f32x4.load(get('at'))),
          set('at', i32.add(get('at'), get('width')))
        ]),
        ...[stage('x', 'y'), stage('y', 'x'), stage('x', 'y'), stage('y', 'x')],
        set('at', i32.add(get('t'), i32.add(i32.mul(get('c'), get('stride')), get('r')))),
        ...names.flatMap((index) => [
          f32x4.store(get('at'), get(`x${index}`)),
          set('at', i32.add(get('at'), get('stride')))
        ]),
        step('column')
      ),
      step('row')
    )
  )
  return {
    ...{ name: 'turnRows', parameters: Object.values(parameters), locals: Object.values(locals) },
    ...{ result: null, body }
  }
}
