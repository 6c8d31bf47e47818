/** Prints how far products in half precision are off, by the number of terms: as the lab writes them, and as the runtime's kernels add up. */
import { GraphSession } from '../../../src/main/engine/session.ts'
import { float32, floats } from '../../../src/main/engine/tensors.ts'
import { GraphBuilder, inHalf, type Graph } from '../../../src/main/graph/index.ts'
import { Random } from '../../../src/main/random/random.ts'

export interface ProductErrors {
  terms: number
  /** All terms of a sum have one sign. */
  positive: boolean
  /** Length of the difference from exact products, relative to theirs. */
  lab: number
  kernel: number
  /** What the rounding of inputs and results alone would be. */
  rounding: number
}

const rows = 64

async function errors(terms: number, positive: boolean): Promise<ProductErrors> {
  const random = new Random(3)
  const drawn = (scale: number): Float32Array =>
    Float32Array.from({ length: rows * terms }, () => {
      const value = random.normal() * scale
      return positive ? Math.abs(value) : value
    })
  const [a, b] = [drawn(1), drawn(1 / Math.sqrt(terms))]
  const g = (name: string) => new GraphBuilder({ name })
  const inputs = (builder: GraphBuilder) =>
    [builder.input('a', [rows, terms]), builder.input('b', [rows, terms])] as const
  const lab = g('lab')
  const [x, y] = inputs(lab)
  lab.output('y', lab.gemm(x, y, undefined, { transB: true }))
  const kernel = g('kernel')
  const [v, w] = inputs(kernel).map((value) => kernel.cast(value, 'float16'))
  kernel.output('y', kernel.cast(kernel.matMul(v!, w!, { transB: true }), 'float32'))
  const exact = products(a, b, (value) => value)
  const off = (values: Float32Array): number => {
    const difference = Math.hypot(...values.map((value, at) => value - exact[at]!))
    return difference / Math.hypot(...exact)
  }
  const computed = async (graph: Graph): Promise<number> => {
    const session = await GraphSession.create(graph, { provider: 'webgpu' })
    const results = await session.run({ a: float32(a, [rows, terms]), b: float32(b, [rows, terms]) })
    await session.release()
    return off(floats(results['y']!))
  }
  const rounding = off(products(a, b, Math.f16round).map(Math.f16round))
  return { terms, positive, lab: await computed(inHalf(lab.build())), kernel: await computed(kernel.build()), rounding }
}

function products(a: Float32Array, b: Float32Array, of: (value: number) => number): Float32Array {
  const terms = a.length / rows
  return Float32Array.from({ length: rows * rows }, (_, at) => {
    const [row, column] = [Math.floor(at / rows), at % rows]
    let sum = 0
    for (let term = 0; term < terms; term++) sum += of(a[row * terms + term]!) * of(b[column * terms + term]!)
    return sum
  })
}

const found: ProductErrors[] = []
for (const positive of [false, true]) for (const terms of [768, 3072, 4096]) found.push(await errors(terms, positive))
process.stdout.write(JSON.stringify(found), () => process.exit(0))
