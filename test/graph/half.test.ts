import { describe, expect, it } from 'vitest'
import { GraphSession } from '../../src/main/engine/session.ts'
import { float32, floats, int64, type Tensors } from '../../src/main/engine/tensors.ts'
import { backward } from '../../src/main/gradient/index.ts'
import { encodeModel, GraphBuilder, inHalf, type Graph, type Node, type Op } from '../../src/main/graph/index.ts'
import { emitGraph } from '../../src/main/graph/emit.ts'
import { Random } from '../../src/main/random/random.ts'

const nodesOf = (graph: Graph, op: Op): Node[] => graph.nodes.filter((node) => node.op === op)
const castsTo = (graph: Graph, dtype: string): Node[] =>
  nodesOf(graph, 'Cast').filter(({ outputs }) => outputs[0]!.dtype === dtype)

/** Two layers with a norm between them, a loss behind them, and the gradients of both. */
function twoLayers(): Graph {
  const g = new GraphBuilder({ name: 'two layers' })
  const x = g.input('x', ['N', 8])
  const [w, v] = [g.weight('w', [8, 8]), g.weight('v', [8, 8])]
  const y = g.layerNorm(g.linear(x, w, g.weight('b', [8])), g.weight('scale', [8]), g.weight('shift', [8]), 1e-5)
  const z = g.add(g.linear(y, v), x)
  const { loss } = g.headLoss([z, w], g.input('labels', ['N'], 'int64'), g.input('weights', ['N']))
  const gradients = backward(g, loss, [w, v], { seed: g.input('loss_scale', []) })
  g.output('loss', loss)
  g.output('dw', gradients[0]!.dense!)
  g.output('dv', gradients[1]!.dense!)
  return g.build()
}

describe('the pass to half precision', () => {
  const graph = inHalf(twoLayers())

  it('computes every product in half precision, and everything else in fp32', () => {
    for (const node of graph.nodes) {
      const types = new Set(node.inputs.slice(0, 2).map(({ dtype }) => dtype))
      const product = node.op === 'Gemm' || node.op === 'MatMul' || node.op === 'HeadLoss'
      if (product) expect([...types], node.op).toEqual(['float16'])
      else if (node.op !== 'Cast') expect([...types], node.op).not.toContain('float16')
    }
    expect(nodesOf(graph, 'Gemm').length).toBeGreaterThan(5)
    expect(graph.outputs.map(({ value }) => value.dtype)).toEqual(['float32', 'float32', 'float32'])
    expect(nodesOf(graph, 'HeadLoss')[0]!.outputs.map(({ dtype }) => dtype)).toEqual(['float32', 'float32', 'float32'])
  })

  it('casts a value once, however many products read it', () => {
    const cast = castsTo(graph, 'float16').map(({ inputs }) => inputs[0]!.name)
    expect(cast).toContain('w')
    expect(cast).toHaveLength(new Set(cast).size)
  })

  it('keeps what is named in fp32, forward and for both gradients, and with it what is read beside it', () => {
    const exact = inHalf(twoLayers(), { exact: new Set(['v']) })
    const full = nodesOf(exact, 'Gemm').filter(({ inputs }) => inputs[0]!.dtype === 'float32')
    expect(full).toHaveLength(3)
    expect(castsTo(exact, 'float16').map(({ inputs }) => inputs[0]!.name)).not.toContain('v')
  })

  it('leaves integers and what is in half precision already as they are', () => {
    const g = new GraphBuilder({ name: 'half already' })
    const x = g.cast(g.input('x', [4, 4]), 'float16')
    g.output('y', g.cast(g.gemm(x, x), 'float32'))
    const built = g.build()
    expect(inHalf(built).nodes).toEqual(built.nodes)
  })
})

