/** Products in half precision: whether this device offers them, and what they gain. */
import { messageOf } from '../../src/main/contract/error.ts'
import { testHalf } from '../../src/main/engine/half-test.ts'
import { GraphSession } from '../../src/main/engine/session.ts'
import { float32, floats } from '../../src/main/engine/tensors.ts'
import { GraphBuilder } from '../../src/main/graph/index.ts'
import { Random } from '../../src/main/random/random.ts'
import { sized } from '../size.ts'
import { plain, type BenchResult } from '../suite.ts'
import { missing } from './rows.ts'

const size = sized(2048, 64)
/** In a row, so that copies to the device and back count for little. */
const products = 8

export async function benchHalf(report: (row: BenchResult) => void): Promise<void> {
  const what = 'products in half precision, WebGPU'
  const why = await withoutHalf()
  if (why !== null) return report(missing(what, 'not measured', why))
  const [full, half] = [await timed('float32'), await timed('float16')]
  const flops = products * 2 * size ** 3
  let [difference, largest] = [0, 0]
  full.values.forEach((value, at) => {
    difference = Math.max(difference, Math.abs(value - half.values[at]!))
    largest = Math.max(largest, Math.abs(value))
  })
  const error = `off by ${(difference / largest).toExponential(1)} of the largest; in fp32 ${(flops / full.milliseconds / 1e6).toPrecision(3)} GFLOP/s`
  report(plain(what, flops / half.milliseconds / 1e6, 'GFLOP/s', error))
}

/** Why this device does not train in half precision; null where it does. */
export async function withoutHalf(): Promise<string | null> {
  try {
    await testHalf('webgpu')
    return null
  } catch (thrown) {
    return /requires f16[^.\n]*/.exec(messageOf(thrown))?.[0] ?? messageOf(thrown).slice(0, 200)
  }
}

interface Timed {
  values: Float32Array
  milliseconds: number
}

async function timed(dtype: 'float32' | 'float16'): Promise<Timed> {
  const g = new GraphBuilder({ name: `products in ${dtype}` })
  const w = g.cast(g.input('w', [size, size]), dtype)
  let x = g.cast(g.input('x', [size, size]), dtype)
  for (let at = 0; at < products; at++) x = g.gemm(x, w)
  g.output('y', g.cast(x, 'float32'))
  const session = await GraphSession.create(g.build(), { provider: 'webgpu' })
  try {
    const random = new Random(7)
    const normals = (scale: number) =>
      float32(
        Float32Array.from({ length: size * size }, () => scale * random.normal()),
        [size, size]
      )
    const feeds = { x: normals(1), w: normals(1 / Math.sqrt(size)) }
    let best: Timed = { values: new Float32Array(0), milliseconds: Infinity }
    // The first run compiles.
    for (let run = 0; run < 4; run++) {
      const start = performance.now()
      const { y } = await session.run(feeds)
      const milliseconds = performance.now() - start
      if (run > 0 && milliseconds < best.milliseconds) best = { values: floats(y!), milliseconds }
    }
    return best
  } finally {
    await session.release()
  }
}
