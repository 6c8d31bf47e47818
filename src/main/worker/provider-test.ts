import { messageOf } from '../contract/error.ts'
import { selfTest, selfTestFlops, tolerance } from '../engine/providers.ts'
import { defineJob } from './job.ts'

/** Loads and runs a small graph on one provider: does it work here, and how fast is it. */
export const job = defineJob({
  kind: 'provider-test',
  async run({ input: { provider } }) {
    const start = performance.now()
    try {
      const { error, milliseconds } = await selfTest(provider)
      const works = error <= tolerance
      const reason = works ? null : `its results differ from the processor's by ${error.toExponential(1)}`
      return { works, reason, gflops: selfTestFlops / milliseconds / 1e6, milliseconds }
    } catch (thrown) {
      const reason = essence(messageOf(thrown))
      return { works: false, reason, gflops: null, milliseconds: performance.now() - start }
    }
  }
})

/** ONNX Runtime begins with places in its source; the sentence at the end is for people. */
function essence(message: string): string {
  const failed = /Failed to [^\n]+/.exec(message)?.[0]
  return (failed ?? message.split('\n')[0]!).trim().slice(0, 200)
}