describe('long sums', () => {
  const lengths = [7, 256, 257, 768, 1000, 50_265]
  const turns = [false, true].flatMap((transA) => [false, true].map((transB) => ({ transA, transB })))
  const product = (inner: number | string, { transA, transB }: { transA: boolean; transB: boolean }): Graph => {
    const g = new GraphBuilder({ name: 'product' })
    const a = g.input('a', transA ? [inner, 3] : [3, inner])
    const b = g.input('b', transB ? [5, inner] : [inner, 5])
    g.output('y', g.gemm(a, b, g.input('bias', [5]), { transA, transB }))
    return g.build()
  }

  it.each(lengths.flatMap((length) => turns.map((turn) => ({ length, ...turn }))))(
    'of $length, turned $transA and $transB, known or not: what fp32 gives, but for rounding',
    async ({ length, ...turn }) => {
      const random = new Random(length)
      const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal())
      const feeds: Tensors = {
        a: float32(normals(3 * length), turn.transA ? [length, 3] : [3, length]),
        b: float32(normals(5 * length), turn.transB ? [5, length] : [length, 5]),
        bias: float32(normals(5), [5])
      }
      const [exact, ...halves] = await Promise.all(
        [product(length, turn), inHalf(product(length, turn)), inHalf(product('K', turn))].map((graph) =>
          computed(graph, feeds)
        )
      )
      for (const half of halves) expect(relative(half, exact!)).toBeLessThan(2e-3)
    }
  )

  it('are cut into blocks of 256 terms, and into 32 blocks at most', () => {
    const cuts = (inner: number | string): number => {
      const { nodes } = emitGraph(inHalf(product(inner, { transA: false, transB: false })), 'gpu')
      return nodes.filter(({ type }) => type === 'ReduceSum').length
    }
    expect([256, 257, 'K'].map(cuts)).toEqual([0, 1, 1])
    const blocks = (inner: number): number => {
      const { nodes, constants } = emitGraph(inHalf(product(inner, { transA: false, transB: false })), 'gpu')
      const shape = nodes.filter(({ type }) => type === 'Concat').at(-1)!.inputs[0]!
      return Number(constants.find(({ name }) => name === shape)!.data[0])
    }
    expect([257, 768, 769, 50_265].map(blocks)).toEqual([2, 3, 4, 32])
  })

  it('of several products of one matrix cut it once', () => {
    const g = new GraphBuilder({ name: 'shared' })
    const x = g.input('x', ['N', 768])
    for (const name of ['q', 'k', 'v']) g.output(name, g.linear(x, g.weight(`${name}.weight`, [4, 768])))
    const { nodes } = emitGraph(inHalf(g.build()), 'gpu')
    // The matrix and three weights.
    expect(nodes.filter(({ type }) => type === 'Reshape')).toHaveLength(4)
  })
})

it('a whole step in half precision gives the loss and the gradients of fp32, times the scale of the loss', async () => {
  const random = new Random(1)
  const normals = (...dims: number[]) =>
    float32(
      Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => random.normal()),
      dims
    )
  const ones = (count: number) => float32(new Float32Array(count).fill(1), [count])
  const rows = 300
  const feeds = {
    ...{ x: normals(rows, 8), w: normals(8, 8), v: normals(8, 8), b: normals(8), scale: ones(8), shift: normals(8) },
    labels: int64(
      Array.from({ length: rows }, (_, at) => at % 8),
      [rows]
    ),
    weights: float32(new Float32Array(rows).fill(1 / rows), [rows])
  }
  const scaled = (scale: number): Tensors => ({ ...feeds, loss_scale: float32(Float32Array.of(scale), []) })
  const graph = twoLayers()
  for (const name of ['loss', 'dw', 'dv']) {
    const exact = await computed(graph, scaled(1), name)
    const half = await computed(inHalf(graph), scaled(1024), name)
    const own = name === 'loss' ? half : half.map((value) => value / 1024)
    expect(relative(own, exact), name).toBeLessThan(2e-3)
  }
})

it('half precision is written as ONNX for devices and for the processor', () => {
  for (const target of ['cpu', 'gpu'] as const)
    expect(encodeModel(inHalf(twoLayers()), { target }).bytes.length).toBeGreaterThan(0)
})

async function computed(graph: Graph, feeds: Tensors, name = 'y'): Promise<Float32Array> {
  const session = await GraphSession.create(graph, { provider: 'cpu', threads: 1 })
  try {
    const read = new Set(graph.inputs.map(({ value }) => value.name))
    const results = await session.run(Object.fromEntries(Object.entries(feeds).filter(([input]) => read.has(input))))
    return Float32Array.from(floats(results[name]!))
  } finally {
    await session.release()
  }
}

/** Length of the difference, relative to the second's. */
function relative(one: Float32Array, other: Float32Array): number {
  const length = (values: Float32Array) => Math.hypot(...values)
  return length(one.map((value, at) => value - other[at]!)) / length(other)
}
